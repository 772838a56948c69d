"""The structured form of a policy file: plain frozen records and their JSON shape."""

from dataclasses import asdict, dataclass, field
from typing import Any

IN_USE = "in use"
NOT_USED = "not used"
REMOVED = "removed"


_OF_ROWS = ("cells", "head")
"""What only the rows of tables say in JSON."""


@dataclass(frozen=True)
class Clause:
    """One paragraph, list item or table row, with the label printed beside it.

    A row has its `cells` as well, empty ones too; `head` where it names the columns.
    """

    label: str
    text: str
    depth: int = 0
    cells: tuple[str, ...] = ()
    head: bool = False


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it until the next heading of any level."""

    label: str
    heading: str
    status: str = IN_USE
    clauses: tuple[Clause, ...] = ()
    level: int = 1


@dataclass(frozen=True)
class Guidance:
    """A guidance document the policy relies on; the edition as printed, None where none is given."""

    title: str
    edition: str | None = None


@dataclass(frozen=True)
class KeyDetails:
    """Who leads, and the dates of the version: YYYY-MM-DD, or YYYY-MM where only the month is known."""

    dsl: tuple[str, ...] = ()
    deputy_dsl: tuple[str, ...] = ()
    named_governor: tuple[str, ...] = ()
    written: str | None = None
    ratified: str | None = None
    ratifying_body: str | None = None
    next_review: str | None = None


@dataclass(frozen=True)
class Scope:
    """Whom and what the policy covers, in the words of its own sentences."""

    people: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """One policy; a file may hold several."""

    title: str
    setting: str
    key_details: KeyDetails = field(default_factory=KeyDetails)
    sections: tuple[Section, ...] = ()
    linked_policies: tuple[str, ...] = ()
    guidance: tuple[Guidance, ...] = ()
    scope: Scope = field(default_factory=Scope)
    template: str | None = None
    licence: str | None = None
    empty_links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What was read from one file."""

    documents: list[Document]
    printed: tuple[str, ...] = ()
    """The paragraphs as they stand in the file, before anything was concluded from them."""


def to_json(reading: Reading) -> dict[str, Any]:
    """The reading as plain dictionaries and lists, ready for json.dumps."""
    return {"documents": [_plain(asdict(document)) for document in reading.documents]}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if item or key not in _OF_ROWS}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
