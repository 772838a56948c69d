"""Reviews out of cycle: what opened them, that the policy still binds, and what came of them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.errors import Conflict, InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import selectors, services
from policies.enums import TriggerKind
from policies.enums import VersionState as V
from policies.models import ReviewTrigger
from policies.presenters.life import life_panel
from policies.tests.factories import TESTS, make_draft, make_in_force
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Ada Hart")


@pytest.fixture
def binding(school):
    return make_in_force(school)


def state(version):
    version.refresh_from_db()
    return version.state


@pytest.fixture
def opened(binding, dsl):
    return services.open_review(binding.policy, by=dsl, kind="technical", what="The filter was replaced.")


@pytest.mark.requirement("R006")
@pytest.mark.parametrize("kind", TriggerKind)
def test_a_review_keeps_what_opened_it_when_and_who(binding, dsl, kind):
    day = timezone.localdate() - timedelta(days=3)

    made = services.open_review(binding.policy, by=dsl, kind=kind, what=" A new edition. ", on=day)

    kept = ReviewTrigger.objects.get(pk=made.pk)
    assert (kept.kind, kept.what, kept.on, kept.by, kept.closed_on) == (
        kind,
        "A new edition.",
        day,
        dsl,
        None,
    )
    assert state(binding) == V.UNDER_REVIEW
    entry = AuditEvent.objects.get(action="policy.review_opened", object_id=str(binding.policy_id))
    assert (entry.actor_id, audit.payload_of(entry)["changes"]["kind"]) == (dsl.actor_id, ["", kind])


@pytest.mark.requirement("R006")
def test_the_version_that_came_of_it_answers_every_open_review(school, binding, opened, dsl):
    other = services.open_review(binding.policy, by=dsl, kind="incident", what="A lesson.")

    newer = make_in_force(school, policy=binding.policy)

    for one in (opened, other):
        one.refresh_from_db()
        assert (one.version, one.closed_on) == (newer, timezone.localdate())
    assert (state(newer), state(binding)) == (V.IN_FORCE, V.SUPERSEDED)


def test_a_minor_version_leaves_the_review_open(school, binding, opened, dsl):
    minor = services.make_minor(
        make_draft(school, policy=binding.policy), by=dsl, reason="A telephone number."
    )

    services.bring_into_force(minor, by=TESTS)

    opened.refresh_from_db()
    assert (state(minor), opened.closed_on) == (V.UNDER_REVIEW, None)


@pytest.mark.requirement("R005", "R270")
def test_a_review_that_changes_nothing_is_concluded_in_words_with_the_next_day(school, binding, opened, dsl):
    other = services.open_review(binding.policy, by=dsl, kind="cycle", what="The year is over.")
    services.conclude_review(opened, by=dsl, outcome="The text fits the new filter.")
    assert state(binding) == V.UNDER_REVIEW
    due = binding.next_review

    services.conclude_review(
        other, by=make_member(school, Role.HEADTEACHER), outcome="Gone through.", next_review="2030-02"
    )

    assert (state(binding), binding.next_review, binding.next_review_on) == (
        V.IN_FORCE,
        "2030-02",
        date(2030, 2, 28),
    )
    newest = AuditEvent.objects.filter(action="policy.review_concluded").latest("seq")
    assert audit.payload_of(newest)["changes"]["next_review"] == [due, "2030-02"]


def test_a_review_is_answered_once(opened, dsl):
    services.conclude_review(opened, by=dsl, outcome="Nothing to change.")

    with pytest.raises(Conflict, match="answered this already"):
        services.conclude_review(opened, by=dsl, outcome="Something else.")

    opened.refresh_from_db()
    assert opened.outcome == "Nothing to change."


def test_withdrawing_the_policy_ends_its_reviews(binding, opened):
    binding.refresh_from_db()

    services.withdraw_version(binding, by=TESTS, reason="Taken into another policy.")

    opened.refresh_from_db()
    assert (opened.outcome, opened.version) == ("The policy was withdrawn.", None)


def test_a_review_needs_words_a_day_that_has_come_a_clause_and_a_policy_in_force(school, binding, dsl):
    ahead = timezone.localdate() + timedelta(days=1)
    with pytest.raises(WrongValue, match="Say what happened"):
        services.open_review(binding.policy, by=dsl, kind="local", what=" ")
    with pytest.raises(WrongValue, match="must not lie ahead"):
        services.open_review(binding.policy, by=dsl, kind="local", what="Something", on=ahead)
    with pytest.raises(WrongValue, match="does not stand"):
        services.open_review(binding.policy, by=dsl, kind="local", what="Something", clause=binding.pk)
    with pytest.raises(InvalidTransition, match="Nothing is in force"):
        services.open_review(make_draft(school, "Another").policy, by=dsl, kind="local", what="Something")
    with pytest.raises(PermissionRefused):
        services.open_review(
            binding.policy, by=make_member(school, Role.STAFF), kind="local", what="Something"
        )
    assert (state(binding), ReviewTrigger.objects.count()) == (V.IN_FORCE, 0)


def test_only_those_who_ratify_set_the_next_review(opened, dsl):
    with pytest.raises(PermissionRefused):
        services.conclude_review(opened, by=dsl, outcome="Nothing to change.", next_review="2030-02")


@pytest.mark.requirement("R006")
def test_the_page_says_why_it_is_reviewed_and_leads_to_the_clause(school, binding, dsl, signed_in):
    clause = binding.clauses.first()
    sent = {"kind": "national", "what": "A new edition.", "on": "2026-10-01", "clause": str(clause.stable_id)}

    done = signed_in(dsl).post(reverse("policies:review_open", args=[school.slug, binding.policy_id]), sent)

    page = signed_in(dsl).get(done.url)
    assert [(one["what"], one["clause_url"]) for one in page.context["life"]["triggers"]] == [
        ("A new edition.", f"#{clause.anchor}")
    ]
    assert "A new edition." in page.content.decode()
    staff = signed_in(make_member(school, Role.STAFF)).get(done.url)
    assert staff.context["life"] is None
    assert "A new edition." not in staff.content.decode()


def test_what_was_typed_is_kept_when_a_review_is_refused(school, binding, dsl, signed_in):
    sent = {"kind": "local", "what": "A change of ours.", "on": "2099-10-01", "clause": ""}

    page = signed_in(dsl).post(reverse("policies:review_open", args=[school.slug, binding.policy_id]), sent)

    assert "A change of ours." in page.content.decode()
    assert page.context["form"].errors["on"] == ["The day must not lie ahead."]


def test_a_review_is_concluded_on_its_page(school, binding, opened, dsl, signed_in):
    url = reverse("policies:review_conclude", args=[school.slug, opened.pk])

    done = signed_in(dsl).post(url, {"outcome": "Nothing to change.", "next_review": "2030-02"})

    opened.refresh_from_db()
    assert (done.status_code, opened.outcome, state(binding)) == (302, "Nothing to change.", V.IN_FORCE)
    assert binding.next_review != "2030-02"  # the field is not there for who does not ratify


def test_the_page_asks_as_many_questions_with_thirty_reviews_as_with_one(
    school, binding, opened, dsl, signed_in
):
    client, url = signed_in(dsl), binding.get_absolute_url()
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(29):
        services.open_review(binding.policy, by=dsl, kind="local", what=f"Reason {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)

    assert len(many) == len(one)


def test_the_line_of_a_life_names_only_steps_that_a_page_leads_to(school, dsl):
    draft = make_draft(school)

    panel = life_panel(draft, selectors.life_facts(draft, dsl))

    assert [(one["word"], one["stand"]) for one in panel["steps"]] == [
        ("Draft", "here"),
        ("Ratified", "later"),
        ("In force", "later"),
    ]


def test_a_draft_becomes_minor_and_major_on_its_page(school, binding, dsl, signed_in):
    draft = make_draft(school, policy=binding.policy)
    client = signed_in(dsl)

    client.post(
        reverse("policies:version_minor", args=[school.slug, draft.pk]),
        {"reason": "A telephone number.", "revision": draft.revision},
    )
    draft.refresh_from_db()
    assert draft.label == "1.1"
    client.post(reverse("policies:version_major", args=[school.slug, draft.pk]), {"revision": draft.revision})

    draft.refresh_from_db()
    assert draft.label == "2"
