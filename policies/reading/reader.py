"""A file to a structured document: judge it, read its lines, find its policies, and what each of them says."""

from dataclasses import replace

from policies.reading import references, sentences
from policies.reading.contents import Entry, take_out
from policies.reading.document import Document, Reading
from policies.reading.docx import read_docx
from policies.reading.guidance import find_guidance
from policies.reading.header import Header, from_running, read_header, starts, without_setting
from policies.reading.headings import Headings
from policies.reading.intake import DOCX, PDF, kind_of_file
from policies.reading.items import Item, items_of
from policies.reading.keydetails import Found, take
from policies.reading.limits import SCANNED, UnreadableFile, check_length
from policies.reading.line import Line, one_line
from policies.reading.ours import is_ours, read_ours
from policies.reading.package import open_word
from policies.reading.pdf import read_pdf
from policies.reading.sections import build, with_gone
from policies.reading.setting import setting_in
from policies.reading.text import decode, empty_links, read_text


def read_policy(data: bytes, filename: str) -> Reading:
    """Read a Word, PDF or text file; raises UnreadableFile with a sentence for the person who sent it.

    What the file is, is judged by its content. The name helps to say what is wrong, and text whose name promises a
    Word file or a PDF is refused.
    """
    kind = kind_of_file(data, filename)
    parts = open_word(data) if kind == DOCX else None
    if parts and is_ours(parts):
        return Reading([read_ours(parts)], _printed(read_docx(parts)))
    lines = read_docx(parts) if parts else read_pdf(data) if kind == PDF else read_text(data)
    check_length(len(lines), sum(len(line.text) for line in lines))
    if not any(character.isalpha() for line in lines if not line.running for character in line.text):
        raise UnreadableFile("The file holds no text. Upload the policy as Word (.docx), PDF or plain text.")
    empty = empty_links(decode(data)) if kind not in (DOCX, PDF) else ()
    return Reading([_with_links(document, empty) for document in read_lines(lines)], _printed(lines))


def _printed(lines: list[Line]) -> tuple[str, ...]:
    return tuple(
        " ".join(
            filter(
                None, ("\u2022" if line.bullet and not line.label else "", line.label, one_line(line.text))
            )
        )
        for line in lines
        if not line.running
    )


def _with_links(document: Document, empty: tuple[str, ...]) -> Document:
    """The document with those links that lead nowhere whose words stand in it."""
    texts = [clause.text for section in document.sections for clause in section.clauses]
    return replace(
        document, empty_links=tuple(words for words in empty if any(words in text for text in texts))
    )


def read_lines(lines: list[Line]) -> list[Document]:
    """The policies that the lines hold."""
    heads = items_of([line for line in lines if line.running])
    lines, entries = take_out([line for line in lines if not line.running])
    items = items_of(lines)
    headings = Headings(items)
    begins = starts(items, headings)
    ends = [*begins[1:], len(items)]
    documents = []
    headers = [read_header(items, headings, begin, end) for begin, end in zip(begins, ends, strict=True)]
    _from_heads(headers, heads)
    for header, begin, end in zip(headers, begins, ends, strict=True):
        own = entries if begin == 0 else []
        documents.append(_document(items, headings, header, (begin, end), own))
    return [document for document in documents if document.sections or document.title]


def _from_heads(headers: list[Header], heads: list[Item]) -> None:
    """What the first policy does not say of itself, from the heads of the pages that belong to no other."""
    title, setting = from_running(heads, {header.title.casefold() for header in headers})
    headers[0].title, headers[0].setting = headers[0].title or title, headers[0].setting or setting


def _document(
    items: list[Item], headings: Headings, header: Header, span: tuple[int, int], entries: list[Entry]
) -> Document:
    found = Found(setting=header.setting)
    take((item.line for item in header.key_lines), found)
    take((item.line for item in items[header.end : span[1]]), found)
    preamble = without_setting(header.preamble, found.setting)
    sections = with_gone(build(items, headings, header.end, span[1], preamble), entries)
    texts = [clause.text[:SCANNED] for section in sections for clause in section.clauses]
    if header.written:
        found.dates.setdefault("written", header.written)
    sentences.complete([*(section.heading for section in sections), *texts], found)
    return Document(
        title=header.title,
        setting=found.setting or setting_in(texts),
        key_details=found.details(),
        sections=tuple(sections),
        linked_policies=references.linked_policies(sections, header.title),
        guidance=find_guidance(sections),
        scope=references.scope_of(texts),
        template=references.template_of(texts),
        licence=references.licence_of(texts),
    )
