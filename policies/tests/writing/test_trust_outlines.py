"""Outlines that a trust offers its schools: what is common stays common, what is local is the school's."""

from __future__ import annotations

from copy import copy

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import scope
from core.errors import Conflict, DomainError, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import services
from policies.models import OutlineIssue, PolicyVersion, TrustOutline
from policies.selectors import check_stored, exporting
from policies.selectors.outlines import offers, starting_points
from policies.services import DraftDetails, Heading
from policies.tests.factories import typed
from policies.tests.writing.trust import LINES, begin, make_outline, make_trust, offer
from schools.enums import Role
from schools.tests.factories import TESTS, make_member, make_school, sign_in


@pytest.fixture
def trust(school, other_school):
    return make_trust(school, other_school)


def draft_of(policy):
    return policy.versions.get()


def texts(version):
    return [(one.label, one.text) for one in version.clauses.order_by("position")]


def test_each_school_of_the_trust_begins_with_what_it_offers_and_no_other_school_sees_it(
    school, other_school, trust
):
    outline = make_outline(*trust)
    assert offers(school).new == []

    issue = offer(outline, trust[1])
    begun = starting_points(school)[str(issue.pk)]

    stranger = make_school()
    for one in (school, other_school):
        with scope.acting(schools=[one.pk]):
            assert [found.issue for found in starting_points(one).values() if found.issue] == [issue]
            assert texts(draft_of(begin(one)))[0] == ("1.1", "Phones are switched off.")
            said = AuditEvent.objects.filter(school_id=one.pk, action__startswith="trust_outline.")
            assert {event.actor_id for event in said} == {trust[1].actor_id}
    with scope.acting(schools=[stranger.pk]):
        assert offers(stranger).new == []
        with pytest.raises(DomainError, match="another trust"):
            services.start_policy(stranger, DraftDetails(title="Phones"), by=TESTS, outline=begun)


@pytest.mark.postgres
@pytest.mark.requirement("R043")
def test_the_database_itself_shows_an_outline_to_its_trust_alone_and_lets_only_the_lead_write(school, trust):
    offer(make_outline(*trust), trust[1])
    stranger, somebody = make_school(), make_member(school, Role.DSL)

    def seen(**who):
        with scope.acting(**who), transaction.atomic():
            return TrustOutline.objects.count(), OutlineIssue.objects.count()

    assert seen(schools=[school.pk], user=somebody.user_id) == (0, 1)
    assert seen(schools=[stranger.pk]) == (0, 0)
    assert seen(user=trust[1].pk) == (1, 1)
    with scope.acting(schools=[school.pk], user=somebody.user_id), transaction.atomic():
        assert TrustOutline.objects.update(title="Mine") == 0
    with (
        scope.acting(schools=[school.pk], user=somebody.user_id),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        OutlineIssue.objects.update(title="Mine")


def test_what_is_common_is_refused_to_the_school_and_what_is_local_is_its_own(school, trust):
    offer(make_outline(*trust), trust[1])
    draft = draft_of(begin(school))
    clause = {one.label: one.stable_id for one in draft.clauses.all()}
    first, second = draft.sections.order_by("position")[:2]

    for refused in (
        lambda: services.reword_clause(draft, ("1.1", "As you like."), by=TESTS, clause=clause["1.1"]),
        lambda: services.delete_clause(draft, by=TESTS, clause=clause["2.1"]),
        lambda: services.move_clause(draft, "up", by=TESTS, clause=clause["2.1"]),
        lambda: services.add_clause(draft, ("2.2", "Unless asked."), by=TESTS, beside=clause["2.1"]),
        lambda: services.change_section(draft, Heading("1.", "Toys"), by=TESTS, section=first.pk),
        lambda: services.delete_section(draft, by=TESTS, section=second.pk),
    ):
        with pytest.raises(DomainError, match="the same in every school of the trust"):
            refused()
    services.reword_clause(draft, ("1.2", "In the office."), by=TESTS, clause=clause["1.2"])
    draft.refresh_from_db()
    services.add_clause(draft, ("1.3", "In the lockers."), by=TESTS, beside=clause["1.2"])
    draft.refresh_from_db()
    services.add_section(draft, Heading("4.", "Ours"), by=TESTS)

    assert [label for label, _ in texts(draft)] == ["1.1", "1.2", "1.3", "2.1", "3.1"]
    assert ("1.2", "In the office.") in texts(draft)


def test_the_policy_check_finds_each_part_that_is_still_to_be_written(school, trust):
    offer(make_outline(*trust), trust[1])
    draft = draft_of(begin(school))

    def found():
        version = PolicyVersion.objects.select_related("policy", "school").get(pk=draft.pk)
        return [one.where for one in check_stored(version, timezone.localdate()) if one.code == "local-part"]

    assert found() == ["1.2", "3.1"]
    local = draft.clauses.get(label="1.2").stable_id
    services.reword_clause(draft, ("1.2", "In the office."), by=TESTS, clause=local)
    assert found() == ["3.1"]


def test_a_word_file_that_changes_what_is_common_is_refused_and_one_that_fills_in_is_taken(school, trust):
    offer(make_outline(*trust), trust[1])
    policy = begin(school)
    draft = draft_of(policy)
    local = draft.clauses.get(label="1.2").stable_id
    services.reword_clause(draft, ("1.2", "In the office."), by=TESTS, clause=local)
    source = services.import_document(school, exporting.word_file(draft), "phones.docx", by=TESTS)
    read = source.reading["documents"][0]
    changed = [{**part, "clauses": [dict(one) for one in part["clauses"]]} for part in read["sections"]]
    changed[1]["clauses"][0]["text"] = "Everybody films."

    with pytest.raises(DomainError, match=r"Clause 2\.1 is the same in every school"):
        services.save_draft(
            source, 0, DraftDetails(title="Phones"), by=TESTS, policy=policy, corrected={"sections": changed}
        )
    version = services.save_draft(source, 0, DraftDetails(title="Phones"), by=TESTS, policy=policy)

    assert version.follows == draft.follows
    assert version.clauses.get(stable_id=local).text == "In the office."


NEWER = LINES.replace("switched off", "switched off and out of sight").replace(
    "# 3.", "1.4 | (local) Say who may carry one.\n# 3."
)


def test_a_newer_issue_is_shown_and_taken_over_with_the_parts_of_the_school(school, trust):
    outline = make_outline(*trust)
    offer(outline, trust[1])
    policy = begin(school)
    draft = draft_of(policy)
    local = draft.clauses.get(label="1.2").stable_id
    services.reword_clause(draft, ("1.2", "In the office."), by=TESTS, clause=local)
    draft.refresh_from_db()
    services.add_clause(draft, ("", "In the lockers."), by=TESTS, beside=local)
    draft.refresh_from_db()
    ours = services.add_section(draft, Heading("9.", "Ours"), by=TESTS)
    draft.refresh_from_db()
    services.add_first_clause(draft, ("9.1", "Our own."), by=TESTS, section=ours.pk)
    with pytest.raises(DomainError, match="nothing newer"):
        services.take_over(policy, by=TESTS)

    issue = offer(outline, trust[1], NEWER, note="Out of sight as well.")
    assert [(one.title, found) for one, found in offers(school).newer] == [("Phones", issue)]
    version = services.take_over(policy, by=TESTS)

    assert texts(version) == [
        ("1.1", "Phones are switched off and out of sight."),
        ("1.2", "In the office."),
        ("", "In the lockers."),
        ("2.1", "Nobody films a lesson."),
        ("1.4", "Say who may carry one."),
        ("3.1", "Say what else holds here."),
        ("9.1", "Our own."),
    ]
    assert version.clauses.get(stable_id=local).label == "1.2"
    assert offers(school).newer == []


def test_a_newer_issue_is_offered_again_when_the_draft_that_took_it_over_was_withdrawn(school, trust):
    outline = make_outline(*trust)
    offer(outline, trust[1])
    policy = begin(school)
    ratified = services.ratify_version(draft_of(policy), by=TESTS, body="Governors", on="2026-10")
    services.bring_into_force(ratified, by=TESTS)
    issue = offer(outline, trust[1], NEWER)

    services.withdraw_version(services.take_over(policy, by=TESTS), by=TESTS, reason="By mistake.")

    assert offers(school).newer == [(policy, issue)]
    assert services.take_over(policy, by=TESTS).follows == issue
    assert offers(school).newer == []


def test_no_line_of_an_outline_locks_the_drafts_of_the_schools(school, trust):
    """A line without words is nothing that a draft keeps, and a file may hold longer labels than it does."""
    outline = make_outline(*trust, lines=f"{LINES}|\n>\n")
    label, heading = "9" * 61, "Of phones " * 60
    clauses = [{"label": label, "text": "Phones.", "depth": 0}]
    read = [{"label": label, "heading": heading, "status": "in use", "clauses": clauses}]
    other = services.start_outline(trust[0], by=trust[1], title="Read", kind="other", sections=read)
    for made in (outline, other):
        offer(made, trust[1])
        services.add_section(draft_of(begin(school, made.title)), Heading("9.", "Ours"), by=TESTS)

    assert [one["label"] for one in outline.sections[-1]["clauses"]] == ["3.1"]


def test_words_of_the_school_that_have_no_place_any_more_are_kept_at_the_end(school, trust):
    """Neither where a part is gone nor where it is the same in every school from now on."""
    outline = make_outline(*trust)
    offer(outline, trust[1])
    policy = begin(school)
    draft = draft_of(policy)
    local = draft.clauses.get(label="3.1").stable_id
    services.reword_clause(draft, ("3.1", "No phones on Fridays."), by=TESTS, clause=local)

    draft.refresh_from_db()
    common = draft.clauses.get(label="1.2").stable_id
    services.reword_clause(draft, ("1.2", "In the office."), by=TESTS, clause=common)
    offer(outline, trust[1], LINES.split("# 3.")[0].replace("(local) ", ""))
    version = services.take_over(policy, by=TESTS)

    last = version.sections.order_by("position").last()
    kept = last.clauses.order_by("position").values_list("text", flat=True)
    assert (last.heading, [*kept]) == ("Kept from before", ["In the office.", "No phones on Fridays."])
    assert version.clauses.get(stable_id=common).text == "Say where phones are kept."


def test_only_the_lead_writes_and_of_two_at_once_the_second_is_told(school, trust):
    outline = make_outline(*trust)
    stale = copy(outline)
    offer(outline, trust[1], NEWER)

    with pytest.raises(PermissionRefused):
        make_outline(trust[0], make_member(school, Role.HEADTEACHER).user)
    with pytest.raises(Conflict, match="Somebody else changed this outline"):
        services.write_outline(stale, by=trust[1], title="Toys", kind="other", sections=[])
    stale.revision += 1
    with pytest.raises(DomainError, match="issue 1"):
        services.offer_outline(stale, by=trust[1])


def test_a_title_is_taken_once_in_a_trust_when_an_outline_is_begun_and_when_it_is_written(trust):
    make_outline(*trust)
    other = make_outline(*trust, title="Toys")

    for taking in (
        lambda: make_outline(*trust),
        lambda: services.write_outline(other, by=trust[1], title=" Phones ", kind="other", sections=[]),
    ):
        with pytest.raises(WrongValue, match="of this title already") as refused:
            taking()
        assert refused.value.about == "title"


def test_the_lead_writes_and_offers_it_on_pages_that_nobody_else_opens(school, trust):
    client, address = sign_in(trust[1]), reverse("outline_create", args=["saltmere"])

    page = client.post(address, {"title": "Phones", "kind": "mobile_devices"}, follow=True)
    edit = page.redirect_chain[-1][0]
    client.post(edit, typed(page, text=LINES))
    page = client.get(edit)
    assert page.context["form"]["text"].value().split("\n")[2] == "1.2 | (local) Say where phones are kept."
    offered = {"revision": page.context["offer"]["revision"].value(), "note": "New."}
    client.post(f"{edit}offer/", offered)

    assert OutlineIssue.objects.get().note == "New."
    stranger = sign_in(make_member(school, Role.HEADTEACHER).user)
    for path in (address, edit, reverse("outline_list", args=["saltmere"])):
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code == 302


def test_the_library_leads_to_what_is_offered_and_the_draft_shows_what_is_locked(school, trust, signed_in):
    outline = make_outline(*trust)
    offer(outline, trust[1])
    client = signed_in(make_member(school, Role.DSL))

    page = client.get(reverse("policies:policy_list", args=[school.slug]))
    link = page.context["offered"][0]["url"]
    page = client.get(link)
    client.post(link.split("?")[0], typed(page), follow=True)
    draft = PolicyVersion.objects.get()
    assert (draft.title, draft.policy.kind) == ("Phones", "mobile_devices")
    page = client.get(reverse("policies:version_write", args=[school.slug, draft.pk])).content.decode()
    assert page.count("clause-held") == 5
    assert page.count("To be written by your school") == 2

    offer(outline, trust[1], NEWER)
    changes = reverse("policies:outline_changes", args=[school.slug, draft.policy_id])
    assert "out of sight" in client.get(changes).content.decode()
    client.post(f"{changes}take-over/")
    assert PolicyVersion.objects.get().follows.number == 2
