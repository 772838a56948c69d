"""The main job, end to end in a real browser, each step by the person who does it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from django.core.management import call_command
from django.utils import timezone

from core import scope
from policies.models import Acknowledgement, PolicyVersion
from policyhub.tests.browser import Person
from schools import services
from schools.enums import Role
from schools.tests.factories import TESTS, make_learner, make_member, make_school

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(transactional_db: None, browser: Any, live_server: Any) -> Iterator[dict[Role, Person]]:
    """One person for each post, in a school whose last term is over."""
    school = make_school("Wrenfield School")
    today = timezone.localdate()
    with scope.acting(schools=[school.pk]):
        services.add_term(
            school, "The term before", today - timedelta(days=120), today - timedelta(days=8), by=TESTS
        )
        services.add_term(
            school, "This term", today - timedelta(days=7), today + timedelta(days=90), by=TESTS
        )
    roles = (Role.DSL, Role.HEADTEACHER, Role.CHAIR, Role.CLERK, Role.STAFF, Role.OFFICE, Role.GOVERNOR)
    members = {role: make_member(school, role, name=f"The {role.label}") for role in roles}
    make_learner(school, "Wilfred", "Tarnside", class_name="Heron")
    windows = {role: Person(browser, live_server.url, member) for role, member in members.items()}
    yield windows
    for role, person in windows.items():
        print(f"--- {role} at {person.page.url}\n{person.page.inner_text('body')[:1500]}")  # noqa: T201 - shown on failure
        person.page.context.close()


def policy_file() -> bytes:
    """A policy in Word, numbered by Word itself."""
    document = docx.Document()
    document.add_heading("Phones and Devices Policy", 0)
    document.add_paragraph("Wrenfield School")
    document.add_paragraph("Designated Safeguarding Lead: Marit Tolland")
    document.add_paragraph(f"Date written: {date.today():%B %Y}")
    document.add_paragraph("Date of next review: October 2028")
    for heading, clauses in {
        "1. What this policy is for": [
            "1.1 Phones are handed in at the office every morning.",
            "1.2 It applies to all staff and learners.",
        ],
        "2. Giving phones back": [
            "2.1 A parent or carer collects a phone that was taken.",
            "2.2 A phone on hold leaves with the police only.",
        ],
    }.items():
        document.add_heading(heading, 1)
        for clause in clauses:
            document.add_paragraph(clause)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def import_and_ratify(people: dict[Role, Person], tmp_path: Path) -> None:
    dsl, clerk = people[Role.DSL].sign_in(), people[Role.CLERK].sign_in()
    file = tmp_path / "phones.docx"
    file.write_bytes(policy_file())
    dsl.opens("Policies").get_by_role("link", name="Add a policy").click()
    dsl.page.locator("input[type=file]").set_input_files(file)
    dsl.presses("Read the file")
    dsl.sees("Phones are handed in at the office every morning.")
    dsl.finds_nothing_wrong()
    dsl.presses("Save as draft")
    dsl.sees("is saved as a draft")
    clerk.opens("Policies").get_by_role("link", name="Phones and Devices Policy").first.click()
    clerk.page.get_by_role("link", name="Record ratification").first.click()
    clerk.page.get_by_label("Ratified by").fill("Governing body")
    clerk.page.get_by_label("Date of ratification").fill(f"{timezone.localdate():%-d %B %Y}")
    clerk.page.get_by_label("Minute").fill("26/41")
    clerk.presses("Record ratification")
    clerk.sees("Ratified")


def sign(people: dict[Role, Person]) -> None:
    for role in (Role.HEADTEACHER, Role.CHAIR):
        person = people[role].sign_in()
        person.opens("Policies").get_by_role("link", name="Phones and Devices Policy").first.click()
        person.page.get_by_role("link", name="Sign").first.click()
        person.page.get_by_label("Type your name to sign").fill(person.member.name)
        person.page.get_by_role("main").get_by_role("button", name="Sign").click()
        person.sees("You have signed")
    people[Role.CLERK].page.reload()
    people[Role.CLERK].page.get_by_role("link", name="Bring into force").click()
    people[Role.CLERK].presses("Bring into force")
    people[Role.CLERK].sees("is in force")


def acknowledge(person: Person) -> None:
    person.sign_in().opens("Policies").get_by_role("link", name="Phones and Devices Policy").first.click()
    person.sees("A parent or carer collects a phone that was taken.")
    person.page.get_by_label("I have read this policy").check()
    person.presses("Acknowledge")
    person.sees("Acknowledged")
    person.finds_nothing_wrong()


def log_concern(person: Person) -> None:
    page = person.opens("Log a concern")
    page.get_by_label("Search by any part of a name or class").fill("tarn")
    page.get_by_label("Wilfred Tarnside").check()
    page.get_by_label("What happened?").fill("Wilfred said: I do not want to go home today.")
    page.get_by_label("On site").check()
    person.finds_nothing_wrong()
    person.presses("Send this concern")
    person.sees("Thank you. Reference")


def work_concern(dsl: Person) -> None:
    dsl.opens("Concerns").get_by_role("link", name="Wilfred Tarnside").first.click()
    dsl.sees("I do not want to go home today.")
    dsl.finds_nothing_wrong()
    dsl.page.get_by_label("Kind of concern").select_option(index=1)
    dsl.page.get_by_label("Low", exact=True).check()
    dsl.page.get_by_label("What is decided").select_option(index=1)
    dsl.page.get_by_label("Why", exact=False).first.fill("One sign only; spoken with the class teacher.")
    dsl.presses("Save this decision")
    dsl.page.get_by_role("main").get_by_role("link", name="Close").click()
    dsl.page.get_by_label("What came of it").select_option(index=1)
    dsl.page.get_by_label("Why it can be closed").fill("No further signs in two weeks.")
    dsl.page.get_by_role("main").get_by_role("radio").first.check()
    dsl.page.get_by_label("How they were told").fill("Rang the mother, who will come in on Monday.")
    dsl.presses("Close this concern")
    dsl.sees("Closed")


def book_in_and_give_back(office: Person) -> None:
    page = office.sign_in().opens("Devices")
    page.get_by_role("link", name="Book a device in").click()
    page.get_by_label("Search by any part of a name or class").fill("wilf")
    page.get_by_label("Wilfred Tarnside").check()
    page.get_by_label("mobile phone").check()
    page.get_by_label("used or seen against the rules").check()
    office.finds_nothing_wrong()
    office.presses("Book it in")
    office.sees("slot A1")
    office.opens("Devices").get_by_role("link", name="Give back").first.click()
    page.get_by_label("Their name").fill("Pat Tarnside")
    early = page.get_by_label("Why before the end of the day?")
    if early.count():
        early.fill("Wilfred went home ill.")
    office.presses("Give it back")
    office.sees("was given back")
    office.finds_nothing_wrong()


def publish_and_read_report(dsl: Person, governor: Person, tmp_path: Path) -> None:
    dsl.opens("Term report")
    dsl.presses("Begin the report")
    for box in dsl.page.get_by_role("main").get_by_role("textbox").all():
        box.fill("A calm term. Phones are handed in without fuss.")
    dsl.presses("Save and see the page")
    dsl.page.get_by_label("I have read it").check()
    dsl.presses("Publish to governors")
    dsl.sees("Published. Those who govern have been told.")
    governor.sign_in().opens("Term report").get_by_role("link", name="The term before").first.click()
    governor.sees("A calm term.")
    governor.finds_nothing_wrong()
    with governor.page.expect_download() as download:
        governor.page.get_by_role("link", name="Download as PDF").click()
    saved = tmp_path / "report.pdf"
    download.value.save_as(saved)
    with pikepdf.open(saved) as pdf:
        assert len(pdf.pages) >= 1
    assert "Tarnside" not in governor.page.content()


@pytest.mark.requirement("R004", "R023", "R091", "R094", "R208", "R266")
def test_main_job_from_word_file_to_term_report(people: dict[Role, Person], tmp_path: Path) -> None:
    school = people[Role.DSL].member.school

    import_and_ratify(people, tmp_path)
    sign(people)
    acknowledge(people[Role.STAFF])
    log_concern(people[Role.STAFF])
    work_concern(people[Role.DSL])
    book_in_and_give_back(people[Role.OFFICE])
    publish_and_read_report(people[Role.DSL], people[Role.GOVERNOR], tmp_path)

    assert [one for person in people.values() for one in person.addresses if "tarn" in one.lower()] == []
    with scope.acting(schools=[school.pk]), scope.reading():
        version = PolicyVersion.objects.get(school=school)
        assert (version.state, version.document.signatures.count()) == ("in_force", 2)
        assert Acknowledgement.objects.get(school=school).member == people[Role.STAFF].member
    call_command("verify_audit", school=school.slug)
