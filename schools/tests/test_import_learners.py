"""Taking a school's roll from a file, from the command line."""

from __future__ import annotations

import csv
import time
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core import audit, scope
from core.models import AuditEvent
from schools import selectors
from schools.enums import Relationship
from schools.models import Learner, LearnerContact
from schools.tests.factories import make_learner

pytestmark = pytest.mark.django_db

HEADINGS = "first_name,last_name,birth_date,year_group,class_name,contact1_name,contact1_phone,contact1_relationship,contact2_name"
ROBIN = "Robin,Ashdown,2018-03-04,Year 3,Oak,Wren Ashdown,01632 960101,mother,Lee Ashdown"
KIT = "Kit,Marlow,31/08/2019,Year 2,Elm,,,,"


@pytest.fixture
def take(school, tmp_path):
    """Imports these lines; what the command said."""

    def run(*lines: str, encoding: str = "utf-8", **options: object) -> str:
        file, said = tmp_path / "learners.csv", StringIO()
        file.write_bytes("\r\n".join(lines).encode(encoding))
        call_command("import_learners", str(file), school=school.slug, stdout=said, **options)
        return said.getvalue()

    return run


def roll(school) -> dict[str, tuple[object, ...]]:
    return {c.name: (c.birth_date, c.year_group, c.class_name) for c in selectors.learners_on_roll(school)}


def contacts(school) -> list[tuple[str, str, str, str, int]]:
    found = LearnerContact.objects.filter(school=school).select_related("learner")
    rows = [(c.learner.first_name, c.name, c.phone, c.relationship, c.priority) for c in found]
    return sorted(rows, key=lambda row: (row[0], row[4]))


def test_children_and_their_contacts_are_added_with_one_entry_of_numbers(school, take):
    said = take(HEADINGS, ROBIN, KIT)

    assert roll(school) == {
        "Robin Ashdown": (date(2018, 3, 4), "Year 3", "Oak"),
        "Kit Marlow": (date(2019, 8, 31), "Year 2", "Elm"),
    }
    assert contacts(school) == [
        ("Robin", "Wren Ashdown", "01632 960101", Relationship.MOTHER, 1),
        ("Robin", "Lee Ashdown", "", Relationship.CARER, 2),
    ]
    event = AuditEvent.objects.get(school_id=school.pk, actor_id="job:import_learners")
    counts = {name: count for name, (_, count) in audit.payload_of(event)["changes"].items()}
    assert (event.action, counts) == (
        "learners.imported",
        {"read": 2, "added": 2, "changed": 0, "contacts_added": 2, "contacts_changed": 0, "missing": 0},
    )
    assert "Children: 2 in the file, 2 added, 0 brought up to date." in said
    assert [name for name in ("Robin", "Ashdown", "Marlow", "960101") if name in said] == []


def test_a_second_run_changes_class_and_contacts_and_doubles_nobody(school, take, tmp_path):
    take(HEADINGS, ROBIN, KIT)
    names = tmp_path / "missing.csv"

    said = take(
        HEADINGS,
        "ROBIN,ashdown,2018-03-04,Year 4,Ash,Lee Ashdown,01632 960102,dad,Wren Ashdown",
        missing=names,
    )

    assert roll(school)["Robin Ashdown"] == (date(2018, 3, 4), "Year 4", "Ash")
    assert roll(school)["Kit Marlow"] == (date(2019, 8, 31), "Year 2", "Elm")
    assert contacts(school) == [
        ("Robin", "Lee Ashdown", "01632 960102", Relationship.FATHER, 1),
        ("Robin", "Wren Ashdown", "01632 960101", Relationship.CARER, 2),
    ]
    assert "1 in the file, 0 added, 1 brought up to date" in said
    assert "left as they are: 1." in said
    assert "  Elm: 1" in said
    assert [name for name in ("Kit", "Marlow") if name in said] == []
    assert list(csv.reader(names.open()))[1:] == [["Kit", "Marlow", "2019-08-31", "Year 2", "Elm"]]
    assert names.stat().st_mode & 0o077 == 0


def test_the_file_of_names_is_never_written_over(school, take, tmp_path):
    names = tmp_path / "missing.csv"
    names.write_text("kept")

    with pytest.raises(CommandError, match=r"Nothing was stored.*missing\.csv"):
        take(HEADINGS, ROBIN, missing=names)

    assert (names.read_text(), roll(school)) == ("kept", {})


def test_who_had_left_comes_back_as_the_same_child(school, take):
    left = make_learner(school, birth_date=date(2018, 3, 4))
    Learner.objects.filter(pk=left.pk).update(left_on=timezone.localdate() - timedelta(days=1))

    take(HEADINGS, ROBIN)

    assert [child.pk for child in selectors.learners_on_roll(school)] == [left.pk]


def test_nobody_of_another_school_is_touched(school, other_school, take):
    make_learner(other_school, birth_date=date(2018, 3, 4), class_name="Elm")

    assert "1 added" in take(HEADINGS, ROBIN)
    with scope.acting(schools=[other_school.pk]):
        theirs = roll(other_school)
    assert theirs == {"Robin Ashdown": (date(2018, 3, 4), "", "Elm")}


def test_a_dry_run_says_the_same_and_stores_nothing(school, take):
    said = take(HEADINGS, ROBIN, dry_run=True)

    assert said.startswith("Nothing was stored. This would be done:\nChildren: 1 in the file, 1 added")
    assert (roll(school), contacts(school)) == ({}, [])
    assert not AuditEvent.objects.filter(school_id=school.pk, action="learners.imported").exists()


@pytest.mark.parametrize(
    "headings",
    [
        "First Name,Last Name,Birth-Date,Year Group,Class Name",
        "FORENAME;Surname;Date of Birth;NC Year;Reg. Group",
        '"Legal forename"\tFamily name\tDOB\tyear\tForm',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_headings_separators_and_encodings_are_forgiven(school, take, headings, encoding):
    separator = next(sign for sign in ";\t," if sign in headings)

    take(
        headings,
        separator.join(["  Zoë", "O\u2019Brien  ", "04/03/2018 00:00", "3", "Oak"]),
        "",
        encoding=encoding,
    )

    assert roll(school) == {"Zoë O\u2019Brien": (date(2018, 3, 4), "3", "Oak")}


def test_columns_that_are_not_read_are_named(school, take):
    said = take(f"{HEADINGS},UPN,contact1_work", f"{ROBIN},A1,wren@home.example")

    assert "Columns not read: UPN, contact1_work." in said
    assert "wren@" not in said


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (ROBIN.replace("Robin", " "), "first_name is empty"),
        (ROBIN.replace("Ashdown,2018", ",2018"), "last_name is empty"),
        (ROBIN.replace("2018-03-04", ""), "birth_date is empty or not a date"),
        (ROBIN.replace("2018-03-04", "03/31/2018"), "birth_date is empty or not a date"),
        (ROBIN.replace("2018-03-04", "2218-03-04"), "lies ahead"),
        (ROBIN.replace("2018-03-04", "1918-03-04"), "more than 25 years back"),
        (ROBIN.replace("Year 3", "Y" * 21), "year_group is longer than 20"),
        (ROBIN.replace("Lee Ashdown", "L" * 121), "contact2_name is longer than 120"),
        (ROBIN.replace("Wren Ashdown", ""), "contact1 has no name"),
        (ROBIN.replace("01632 960101", "4.41632E+11"), "contact1_phone is no phone number"),
        (ROBIN.replace("Lee", "wren"), "contact2 has the name of contact1"),
        (f"{ROBIN},more", "more cells than headings"),
        (KIT, "the child of line 2 again"),
        ('"Robin', "quotation mark"),
    ],
)
def test_a_bad_row_is_named_by_its_line_without_its_words_and_nothing_is_stored(school, take, row, sentence):
    with pytest.raises(CommandError) as refused:
        take(HEADINGS, KIT, row)

    said = str(refused.value)
    assert said.startswith("Nothing was stored.\nLine 3: ")
    assert sentence in said
    assert [name for name in ("Robin", "Ashdown", "Kit") if name in said] == []
    assert roll(school) == {}


def test_every_bad_row_is_named_even_below_cells_of_several_lines(school, take):
    with pytest.raises(CommandError) as refused:
        take(HEADINGS, KIT.replace("Kit", '"Kit\r\n"'), ",Oak,,,", "", ROBIN.replace("2018-03-04", "soon"))

    lines = str(refused.value).splitlines()[1:]
    assert [line.partition(":")[0] for line in lines] == ["Line 4", "Line 4", "Line 6"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([], "has no column first_name"),
        ([ROBIN], "has no column first_name"),
        ([HEADINGS.replace(",class_name", "")], "has no column class_name"),
        ([f"{HEADINGS},Surname"], "more than one column for last_name"),
        ([HEADINGS], "no children"),
    ],
)
def test_a_file_that_is_no_roll_is_refused(take, lines, sentence):
    with pytest.raises(CommandError, match=sentence) as refused:
        take(*lines)

    assert "Robin" not in str(refused.value)


def test_a_file_in_an_unknown_encoding_a_file_that_is_not_there_and_an_unknown_school_are_refused(
    school, tmp_path
):
    (tmp_path / "roll.csv").write_bytes(b"\x81")

    with pytest.raises(CommandError, match="CSV UTF-8"):
        call_command("import_learners", str(tmp_path / "roll.csv"), school=school.slug)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_learners", str(tmp_path / "none.csv"), school=school.slug)
    with pytest.raises(CommandError, match="no school elsewhere"):
        call_command("import_learners", str(tmp_path / "roll.csv"), school="elsewhere")


@pytest.mark.slow
def test_a_large_school_takes_seconds_and_few_statements(school, take, django_assert_max_num_queries):
    rows = [
        f"Child{n},Ashdown,2018-03-04,Year 3,Oak,Wren {n},01632 960101,mother,Lee {n}" for n in range(2000)
    ]
    connection.data_keys.clear()  # a key made in this very transaction would be looked up for each value
    begun = time.process_time()

    with django_assert_max_num_queries(100):
        take(HEADINGS, *rows)
    with django_assert_max_num_queries(100):
        take(HEADINGS, *(row.replace("Oak", "Elm") for row in rows))

    assert time.process_time() - begun < 20
    assert {child.class_name for child in selectors.learners_on_roll(school)} == {"Elm"}
    assert (Learner.objects.count(), LearnerContact.objects.count()) == (2000, 4000)


def test_an_address_is_read_kept_where_the_file_has_none_and_named_by_its_line_where_it_is_wrong(
    school, take
):
    take(f"{HEADINGS},contact1_email", f"{ROBIN},wren@home.example")
    take(HEADINGS, ROBIN)

    contact = LearnerContact.objects.order_by("priority").first()
    with pytest.raises(CommandError) as refused:
        take(f"{HEADINGS},Contact 1 E-mail", f"{ROBIN},wren(at)home")
    assert contact.email == "wren@home.example"
    assert "Line 2: contact1_email is no e-mail address" in str(refused.value)
    assert "wren(at)" not in str(refused.value)
