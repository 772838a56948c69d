"""The head of a policy: title, setting and key details, and where one policy of a file ends and the next begins."""

import re
from dataclasses import dataclass, field

from policies.reading import labels
from policies.reading.dates import find_date, is_date_only
from policies.reading.headings import Headings, names_several
from policies.reading.items import Item
from policies.reading.keydetails import is_key_line, kind_of, pairs_in

TITLE_WORD = re.compile(
    r"\b(?:polic(?:y|ies)|procedures?|guidance|statement|agreement|code of conduct|protocol|handbook|strategy)\b",
    re.IGNORECASE,
)
_SCHOOL = r"(?:[Ss]chools?|Academy|Academies|College|Nursery|Nurseries|Pre-?[Ss]chool|Playgroup|Kindergarten|Federation|(?:Children['\u2019]s |Early Years |Learning )?Centre|Trust|SCHOOL|ACADEMY|COLLEGE|NURSERY)"
_SETTING = re.compile(
    rf"^(?:[\w.'\u2019&,()-]+ ){{1,9}}?{_SCHOOL}(?:(?:,? and |,? & |, | )[A-Z][\w.'\u2019& -]{{2,40}})?(?: Limited| Ltd\.?)?(?: \([^()]{{1,40}}\))?$"
)
_SETTING_AND_TITLE = re.compile(
    rf"^(?P<setting>(?:[\w.'\u2019&-]+ ){{1,7}}?{_SCHOOL})(?: Limited| Ltd| Trust| Federation)?(?:['\u2019]s?)?\s*[-\u2013—:|]?\s+(?P<title>[A-Z(].*)$"
)
_NO_SETTING = re.compile(
    r"^(?:whole|our|this|the school|after|before|home|high|all|in|out|safer?|online|remote|extended)\b",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"^(?:statement|polic(?:y|ies)|procedures?|guidance|agreement)$|^(?:this|the purpose|these|please|using|we|contents|appendix|annex)\b|[.;:!?]$|^links? (?:to|with)\b"
    r"|^(?:policy|mission|vision|general|opening) (?:statement|aims?|objectives?|scope|principles|review|monitoring|summary)"
    r"|^statement of intent|^(?:other|related|linked|associated|relevant|key|useful)\b.*\b(?:polic|guidance|procedures|documents)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(?:policy|introduction|aims?|purpose|rationale|scope|overview|background|context|statement|vision|mission|key|our|legal|legislation|definitions?|objectives?|principles)\b",
    re.IGNORECASE,
)
_BLOCK = re.compile(
    r"^(?:key (?:details|information|contacts|people|dates)|(?:document|version|policy|review) (?:control|details|history|information|summary|record)|review and approval|approval(?:s)?)$",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"\bpage\b|\bversion\b|^v ?\d|^policies\b|\bpolicies and procedures$|confidential|www\.|@|\d{4}|^draft\b",
    re.IGNORECASE,
)
_MAX_TITLE_WORDS = 16
_LOOK_AHEAD = 16
_MANY = 3
_MAX_VALUE, _MAX_LABEL_WORDS = 120, 6
_TWO = 2
_FIRST = ((1,), (1, 0), (1, 1))


@dataclass
class Header:
    """The head of one policy; `preamble` is what stands there beside title and key details."""

    title: str = ""
    setting: str = ""
    written: str | None = None
    key_lines: list[Item] = field(default_factory=list)
    preamble: list[Item] = field(default_factory=list)
    end: int = 0


def is_title(item: Item) -> bool:
    """Whether the item reads like the title of a policy."""
    text = item.text
    if (
        not item.plain
        or len(text.split()) > _MAX_TITLE_WORDS
        or is_key_line(item.line)
        or names_several(text)
    ):
        return False
    return item.line.title or (
        bool(TITLE_WORD.search(text)) and not _NO_TITLE.search(text) and not text[:1].islower()
    )


def is_setting(item: Item) -> bool:
    """Whether the item reads like the name of a school or setting."""
    text = item.text
    if not item.plain or len(text) > 90 or is_key_line(item.line) or TITLE_WORD.search(text):
        return False
    return bool(_SETTING.match(text)) and not _NO_SETTING.match(text)


def starts(items: list[Item], headings: Headings) -> list[int]:
    """Where each policy of the file begins: a title with key details below, after the sections of another."""
    found = [0]
    numbered = others = 0
    for index, item in enumerate(items):
        if (
            index
            and (numbered or others >= _MANY)
            and is_title(item)
            and (_opens(index, items) or _restarts(index, items, numbered))
        ):
            found.append(index - 1 if is_setting(items[index - 1]) else index)
            numbered = others = 0
        elif headings.levels[index]:
            numbered += bool(labels.numbers(item.label))
            others += 1
    return found


def _opens(index: int, items: list[Item]) -> bool:
    """Key details follow, before the next numbered heading or the end."""
    for item in items[index + 1 : index + _LOOK_AHEAD]:
        if item.label:
            return False
        if any(
            kind_of(label) not in ("", "other", "date", "setting") and value
            for label, value in pairs_in(item.line)
        ):
            return True
    return False


def _restarts(index: int, items: list[Item], numbered: int) -> bool:
    """A title in the style of titles; where sections are numbered, the numbers begin again below it."""
    if not (items[index].line.title or items[index].line.heading == 1):
        return False
    below = (labels.numbers(item.label) for item in items[index + 1 :])
    first = next((numbers for numbers in below if numbers), ())
    return first in _FIRST if numbered >= _TWO else items[index].line.title


def read_header(items: list[Item], headings: Headings, start: int, stop: int) -> Header:
    """The head of the policy that begins at `start`."""
    header = Header(end=stop)
    if not any(headings.levels[start:stop]):
        stop = start + _first_clause(items[start:stop])
        header.end = stop
    for index in range(start, stop):
        item = items[index]
        if _take(item, header) or _is_block(items, index, stop):
            continue
        if (header.title or header.key_lines) and _is_other_detail(items, index, stop):
            header.key_lines.append(item)
            continue
        if not header.title and (_stands_for_title(index, items, headings, stop) or _is_on_top(item, header)):
            header.title = item.text
        elif (headings.levels[index] and not _stands_above_title(index, items, header)) or item.label:
            header.end = index
            break
        else:
            header.preamble.append(item)
    return header


def _stands_above_title(index: int, items: list[Item], header: Header) -> bool:
    """A line on top of the title, such as the name of a school that does not say that it is one."""
    return (
        not (header.title or header.key_lines)
        and index + 1 < len(items)
        and items[index].plain
        and is_title(items[index + 1])
    )


def _is_other_detail(items: list[Item], index: int, stop: int) -> bool:
    """A detail under a name that nobody has met yet, beside one whose name is known."""
    item = items[index]
    pairs = pairs_in(item.line) if item.plain else [(cell, "") for cell in item.line.cells[:1]]
    if (
        item.label
        or not pairs
        or any(len(value) > _MAX_VALUE for _, value in pairs)
        or len(item.line.cells) % 2
    ):
        return False
    if len(pairs[0][0].split()) > _MAX_LABEL_WORDS:
        return False
    return (index + 1 < stop and is_key_line(items[index + 1].line)) or is_key_line(items[index - 1].line)


def _is_on_top(item: Item, header: Header) -> bool:
    """The first line of all, or the first below the name of the school, where it is short and says no commonplace."""
    first = not (header.key_lines or header.preamble or header.written)
    short = len(item.text.split()) <= _MAX_TITLE_WORDS and len(item.text) <= 90
    return first and item.plain and short and not (_GENERIC.match(item.text) or _NO_TITLE.search(item.text))


def _stands_for_title(index: int, items: list[Item], headings: Headings, stop: int) -> bool:
    """A heading without the word policy, above the key details or above every other heading."""
    item = items[index]
    if not headings.levels[index] or not item.plain or index + 1 >= stop:
        return False
    after = items[index + 1]
    if is_key_line(after.line) or is_date_only(after.text) or is_setting(after):
        return True
    if _GENERIC.match(item.text):
        return False
    if headings.levels[index + 1] and _GENERIC.match(after.text):
        return True
    others = [items[place].line.heading for place in range(index + 1, stop) if headings.levels[place]]
    return bool(item.line.heading) and bool(others) and min(others) > item.line.heading


def _first_clause(items: list[Item]) -> int:
    """Where the text begins in a policy without headings."""
    return next(
        (index for index, item in enumerate(items) if item.label or item.line.bullet or len(item.text) > 120),
        0,
    )


def _take(item: Item, header: Header) -> bool:
    """Note a line of the head; False when it is none."""
    if is_key_line(item.line):
        header.key_lines.append(item)
    elif is_date_only(item.text) and not item.label:
        header.written = header.written or find_date(item.text)
    elif is_setting(item):
        if not header.setting or "Trust" in header.setting:
            header.setting = item.text
    elif is_title(item):
        return _take_title(item, header)
    else:
        return False
    return True


def _is_block(items: list[Item], index: int, stop: int) -> bool:
    """A heading over nothing but key details."""
    below = items[index + 1].line if index + 1 < stop else None
    return bool(_BLOCK.match(items[index].text.strip(" :"))) and below is not None and is_key_line(below)


def _take_title(item: Item, header: Header) -> bool:
    setting, title = split_setting(item.text)
    if not header.title or (TITLE_WORD.search(title) and not TITLE_WORD.search(header.title)):
        header.title, header.setting = title, header.setting or setting
        return True
    header.setting = header.setting or setting
    return _same(title, header.title)


def from_running(heads: list[Item], known: set[str]) -> tuple[str, str]:
    """The title and the setting that only the heads of the pages print; "" for what they do not say for sure."""
    setting = next((head.text for head in heads if is_setting(head)), "")
    others = [
        head
        for head in heads
        if head.text.casefold() not in {setting.casefold(), *known} and not _RUNS.search(head.text)
    ]
    titles = [head.text for head in others if is_title(head)] or [
        head.text for head in others if _names_a_subject(head)
    ]
    if len({title.casefold() for title in titles}) != 1:
        return "", setting
    before, title = split_setting(titles[0])
    return title, setting or before


def _names_a_subject(head: Item) -> bool:
    words = head.text.split()
    return (
        head.plain and len(words) <= _MAX_TITLE_WORDS and words[0][:1].isupper() and not find_date(head.text)
    )


def without_setting(preamble: list[Item], setting: str) -> list[Item]:
    """The preamble without lines that only name the school: they are the head of the document, not its text."""
    return [item for item in preamble if not (item.plain and _names(item.text, setting))]


def _names(text: str, setting: str) -> bool:
    return _same(text, setting) or _same(text, setting.partition(",")[0])


def split_setting(text: str) -> tuple[str, str]:
    """A title that begins with the name of the setting, in two."""
    found = _SETTING_AND_TITLE.match(text)
    if not found or _NO_SETTING.match(text) or not TITLE_WORD.search(found.group("title")):
        return "", text
    return found.group("setting"), found.group("title")


def _same(first: str, second: str) -> bool:
    return re.sub(r"\W+", "", first).casefold() == re.sub(r"\W+", "", second).casefold()
