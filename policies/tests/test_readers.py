"""Lists of who has read and who has not, classes at one screen, and lists on paper."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.audit import payload_of
from core.errors import DomainError, InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import exports, services
from policies.enums import Way
from policies.models import Acknowledgement
from policies.tests.factories import TESTS, make_in_force
from schools.enums import Role
from schools.models import Learner
from schools.tests.factories import make_learner, make_member


def address(name: str, version: Any) -> str:
    return reverse(f"policies:{name}", args=[version.school.slug, version.pk])


@pytest.fixture
def version(school: Any) -> Any:
    """In force for staff and for learners of two classes."""
    made = make_in_force(school, "Acceptable use", audience=["staff", "learner"])
    services.set_audience(made.policy, by=TESTS, audience=["staff", "learner"], classes=["Heron", "Wren"])
    made.policy.refresh_from_db()
    return made


@pytest.fixture
def heron(school: Any) -> list[Learner]:
    return [make_learner(school, name, "Ashdown", class_name="Heron") for name in ("Ann", "Ben", "Cat")]


def names(page: Any) -> list[str]:
    return [row["cells"][0] for row in page.context["rows"]]


# --- Lists ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R023")
def test_the_list_can_be_had_by_state_group_post_and_class(version, heron, school, signed_in):
    head = make_member(school, Role.HEADTEACHER, name="Head")
    teacher = make_member(school, Role.STAFF, name="Teacher")
    make_learner(school, "Out", "Side", class_name="Robin")
    services.acknowledge_version(version, by=teacher)
    client, page = signed_in(head), address("version_readers", version)

    shown = {
        query: names(client.get(f"{page}?{query}"))
        for query in ("", "state=done", "state=missing&who=staff", "who=class:Heron", "who=role:headteacher")
    }

    assert shown == {
        "": ["Head", "Teacher", "Ann Ashdown", "Ben Ashdown", "Cat Ashdown"],
        "state=done": ["Teacher"],
        "state=missing&who=staff": ["Head"],
        "who=class:Heron": ["Ann Ashdown", "Ben Ashdown", "Cat Ashdown"],
        "who=role:headteacher": ["Head"],
    }
    summary = client.get(page).context["summary"]
    assert [row["cells"] for row in summary] == [
        ["Staff", "2", "1"],
        ["Learners", "3", "0"],
        ["Class Heron", "3", "0"],
    ]


def test_who_is_late_is_said_and_can_be_asked_for(version, school, signed_in):
    client = signed_in(make_member(school, Role.HEADTEACHER, name="Head"))
    type(version).objects.update(acknowledge_by=timezone.localdate() - timedelta(days=1))

    page = client.get(address("version_readers", version) + "?state=late")

    assert names(page) == ["Head"]
    assert page.context["rows"][0]["cells"][3] == {"status": {"kind": "stop", "word": "Late"}}


def test_names_of_learners_are_for_those_who_work_with_them(version, heron, school, signed_in):
    governor = signed_in(make_member(school, Role.NAMED_GOVERNOR))

    pages = [governor.get(address(name, version)) for name in ("version_readers", "version_readers_csv")]

    assert [page.status_code for page in pages] == [200, 200]
    assert all(b"Ashdown" not in page.content for page in pages)


def test_the_files_hold_the_same_list_and_leave_an_entry(version, heron, school, signed_in):
    client = signed_in(make_member(school, Role.OFFICE, name="=cmd|' /C calc'!A0"))

    sheet = client.get(address("version_readers_csv", version) + "?who=staff")
    paper = client.get(address("version_readers_pdf", version))

    rows = list(csv.reader(StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Name", "'=cmd|' /C calc'!A0"]
    assert paper.content.startswith(b"%PDF")
    assert [one.headers["Content-Disposition"].split(";")[0] for one in (sheet, paper)] == ["attachment"] * 2
    assert AuditEvent.objects.filter(action="policy_version.readers_exported").count() == 2


@pytest.mark.parametrize("start", list("=+-@\t\r"))
def test_no_cell_is_a_formula(start):
    assert f"'{start}1" in exports.csv_file(["A"], [[f"{start}1"]]).decode("utf-8-sig")


def test_the_list_asks_as_often_with_thirty_as_with_one(version, school, signed_in):
    client, counts = signed_in(make_member(school, Role.HEADTEACHER)), []
    for count in (1, 30):
        for number in range(count):
            make_learner(school, f"Child {number}", class_name="Heron")
            services.acknowledge_version(version, by=make_member(school, Role.STAFF))
        client.get(address("version_readers", version))
        with CaptureQueriesContext(connection) as asked:
            client.get(address("version_readers", version))
        counts.append(len(asked))

    assert counts[0] == counts[1]


# --- A class ----------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R047")
def test_a_class_agrees_together_at_its_teachers_screen(version, heron, school, signed_in):
    teacher = make_member(school, Role.STAFF, name="Teacher")
    client, page = signed_in(teacher), address("version_class", version)

    shown = client.get(f"{page}?class_name=Heron")
    answer = client.post(page, {"class_name": "Heron", "learners": [heron[0].pk, heron[1].pk]})
    after = client.get(answer.url)

    assert [label for _, label in shown.context["form"].fields["learners"].choices] == [
        "Ann Ashdown",
        "Ben Ashdown",
        "Cat Ashdown",
    ]
    rows = Acknowledgement.objects.order_by("created_at")
    assert {(row.learner, row.way, row.collected_by) for row in rows} == {
        (one, Way.CLASS, teacher) for one in heron[:2]
    }
    assert ([one["name"] for one in after.context["agreed"]], after.context["waiting"]) == (
        ["Ann Ashdown", "Ben Ashdown"],
        1,
    )
    entry = AuditEvent.objects.get(action="policy_version.collected")
    assert payload_of(entry)["changes"]["collected_by"] == [None, str(teacher.pk)]
    assert sorted(payload_of(entry)["changes"]["people"][1]) == sorted(str(one.pk) for one in heron[:2])


def test_a_class_whose_name_holds_signs_is_found_by_its_address(version, school, signed_in):
    learner = make_learner(school, "Dot", "Reed", class_name="4 & 5 #1")
    services.set_audience(version.policy, by=TESTS, audience=["learner"], classes=["4 & 5 #1"])
    client, page = signed_in(make_member(school, Role.DSL)), address("version_class", version)

    shown = client.get(client.get(page).context["classes"][0]["url"])
    answer = client.post(page, {"class_name": "4 & 5 #1", "learners": [learner.pk]})
    counted = client.get(address("version_readers", version)).context["summary"]

    assert shown.context["chosen"] == "4 & 5 #1"
    assert [one["name"] for one in client.get(answer.url).context["agreed"]] == ["Dot Reed"]
    listed = [
        client.get(row["url"]).context["rows"] for row in counted if row["cells"][0] == "Class 4 & 5 #1"
    ]
    assert [[row["cells"][0] for row in rows] for rows in listed] == [["Dot Reed"]]


def test_only_learners_of_the_class_can_be_ticked(version, heron, school, signed_in):
    teacher = make_member(school, Role.STAFF)
    wren = make_learner(school, "Wren", class_name="Wren")
    gone = make_learner(school, "Gone", class_name="Heron")
    Learner.objects.filter(pk=gone.pk).update(left_on=timezone.localdate() - timedelta(days=1))
    gone.refresh_from_db()

    page = signed_in(teacher).post(
        address("version_class", version), {"class_name": "Heron", "learners": [wren.pk]}
    )
    for somebody in (wren, gone):
        with pytest.raises(DomainError, match="not in this class"):
            services.collect_from_class(version, "Heron", [somebody], by=teacher)
    with pytest.raises(DomainError, match="does not ask"):
        services.collect_from_class(version, "Robin", heron, by=teacher)

    assert list(page.context["form"].errors) == ["learners"]
    assert Acknowledgement.objects.count() == 0


def test_who_does_not_work_with_learners_collects_nothing(version, heron, school):
    with pytest.raises(PermissionRefused):
        services.collect_from_class(version, "Heron", heron, by=make_member(school, Role.GOVERNOR))


def test_a_version_that_is_not_in_force_any_more_takes_nobodys_word(version, heron, school):
    services.withdraw_version(version, by=TESTS, reason="Wrong text")

    with pytest.raises(InvalidTransition):
        services.collect_from_class(version, "Heron", heron, by=make_member(school, Role.STAFF))


# --- Paper ------------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R023")
def test_a_paper_list_is_entered_at_once_with_day_and_collector(version, heron, school, signed_in):
    office, caretaker = make_member(school, Role.OFFICE), make_member(school, Role.STAFF, name="Caretaker")
    head = make_member(school, Role.HEADTEACHER, name="Head")
    services.acknowledge_version(version, by=head)
    today = timezone.localdate()
    people = [caretaker.pk, head.pk, heron[0].pk]

    assert services.collect_on_paper(version, [head], by=office, collected_by=head, on=today) == 0
    answer = signed_in(office).post(
        address("version_paper", version),
        {"on": today, "collected_by": head.pk, "people": people[:1] + people[2:]},
    )

    assert answer.status_code == 302
    rows = Acknowledgement.objects.filter(way=Way.PAPER)
    assert {(row.member or row.learner, row.collected_by, timezone.localdate(row.at)) for row in rows} == {
        (caretaker, head, today),
        (heron[0], head, today),
    }
    assert Acknowledgement.objects.get(member=head).way == Way.BROWSER


def test_a_paper_list_cannot_be_older_than_the_version(version, school):
    office = make_member(school, Role.OFFICE)
    for on in (timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(WrongValue) as refused:
            services.collect_on_paper(version, [office], by=office, collected_by=office, on=on)
        assert refused.value.about == "on"


def test_the_database_keeps_one_word_a_person(version, heron, school):
    rows = [
        {"learner": heron[0], "member": make_member(school)},
        {},
        {"learner": heron[0], "way": Way.PAPER},
    ]
    for row in rows:
        with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
            Acknowledgement.objects.create(school=school, version=version, **row)
