"""Items to sections and clauses: depths, broken paragraphs, and sections that only the contents page still names."""

import re
from dataclasses import dataclass, field, replace

from policies.reading import labels
from policies.reading.contents import Entry
from policies.reading.document import IN_USE, Clause, Section
from policies.reading.headings import Headings
from policies.reading.items import Item
from policies.reading.line import one_line
from policies.reading.status import split_status, status_of_text

_URL_ONLY = re.compile(r"^(?:https?://|www\.)\S+$")
_ENDS = (".", "!", "?", ":", ";")
_SLACK = 0.5
_LEAST_COLUMNS = 3


@dataclass
class _Depths:
    """How deep an item stands: labels nest by kind, list marks by indent."""

    kinds: list[str] = field(default_factory=list)
    indents: list[float] = field(default_factory=list)
    base: float | None = None
    last_label: str = ""
    small: dict[int, bool] = field(default_factory=dict)

    def of(self, item: Item, before: Clause | None) -> int:
        """The depth of the next item."""
        depth = self._depth(item)
        if before is not None and self._broken_off(item, before, depth):
            depth = before.depth
        self.small[depth] = item.text[:1].islower()
        return depth

    def _broken_off(self, item: Item, before: Clause, depth: int) -> bool:
        """The rest of an inner list after a page's end: small letters, where its own level has capitals."""
        inner = item.line.bullet and not item.label and not before.label and before.depth > depth
        return (
            inner
            and item.text[:1].islower()
            and before.text[:1].islower()
            and not self.small.get(depth, True)
        )

    def _depth(self, item: Item) -> int:
        if item.label:
            return self._labelled(item)
        if item.line.bullet:
            return self._listed(item.line.indent)
        self.indents = []
        return 0

    def _labelled(self, item: Item) -> int:
        kind = labels.kind(item.label, self.last_label)
        self.last_label = item.label
        if kind in self.kinds:
            del self.kinds[self.kinds.index(kind) + 1 :]
        elif kind.startswith("decimal") and kind != "decimal-1":
            self.kinds = [held for held in self.kinds if held.startswith("decimal") and held < kind] + [kind]
        else:
            self.kinds.append(kind)
        self.base = item.line.indent if item.line.bullet else None
        self.indents = []
        return len(self.kinds) - 1

    def _listed(self, indent: float) -> int:
        """Below the label it follows; further in for each wider indent."""
        if self.base is not None and indent <= self.base + _SLACK:
            indent = self.base + _SLACK * 1.01
        while self.indents and indent < self.indents[-1] - _SLACK / 4:
            self.indents.pop()
        if not self.indents or indent > self.indents[-1] + _SLACK / 4:
            self.indents.append(indent)
        within = len(self.indents) - 1
        if self.base is not None and self.indents[0] == self.base + _SLACK * 1.01:
            within = max(0, within - 1)
        return len(self.kinds) + within


def build(
    items: list[Item], headings: Headings, start: int, stop: int, preamble: list[Item]
) -> list[Section]:
    """The preamble, if any, then the sections of the items from `start` to `stop`."""
    sections: list[Section] = []
    clauses = [Clause(item.label, item.text) for item in preamble]
    notes = [note for item in preamble for note in item.line.notes]
    depths = _Depths()
    current = Section("", "")
    for index in range(start, stop):
        item = items[index]
        if headings.levels[index]:
            sections.append(_closed(current, clauses, notes))
            current, clauses, depths, notes = _opened(item, headings.levels[index]), [], _Depths(), []
        elif not (clauses and _goes_on(clauses[-1], item)):
            depth = depths.of(item, clauses[-1] if clauses else None)
            cells = tuple(map(one_line, item.line.cells))
            clauses.append(Clause(item.label, item.text, depth, cells, item.line.bold and bool(cells)))
        else:
            clauses[-1] = replace(clauses[-1], text=f"{clauses[-1].text} {item.text}")
        notes.extend(item.line.notes)
    sections.append(_closed(current, clauses, notes))
    return [section for section in sections if section.heading or section.label or section.clauses]


def _opened(item: Item, level: int) -> Section:
    heading, status = split_status(item.text)
    if item.label and (alone := status_of_text(heading)):
        heading, status = "", alone
    return Section(item.label, heading, status, (), level)


def _closed(section: Section, clauses: list[Clause], notes: list[tuple[str, str]]) -> Section:
    """The section with its clauses; the footnotes that these cite stand behind them."""
    status = section.status
    if status == IN_USE and len(clauses) == 1:
        status = status_of_text(clauses[0].text) or status
    clauses = _with_heads(clauses)
    cited = [Clause(number, words) for number, words in notes]
    return replace(section, status=status, clauses=(*clauses, *cited))


def _with_heads(clauses: list[Clause]) -> list[Clause]:
    """The first row of a table names its columns where the file says so, or where it is three and more short names."""
    done: list[Clause] = []
    for place, clause in enumerate(clauses):
        first = bool(clause.cells) and not (place and clauses[place - 1].cells)
        more = place + 1 < len(clauses) and bool(clauses[place + 1].cells)
        done.append(replace(clause, head=first and more and (clause.head or _names_columns(clause.cells))))
    return done


def _names_columns(cells: tuple[str, ...]) -> bool:
    short = all(cell and len(cell.split()) <= 4 and not re.search(r"[\d.]", cell) for cell in cells)
    return len(cells) >= _LEAST_COLUMNS and short


def _goes_on(before: Clause, item: Item) -> bool:
    """The rest of a paragraph that a page or a line break cut off."""
    if not item.plain:
        return False
    if _URL_ONLY.match(item.text):
        return not _URL_ONLY.match(before.text)
    return item.text[:1].islower() and not before.text.endswith(_ENDS)


def with_gone(sections: list[Section], entries: list[Entry]) -> list[Section]:
    """Sections that the contents page marks as removed or not used, put back where they stood."""
    held = {labels.bare(section.label) for section in sections if section.label}
    for place, entry in enumerate(entries):
        if entry.status == IN_USE or not entry.label or labels.bare(entry.label) in held:
            continue
        gone = Section(entry.label, entry.heading, entry.status, (), len(labels.numbers(entry.label)) or 1)
        sections = _inserted(sections, gone, [labels.bare(other.label) for other in entries[place + 1 :]])
        held.add(labels.bare(entry.label))
    return sections


def _inserted(sections: list[Section], gone: Section, after: list[str]) -> list[Section]:
    """Before the next entry that the text still has."""
    for label in after:
        for index, section in enumerate(sections):
            if label and labels.bare(section.label) == label:
                return [*sections[:index], gone, *sections[index:]]
    return [*sections, gone]
