"""The school's part of the catalogue: noted editions, decided policies, files that bring newer ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import Conflict, DomainError, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import selectors, services
from policies.check import OwnEdition, OwnPolicy, read_catalogue
from policies.models import ExpectedPolicy, GuidanceEdition
from policies.selectors import check_stored
from policies.tests.factories import make_draft, make_in_force
from schools.enums import Role
from schools.tests.factories import make_member, make_school, sign_in

TODAY = date(2026, 11, 2)
TEXT = """Outings Policy

Designated Safeguarding Lead: Ada Hart
Date written: March 2026
Next review: March 2027

1. Outings

1.1 We follow "Keeping Children Safe in Education" (2025) and the "Tidewater Partnership procedures" (2024).
"""
KCSIE = OwnEdition("kcsie", "Keeping Children Safe in Education", "", "statutory", "2026", "2026-09-01", True, "gov.uk, 1 September 2026")  # fmt: skip
LOCAL = OwnEdition("", "Tidewater Partnership procedures", "Tidewater procedures", "non_statutory", "2026", "", True, "Letter of 3 May 2026")  # fmt: skip
FILE = """
[[guidance]]
key = "kcsie"
title = "Keeping Children Safe in Education"
kind = "statutory"
editions = [{ edition = "2026", in_force = "2026-09-01", confirmed = true, source = "gov.uk" }]

[[statutory]]
key = "outings"
title = "Outings policy"
interval = 24
source = "Letter of the partnership"
"""


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Ada Hart")


def said(version):
    found = check_stored(version, TODAY)
    return {one.code for one in found if one.code in ("superseded-guidance", "edition-unconfirmed")}


@pytest.mark.requirement("R019")
def test_the_check_goes_by_an_edition_from_the_day_the_school_notes_it(school, dsl):
    version = make_draft(school, "Outings", text=TEXT)
    assert said(version) == {"edition-unconfirmed"}, "shipped, the edition of 2026 is not confirmed"

    noted = services.note_edition(school, KCSIE, by=dsl)
    assert said(version) == {"superseded-guidance"}

    services.forget_edition(noted, by=dsl)
    assert said(version) == {"edition-unconfirmed"}


@pytest.mark.requirement("R019")
def test_a_document_that_the_catalogue_lacks_is_known_by_its_other_names_too(school, dsl):
    version = make_draft(
        school, "Outings", text=TEXT.replace('"Keeping Children Safe in Education" (2025)', "it")
    )
    assert said(version) == set()

    services.note_edition(school, LOCAL, by=dsl)

    assert said(version) == {"superseded-guidance"}
    short = make_draft(
        school, "Walks", text=TEXT.replace('"Tidewater Partnership procedures"', "Tidewater procedures")
    )
    assert "superseded-guidance" in said(short)


def test_an_edition_is_noted_once_and_by_those_who_prepare_policies(school, dsl):
    services.note_edition(school, KCSIE, by=dsl)

    with pytest.raises(Conflict):
        services.note_edition(school, KCSIE, by=dsl)
    with pytest.raises(PermissionRefused):
        services.note_edition(school, LOCAL, by=make_member(school, Role.STAFF))
    with pytest.raises(PermissionRefused):
        services.note_edition(make_school("other"), LOCAL, by=dsl)


@pytest.mark.requirement("R019")
def test_a_policy_that_is_not_needed_is_not_missed(school, dsl):
    version = make_draft(
        school, "Child protection", text=TEXT.replace("Outings Policy", "Child Protection Policy")
    )

    def missed():
        return {
            one.message.split("”")[0]
            for one in check_stored(version, TODAY)
            if one.code == "missing-companion"
        }

    assert "“Staff code of conduct" in missed()
    services.decide_expected(school, OwnPolicy("staff_conduct", "Staff code of conduct", False, 12, "In the handbook"), seen="", by=dsl)  # fmt: skip
    assert "“Staff code of conduct" not in missed()


def test_the_list_says_what_is_held_what_is_prepared_and_what_is_not_needed(school, dsl):
    make_in_force(school, "Behaviour policy")
    make_draft(school, "Online safety policy")
    services.decide_expected(school, OwnPolicy("eyfs", "Early years", False, 12, "No child under five"), seen="", by=dsl)  # fmt: skip
    services.decide_expected(
        school, OwnPolicy("", "Lone working policy", True, 24, "Governors"), seen="", by=dsl
    )

    rows = {one.policy.key: one for one in selectors.expected_list(dsl)}
    seen_by_staff = {one.policy.key: one for one in selectors.expected_list(make_member(school, Role.STAFF))}

    assert rows["behaviour"].held
    assert not rows["behaviour"].preparing
    assert rows["online_safety"].preparing
    assert not rows["online_safety"].held
    assert not rows["eyfs"].needed
    assert rows["lone-working-policy"].policy.interval == 24
    assert seen_by_staff["online_safety"].preparing is None, "drafts are for those who prepare them"


def test_of_two_who_decide_at_once_the_second_is_told(school, dsl):
    decided = OwnPolicy("complaints", "Complaints procedure", True, 24, "Governors, 4 May")
    first = services.decide_expected(school, decided, seen="", by=dsl)
    other = make_member(school, Role.HEADTEACHER)

    with pytest.raises(Conflict):
        services.decide_expected(school, decided, seen="", by=other)

    services.decide_expected(school, decided, seen=first.updated_at.isoformat(), by=other)
    assert ExpectedPolicy.objects.get().by == other


def test_what_a_person_typed_stays_when_another_decided_meanwhile(school, dsl):
    client, url = sign_in(dsl.user), reverse("policies:expected_edit", args=[school.slug, "complaints"])
    client.get(url)
    services.decide_expected(
        school, OwnPolicy("complaints", "Complaints", False, 12, "Head"), seen="", by=dsl
    )
    typed = {"seen": "", "needed": "yes", "interval": "24", "source": "Governors, 4 May"}

    page = client.post(url, typed)
    assert "Somebody decided this while you were writing" in page.content.decode()
    assert "Governors, 4 May" in page.content.decode()
    assert "Give a number from 1 to 60." in client.post(url, {**typed, "interval": "0"}).content.decode()

    seen = page.context["form"]["seen"].value()
    assert client.post(url, {**typed, "seen": seen}).status_code == 302
    assert ExpectedPolicy.objects.get().source == "Governors, 4 May"


def load(path, *args):
    call_command("load_guidance", str(path), *args)


@pytest.mark.requirement("R019")
def test_a_file_brings_newer_editions_to_every_school_and_again_changes_nothing(
    school, dsl, tmp_path, capsys
):
    other = make_school("other")
    path = tmp_path / "autumn.toml"
    path.write_text(FILE)

    load(path)
    assert capsys.readouterr().out.count("2 new or changed, 0 left") == 2
    load(path)
    assert capsys.readouterr().out.count("0 new or changed") == 2

    rows = selectors.expected_list(dsl)
    assert "outings" in {one.policy.key for one in rows}
    assert AuditEvent.objects.filter(action="catalogue.loaded", school_id=school.pk).count() == 1
    assert other.pk != school.pk


def test_a_file_leaves_what_people_decided(school, dsl, tmp_path, capsys):
    services.note_edition(school, KCSIE, by=dsl)
    path = tmp_path / "autumn.toml"
    path.write_text(FILE)

    load(path, "--school", school.slug)

    assert "1 new or changed, 1 left as people there decided" in capsys.readouterr().out
    assert GuidanceEdition.objects.get().source == KCSIE.source


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "neither an edition"),
        ("= 1", "not written in TOML"),
        ("[[rules]]\nkey = 'a'", "is not known here"),
        ("guidance = 'all'", "below a line [[guidance]]"),
        (FILE.replace('"kcsie"', '"../kcsie"'), "no key"),
        (FILE.replace('"2026"', '"soon"'), "named by its year"),
        (FILE.replace("2026-09-01", "2026-19-01"), "neither a day, a month nor a year"),
        (FILE.replace('kind = "statutory"', 'kind = "holy"'), "kind is one of"),
        (FILE.replace('"2026-09-01"', "2026-09-01T00:00:00"), "neither a day, a month nor a year"),
        (FILE.replace('"2026-09-01"', "09:00:00"), "neither a day, a month nor a year"),
        (FILE.replace('"2026-09-01"', '"soon"'), "neither a day, a month nor a year"),
        (FILE + FILE.partition("[[statutory]]")[0], "edition 2026 of guidance kcsie twice"),
        (FILE.replace("24", "240"), "number of months"),
        (FILE.replace('source = "Letter of the partnership"', ""), "no source"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_the_row(text, told):
    with pytest.raises(DomainError, match=told.replace("[", r"\[")):
        read_catalogue(text.encode())


def test_nothing_is_loaded_of_a_wrong_file(school, tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(FILE + '\n[[statutory]]\nkey = "x"\n')

    with pytest.raises(CommandError, match="Nothing was loaded"):
        load(path)
    with pytest.raises(CommandError, match="no school nowhere"):
        load(path, "--school", "nowhere")
    assert not ExpectedPolicy.objects.exists()


@pytest.mark.requirement("R019")
def test_pages_take_the_same_queries_however_many_rows(school, dsl):
    client = sign_in(dsl.user)
    pages = [reverse(f"policies:{name}", args=[school.slug]) for name in ("guidance_list", "expected_list")]

    def queries(url):
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    make_in_force(school, "Outings 0", text=TEXT)
    queries(pages[0])  # the first page of a session stores it
    one = [queries(url) for url in pages]
    for number in range(1, 8):
        make_in_force(school, f"Outings {number}", text=TEXT)
        services.note_edition(school, OwnEdition("", f"Circular {number}", "", "law", "2026", "", True, "Post"), by=dsl)  # fmt: skip
        services.decide_expected(school, OwnPolicy("", f"Policy {number}", True, 12, "Head"), seen="", by=dsl)

    assert [queries(url) for url in pages] == one
    assert client.get(pages[0]).content.decode().count("Outings 7") == 1


def test_what_is_added_by_title_has_one_that_can_be_told_from_others(school, dsl):
    for act in (
        lambda: services.note_edition(school, replace(LOCAL, title="安全"), by=dsl),
        lambda: services.decide_expected(school, OwnPolicy("", "…", True, 12, "Us"), seen="", by=dsl),
    ):
        with pytest.raises(WrongValue, match="letters"):
            act()
    boats = OwnPolicy("", "Boats", True, 12, "We have a lake.")
    services.decide_expected(school, boats, seen="", by=dsl)

    with pytest.raises(Conflict, match="“Boats” is on the list already"):
        services.decide_expected(school, boats, seen="", by=dsl)
