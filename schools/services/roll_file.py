"""A CSV file with the children on roll and their contacts, read into rows; every row that cannot be kept is named by its line.

Sentences name lines and columns and never what stands in a cell: they reach terminals and logs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from core.errors import DomainError
from schools.enums import Relationship

COLUMNS = {
    "first_name": ("firstname", "forename", "givenname", "legalforename"),
    "last_name": ("lastname", "surname", "familyname", "legalsurname"),
    "birth_date": ("birthdate", "dateofbirth", "dob", "born"),
    "year_group": ("yeargroup", "year", "ncyear", "nationalcurriculumyear"),
    "class_name": ("classname", "class", "form", "registrationgroup", "reggroup", "reg"),
}
"""What each column may be called, without spaces and signs."""
PARTS = {
    "name": ("name", "fullname"),
    "phone": ("phone", "telephone", "tel", "mobile", "phonenumber", "number"),
    "email": ("email", "emailaddress", "mail"),
    "relationship": ("relationship", "relation", "relationshiptochild"),
}
RELATIONSHIPS = {
    Relationship.MOTHER: ("mother", "mum", "mummy", "mam", "mom"),
    Relationship.FATHER: ("father", "dad", "daddy"),
    Relationship.CARER: ("", "carer", "fostercarer", "guardian", "parent", "parentcarer"),
    Relationship.GRANDPARENT: ("grandparent", "grandmother", "grandfather", "grandma", "grandad", "granddad", "nan", "gran"),
}  # fmt: skip
"""Anything else is another relationship."""
LONGEST = {
    "first_name": 60,
    "last_name": 60,
    "year_group": 20,
    "class_name": 40,
    "name": 120,
    "phone": 40,
    "email": 254,
}
OLDEST = 25
"""Years; nobody on the roll of a school is older, so an earlier date is a slip."""


@dataclass(frozen=True)
class ContactRow:
    """An adult to be told, as the file has them."""

    name: str
    phone: str
    email: str
    relationship: str


@dataclass(frozen=True)
class LearnerRow:
    """A child as the file has them, with the contacts in their order."""

    first_name: str
    last_name: str
    birth_date: date
    year_group: str
    class_name: str
    contacts: tuple[ContactRow, ...]

    @property
    def key(self) -> tuple[str, str, date]:
        """By which the same child is known again."""
        return child_key(self.first_name, self.last_name, self.birth_date)


def child_key(first_name: str, last_name: str, birth_date: date) -> tuple[str, str, date]:
    """Name in any case, and birth date."""
    return (first_name.casefold(), last_name.casefold(), birth_date)


def read_roll(data: bytes) -> tuple[list[LearnerRow], list[str]]:
    """The children of a file, and the headings of columns that were not read.

    Raises DomainError with a sentence for each thing that has to be put right.
    """
    text = _decode(data)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns, unread = _columns(next(lines, []))
        rows = [(line, _by_column(cells, columns)) for line, cells in _numbered(lines)]
    except csv.Error:
        raise DomainError(
            f"Line {lines.line_num}: a quotation mark is left open or stands alone. Correct it."
        ) from None
    return _checked(rows), unread


def _decode(data: bytes) -> str:
    """UTF-8 with or without its mark, else the usual encoding of Windows."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError("The file is in an encoding that is not known. Save it as CSV UTF-8.")


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading).casefold()


def _column(heading: str) -> str:
    """What a heading stands for: a name of COLUMNS, a contact's number with a name of PARTS, or nothing."""
    plain = _plain(heading)
    contact = re.fullmatch(r"(?:contact|parent|carer)(\d{1,2})(\D+)", plain)
    words, key = (PARTS, contact[2]) if contact else (COLUMNS, plain)
    found = next((name for name, called in words.items() if key in called), "")
    return f"{int(contact[1])} {found}" if contact and found else found


def _columns(headings: list[str]) -> tuple[list[str], list[str]]:
    """What each column stands for, and the headings that stand for nothing."""
    columns = [_column(heading) for heading in headings]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise DomainError(
            f"Line 1 has no column {', '.join(missing)}. Name the columns there, with commas between them."
        )
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise DomainError(f"Line 1 has more than one column for {', '.join(twice)}. Leave one of each.")
    return columns, [
        heading for heading, name in zip(headings, columns, strict=True) if not name and heading.strip()
    ]


def _numbered(lines: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line on which it begins."""
    begins = 2
    for cells in lines:
        if any(cell.strip() for cell in cells):
            yield begins, cells
        begins = lines.line_num + 1  # type: ignore[attr-defined]


def _by_column(cells: list[str], columns: list[str]) -> dict[str, str]:
    """Cells by what they stand for; those beyond the last heading under ""."""
    tidy = [" ".join(cell.split()) for cell in cells]
    row = {name: tidy[number] if number < len(tidy) else "" for number, name in enumerate(columns) if name}
    return row | {"": "".join(tidy[len(columns) :])}


# --- Rows -------------------------------------------------------------------------------------------------------------


def _checked(rows: list[tuple[int, dict[str, str]]]) -> list[LearnerRow]:
    """Every row, or a DomainError that names each bad one."""
    found: list[LearnerRow] = []
    faults: list[str] = []
    seen: dict[tuple[str, str, date], int] = {}
    for line, cells in rows:
        wrong = list(_faults(cells))
        if not wrong:
            row = _row(cells)
            first = seen.setdefault(row.key, line)
            wrong = (
                [f"this is the child of line {first} again; leave one of the two"] if first != line else []
            )
            found.append(row)
        faults += [f"Line {line}: {fault}." for fault in wrong]
    if not rows:
        faults = ["The file has no children below its first line."]
    if faults:
        raise DomainError("\n".join(faults))
    return found


def _faults(cells: Mapping[str, str]) -> Iterator[str]:
    """What keeps a row from being stored, and what to do."""
    if cells[""]:
        yield "there are more cells than headings; put quotation marks around text with a comma"
    for name in ("first_name", "last_name"):
        if not cells[name]:
            yield f"{name} is empty; fill it in"
    born, today = _date(cells["birth_date"]), timezone.localdate()
    if born is None:
        yield "birth_date is empty or not a date; write it as 2016-04-30 or 30/04/2016"
    elif not 0 <= today.year - born.year <= OLDEST or born > today:
        yield f"birth_date lies ahead or more than {OLDEST} years back; correct it"
    for name, value in cells.items():
        if len(value) > LONGEST.get(name.split(" ")[-1], len(value)):
            yield f"{_said(name)} is longer than {LONGEST[name.split(' ')[-1]]} letters; shorten it"
    yield from _contact_faults(cells)


def _contact_faults(cells: Mapping[str, str]) -> Iterator[str]:
    names: dict[str, str] = {}
    for number in _numbers(cells):
        name, phone = cells.get(f"{number} name", ""), cells.get(f"{number} phone", "")
        email = cells.get(f"{number} email", "")
        if not name and (phone or email or cells.get(f"{number} relationship")):
            yield f"contact{number} has no name; fill it in or empty the contact's other cells"
        if phone and (len(re.findall(r"\d", phone)) < 3 or re.search(r"\dE\+", phone)):
            yield f"contact{number}_phone is no phone number; format the column as text and write it again"
        if email and not _is_email(email):
            yield f"contact{number}_email is no e-mail address; correct it or leave it empty"
        if name and names.setdefault(name.casefold(), number) != number:
            yield f"contact{number} has the name of contact{names[name.casefold()]}; keep one of them"


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _said(name: str) -> str:
    return re.sub(r"^(\d+) ", r"contact\1_", name)


def _date(text: str) -> date | None:
    """Year first, or day first as in Britain; with a time behind it as some exports have."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.partition(" ")[0], form).date()  # noqa: DTZ007 - a birthday has no zone
        except ValueError:
            continue
    return None


def _numbers(cells: Mapping[str, str]) -> list[str]:
    """The numbers of the contacts that the file has columns for, in their order."""
    return sorted({name.split(" ")[0] for name in cells if " " in name}, key=int)


def _row(cells: Mapping[str, str]) -> LearnerRow:
    contacts = [
        ContactRow(
            cells[f"{n} name"],
            cells.get(f"{n} phone", ""),
            cells.get(f"{n} email", ""),
            _relationship(cells.get(f"{n} relationship", "")),
        )
        for n in _numbers(cells)
        if cells.get(f"{n} name")
    ]
    born = _date(cells["birth_date"])
    assert born is not None  # noqa: S101 - a row without one is at fault
    plain = {name: cells[name] for name in ("first_name", "last_name", "year_group", "class_name")}
    return LearnerRow(**plain, birth_date=born, contacts=tuple(contacts))


def _relationship(text: str) -> str:
    return next(
        (kind for kind, called in RELATIONSHIPS.items() if _plain(text) in called), Relationship.OTHER
    )
