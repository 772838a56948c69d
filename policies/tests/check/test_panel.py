"""The policy check on the page of a version: who sees it, what it links to, and what it compares with."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies import selectors
from policies.models import PolicyVersion
from policies.tests.factories import TESTS, TEXT, make_draft, make_in_force
from schools.enums import Role
from schools.services import accept_invitation, invite_member, set_rule
from schools.tests.factories import make_member

FAULTY = TEXT.replace("Smart watches stay at home.", "Staff is/is not permitted a watch.")
CLEAN = (
    TEXT.replace("Marit Tolland", "Ada Hart")
    .replace(
        "1.2 It should be read with the child protection policy and the behaviour policy.", "1.2 It is short."
    )
    .replace("learners.", "children.")
)


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Ada Hart")


@pytest.mark.requirement("R010", "R026")
def test_each_finding_leads_to_its_clause(school, signed_in, dsl):
    version = make_draft(school, text=FAULTY)
    clause = version.clauses.get(label="2.2")

    page = signed_in(dsl).get(version.get_absolute_url())

    [row] = [
        row
        for group in page.context["check"]["groups"]
        for row in group["findings"]
        if row["word"] == "Template text"
    ]
    assert (row["place"], row["anchor"]) == ("Clause 2.2", clause.anchor)
    assert f'<a href="#{clause.anchor}">Clause 2.2</a>' in page.content.decode()


def test_findings_are_grouped_gravest_first(school, signed_in, dsl):
    page = signed_in(dsl).get(make_draft(school, text=FAULTY).get_absolute_url())

    titles = [group["title"] for group in page.context["check"]["groups"]]
    assert titles[0] == "Put right before anybody relies on it"
    assert titles == sorted(
        titles, key=["Put right before anybody relies on it", "Should be put right", "Worth a look"].index
    )


def test_a_clean_policy_says_that_nothing_was_found(school, signed_in, time_machine):
    time_machine.move_to("2026-11-21T12:00+00:00")
    dsl = make_member(school, Role.DSL, name="Ada Hart")
    version = make_draft(school, title="Lost property", text=CLEAN, written="2026-09", next_review="2027-10")

    page = signed_in(dsl).get(version.get_absolute_url())

    assert page.context["check"] == {"groups": [], "found": 0}
    assert "Nothing found" in page.content.decode()


def test_those_who_only_follow_a_policy_do_not_see_the_check(school, signed_in, dsl):
    version = make_in_force(school, text=FAULTY)
    address = version.get_absolute_url()

    assert 'id="check"' in signed_in(dsl).get(address).content.decode()
    assert 'id="check"' not in signed_in(make_member(school, Role.STAFF)).get(address).content.decode()


@pytest.mark.requirement("R026")
def test_a_link_without_an_address_is_still_known_once_the_file_was_read(school, dsl):
    version = make_draft(school, text=TEXT.replace("Smart watches stay", "[Smart watches](#) stay"))

    found = selectors.check_stored(version, timezone.localdate(version.created_at))

    assert [(one.where, one.message) for one in found if one.code == "dead-link"] == [
        ("2.2", "The link on \u201cSmart watches\u201d leads nowhere.")
    ]


@pytest.mark.requirement("R019")
def test_companion_policies_that_are_held_are_not_asked_for(school, signed_in, dsl):
    version = make_draft(school)

    def companions():
        page = signed_in(dsl).get(version.get_absolute_url())
        rows = [row for group in page.context["check"]["groups"] for row in group["findings"]]
        return [row["message"] for row in rows if row["word"] == "Missing companion"]

    assert any("behaviour policy" in message for message in companions())
    make_draft(school, title="Behaviour policy", text=CLEAN)
    assert not any("behaviour policy" in message for message in companions())


def test_a_rule_that_changes_changes_the_findings(school, dsl):
    text = TEXT.replace(
        "Smart watches stay at home.", "Phones may be searched when the pupil or a parent agrees."
    )
    version = make_draft(school, text=text)

    def mismatches():
        stored = PolicyVersion.objects.get(pk=version.pk)
        found = selectors.check_stored(stored, timezone.localdate(version.created_at))
        return [one.where for one in found if one.code == "rule-mismatch" and "searched" in one.message]

    assert mismatches() == ["2.2"]
    set_rule(school, "search_rule", "leadership_with_consent", by=TESTS)
    assert mismatches() == []


def test_whoever_was_invited_to_a_post_holds_it_once_they_have_said_yes(school, dsl):
    version = make_draft(school)

    def people():
        found = selectors.check_stored(version, timezone.localdate(version.created_at))
        return [one.message for one in found if "Marit Tolland" in one.message]

    assert people()
    before, invited = (
        people(),
        invite_member(school, "marit@school.example", "Marit Tolland", Role.DSL, by=TESTS),
    )
    assert people() == before
    accept_invitation(invited, by=invited.user)
    assert people() == []


def test_the_check_asks_as_often_with_many_clauses_and_policies_as_with_few(school, dsl):
    def queries(version):
        with CaptureQueriesContext(connection) as asked:
            selectors.check_stored(version, timezone.localdate(version.created_at))
        return len(asked)

    few = queries(make_draft(school))
    for number in range(8):
        make_draft(school, title=f"Policy {number}")
    lines = "".join(f"\n5.{n} Coats have name {n}.\n" for n in range(1, 120))
    assert queries(make_draft(school, title="Long", text=f"{TEXT}\n5. Coats\n{lines}")) == few
