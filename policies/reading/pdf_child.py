"""Runs alone in a limited child process: a PDF on standard input, its printed pieces as JSON on standard output.

It imports nothing of the project, so that a file that breaks the PDF library breaks only this process.
"""

import ctypes
import json
import resource
import sys
from bisect import bisect_left

import pypdfium2
import pypdfium2.raw as pdfium

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10
MOST_OBJECTS = 20_000
MOST_RULES = 12_000
_GENERATED = {"\r", "\n"}
_BOLD = 600


def main() -> int:
    """Read standard input with the limits set; arguments: most pages, most characters."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    most_pages, most_characters = int(sys.argv[1]), int(sys.argv[2])
    json.dump(_read(sys.stdin.buffer.read(), most_pages, most_characters), sys.stdout)
    return 0


def _read(data: bytes, most_pages: int, most_characters: int) -> dict:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"refused": "encrypted" if "assword" in str(error) or "ecurity" in str(error) else "damaged"}
    if len(document) > most_pages:
        return {"refused": "pages"}
    pages, characters, images, left = [], 0, 0, MOST_RULES
    for index in range(len(document)):
        page = document[index]
        rules = _rules(page, left)
        left -= len(rules)
        pieces, count, pictured = _page(page, rules)
        characters += count
        images += pictured
        if characters > most_characters:
            return {"refused": "length"}
        pages.append(
            {"width": page.get_width(), "height": page.get_height(), "pieces": pieces, "rules": rules}
        )
        page.close()
    return {"pages": pages, "images": images}


def _rules(page: pypdfium2.PdfPage, most: int) -> list:
    """The boxes of drawn lines and rectangles: [left, bottom, right, top], of which tables are made."""
    edges = [ctypes.c_float() for _ in range(4)]
    rules: dict[tuple, None] = {}
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MOST_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_PATH and len(rules) < most:
            pdfium.FPDFPageObj_GetBounds(item, *(ctypes.byref(edge) for edge in edges))
            rules[tuple(round(edge.value, 1) for edge in edges)] = None
    return [list(rule) for rule in rules]


def _page(page: pypdfium2.PdfPage, rules: list) -> tuple[list, int, int]:
    text = page.get_textpage()
    count = text.count_chars()
    pictured = 0
    if count < 20:
        pictured = sum(1 for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    pieces = _pieces(text.raw, count, _borders(rules))
    text.close()
    return pieces, count, pictured


def _borders(rules: list) -> list:
    """The upright edges of cells by their place: (across, bottom, top)."""
    upright = [rule for rule in rules if rule[3] - rule[1] > 8]
    return sorted({(edge, rule[1], rule[3]) for rule in upright for edge in (rule[0], rule[2])})


def _crosses(borders: list, run: list, left: float) -> bool:
    """Whether an edge of a cell stands between the run and the next letter."""
    place = bisect_left(borders, (run[2] - 0.5, 0, 0))
    while place < len(borders) and borders[place][0] <= left + 0.5:
        if borders[place][1] <= run[5] <= borders[place][2]:
            return True
        place += 1
    return False


def _pieces(text: ctypes.c_void_p, count: int, borders: list) -> list:
    """Runs of characters of one line: [text, left, right, bottom, top, baseline, size, bold]; no run crosses a border."""
    left, right, bottom, top, across, baseline = (ctypes.c_double() for _ in range(6))
    box = [ctypes.byref(edge) for edge in (left, right, bottom, top)]
    origin = ctypes.byref(across), ctypes.byref(baseline)
    pieces: list = []
    run: list | None = None
    for index in range(count):
        letter = _letter(pdfium.FPDFText_GetUnicode(text, index))
        if letter in _GENERATED:
            run = None
            continue
        if run and run[7] and not letter.isspace() and pdfium.FPDFText_GetFontWeight(text, index) < _BOLD:
            run[7] = _is_bold(text, index)
        if letter.isspace() or not letter:
            if run and letter and not run[0].endswith(" "):
                run[0] += " "
            continue
        pdfium.FPDFText_GetCharBox(text, index, *box)
        if (
            run is None
            or _breaks(run, left.value, bottom.value, top.value)
            or _crosses(borders, run, left.value)
        ):
            pdfium.FPDFText_GetCharOrigin(text, index, *origin)
            face = [baseline.value, _size(text, index), _is_bold(text, index)]
            run = ["", left.value, right.value, bottom.value, top.value, *face]
            pieces.append(run)
        run[0] += letter
        run[2] = max(run[2], right.value)
        run[3], run[4] = min(run[3], bottom.value), max(run[4], top.value)
    return pieces


def _letter(code: int) -> str:
    if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return ""
    return "-" if code == 2 else chr(code)


def _breaks(run: list, left: float, bottom: float, top: float) -> bool:
    """A wide gap, a step back or another line begins a new piece."""
    gap, size = left - run[2], max(run[6], 4)
    return gap > 1.5 * size or gap < -2 * size or bottom > run[4] or top < run[3]


def _size(text: ctypes.c_void_p, index: int) -> float:
    """The size in points as printed: the nominal one times the scale of the text matrix."""
    matrix = pdfium.FS_MATRIX()
    nominal = pdfium.FPDFText_GetFontSize(text, index)
    if not pdfium.FPDFText_GetMatrix(text, index, ctypes.byref(matrix)):
        return nominal
    return nominal * (matrix.b**2 + matrix.d**2) ** 0.5


def _is_bold(text: ctypes.c_void_p, index: int) -> bool:
    if pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD:
        return True
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text, index, name, 128, ctypes.byref(flags))
    return b"bold" in name.value.lower() or b"heavy" in name.value.lower()


if __name__ == "__main__":
    sys.exit(main())
