"""Every way in which a source is printed: a name, and the file it gives."""

from __future__ import annotations

from collections.abc import Callable

from policies.tests.reading.corpus import office, paper, plain, word
from policies.tests.reading.corpus.markup import Policy

_PRINTERS: dict[str, tuple[str, tuple[Callable[[list[Policy]], bytes], ...]]] = {
    "text": ("txt", (plain.typed, plain.wrapped, plain.from_word, plain.copied, plain.wiki)),
    "word": (
        "docx",
        (
            word.typed,
            word.automatic,
            word.weight,
            word.covered,
            word.framed,
            office.headed,
            office.multilevel,
            office.annotated,
        ),
    ),
    "pdf": ("pdf", (paper.plain, paper.running, paper.columns, paper.bold, paper.cover, paper.narrow)),
}


def _named(
    printer: Callable[[list[Policy]], bytes], ending: str
) -> Callable[[list[Policy]], tuple[bytes, str]]:
    return lambda policies: (printer(policies), f"policy.{ending}")


LAYOUTS = {
    f"{kind} {printer.__name__.replace('_', ' ')}": _named(printer, ending)
    for kind, (ending, printers) in _PRINTERS.items()
    for printer in printers
}
