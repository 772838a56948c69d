"""The transition table, and what the services make of it."""

import pytest
from django.db import IntegrityError, transaction

from core.errors import InvalidTransition, PermissionRefused, WrongValue
from core.models import AuditEvent
from policies import services
from policies.enums import VersionState as V
from policies.models import PolicyVersion
from policies.states import BINDING, IN_PREPARATION, TRANSITIONS, may_become
from policies.tests.factories import TESTS, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member


def test_every_state_is_in_the_table_and_leads_only_to_states():
    assert set(TRANSITIONS) == set(V)
    assert {to for targets in TRANSITIONS.values() for to in targets} <= set(V)


def test_nothing_comes_after_the_end():
    assert [state for state in V if not TRANSITIONS[state]] == [V.SUPERSEDED, V.WITHDRAWN]


def test_a_major_version_comes_into_force_only_once_it_is_ratified():
    assert {state for state in V if may_become(state, V.IN_FORCE)} == {V.RATIFIED, V.UNDER_REVIEW}


def test_a_minor_version_is_never_ratified():
    assert not any(may_become(state, V.RATIFIED, minor=True) for state in V)
    assert {V.DRAFT, V.APPROVED} < {state for state in V if may_become(state, V.IN_FORCE, minor=True)}


def test_a_policy_under_review_still_binds(school):
    version = make_in_force(school)

    PolicyVersion.objects.filter(pk=version.pk).update(state=V.UNDER_REVIEW)

    assert PolicyVersion.objects.binding().get() == version
    assert services.acknowledge_version(version, by=make_member(school, Role.STAFF)).version == version


@pytest.mark.parametrize("state", BINDING)
def test_the_database_keeps_a_second_binding_version_out(school, state):
    old = make_in_force(school)
    newer = make_ratified(school, policy=old.policy)

    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.filter(pk=newer.pk).update(state=state, in_force_from=old.in_force_from)


def test_each_state_is_in_preparation_binding_or_over():
    over = {V.SUPERSEDED, V.WITHDRAWN}
    assert set(IN_PREPARATION) | set(BINDING) | over == set(V)


def test_a_draft_cannot_come_into_force(school):
    draft = make_draft(school)

    with pytest.raises(InvalidTransition, match="Version 1 is draft"):
        services.bring_into_force(draft, by=TESTS)

    draft.refresh_from_db()
    assert draft.state == V.DRAFT


@pytest.mark.requirement("R002", "R004")
def test_ratification_keeps_body_date_minute_and_who(school):
    draft, clerk = make_draft(school, next_review="2027-09"), make_member(school, Role.CLERK)

    version = services.ratify_version(
        draft, by=clerk, body=" Trustees ", on="2026-10", minute_reference="26/41"
    )

    kept = PolicyVersion.objects.get(pk=draft.pk)
    assert version.pk == kept.pk
    assert (kept.ratifying_body, kept.ratified, str(kept.ratified_on), kept.minute_reference) == (
        "Trustees",
        "2026-10",
        "2026-10-31",
        "26/41",
    )
    assert (kept.state, kept.ratified_by, kept.next_review, kept.revision) == (
        V.RATIFIED,
        clerk,
        "2027-09",
        1,
    )
    entry = AuditEvent.objects.order_by("-seq").first()
    assert (entry.action, entry.object_id, entry.actor_id) == (
        "policy_version.ratified",
        str(kept.pk),
        clerk.actor_id,
    )


@pytest.mark.requirement("R005")
def test_without_a_review_date_the_schools_interval_counts(school):
    version = make_ratified(school, on="2026-02-14")

    assert (version.next_review, str(version.next_review_on)) == ("2027-02", "2027-02-28")


@pytest.mark.parametrize(
    ("on", "review"),
    [
        ("2026-10-12", "2026-10-12"),
        ("2026-10-12", "2026-10-11"),
        ("2026-10-12", "2026-09"),
        ("2026-10", "2026-10"),
        ("2026-10", "2026-10-20"),
    ],
)
@pytest.mark.parametrize("printed", [True, False])
def test_a_review_that_is_not_after_the_ratification_is_refused(school, on, review, printed):
    draft = make_draft(school, next_review=review if printed else "2027-10")

    with pytest.raises(WrongValue, match="The next review must be after the day of ratification") as refusal:
        services.ratify_version(
            draft, by=TESTS, body="Trustees", on=on, next_review="" if printed else review
        )

    draft.refresh_from_db()
    assert (refusal.value.about, draft.state, draft.ratified) == ("next_review", V.DRAFT, "")


@pytest.mark.parametrize(
    ("on", "review"), [("2026-10-12", "2026-10-13"), ("2026-10-12", "2026-10"), ("2026-10", "2026-11-01")]
)
def test_a_review_after_the_ratification_is_taken_a_month_from_its_end(school, on, review):
    version = services.ratify_version(
        make_draft(school), by=TESTS, body="Trustees", on=on, next_review=review
    )

    assert (version.state, version.next_review) == (V.RATIFIED, review)


@pytest.mark.parametrize("role", [Role.STAFF, Role.DSL, Role.GOVERNOR, Role.OFFICE])
def test_ratifying_is_refused_without_the_right(school, role):
    draft = make_draft(school)

    with pytest.raises(PermissionRefused):
        services.ratify_version(draft, by=make_member(school, role), body="Trustees", on="2026-10")

    draft.refresh_from_db()
    assert draft.state == V.DRAFT


def test_a_member_of_another_school_is_refused(school, other_school):
    head = make_member(other_school, Role.HEADTEACHER)

    with pytest.raises(PermissionRefused):
        services.ratify_version(make_draft(school), by=head, body="Trustees", on="2026-10")


def test_a_later_version_supersedes_the_one_in_force(school):
    old = make_in_force(school)
    draft = make_draft(school, policy=old.policy)
    ratified = services.ratify_version(draft, by=TESTS, body="Trustees", on="2026-10")

    new = services.bring_into_force(ratified, by=TESTS)

    old.refresh_from_db()
    assert (old.state, old.ended_on, new.state, new.number) == (
        V.SUPERSEDED,
        new.in_force_from,
        V.IN_FORCE,
        2,
    )


def test_withdrawing_keeps_the_reason(school):
    version = services.withdraw_version(make_draft(school), by=TESTS, reason="Uploaded by mistake")

    assert (version.state, version.note) == (V.WITHDRAWN, "Withdrawn: Uploaded by mistake")


def test_what_binds_is_withdrawn_only_by_those_who_ratify(school):
    version = make_in_force(school)

    with pytest.raises(PermissionRefused):
        services.withdraw_version(version, by=make_member(school, Role.DSL), reason="No longer needed")


def test_a_superseded_version_is_not_acknowledged(school):
    old = make_in_force(school)
    draft = make_draft(school, policy=old.policy)
    services.bring_into_force(
        services.ratify_version(draft, by=TESTS, body="Trustees", on="2026-10"), by=TESTS
    )

    with pytest.raises(InvalidTransition, match="superseded"):
        services.acknowledge_version(old, by=make_member(school, Role.STAFF))
