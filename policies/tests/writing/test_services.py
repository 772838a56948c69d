"""Writing a draft: what each change does to the text, to the audit trail, and to somebody who was a moment later."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused
from core.models import AuditEvent
from policies import services
from policies.models import Clause, PolicyVersion
from policies.services import DraftDetails, Heading
from policies.tests.factories import TESTS, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member

LABELS = ["1.1", "1.2", "2.1", "2.2", "4.1"]


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL)


@pytest.fixture
def draft(school):
    return make_draft(school)


def labels(version: PolicyVersion) -> list[str]:
    return [clause.label for clause in version.clauses.order_by("position")]


def headings(version: PolicyVersion) -> dict[str, list[str]]:
    sections = version.sections.order_by("position").prefetch_related("clauses")
    return {one.heading: [clause.label for clause in one.clauses.all()] for one in sections}


def id_of(version: PolicyVersion, label: str):
    return version.clauses.get(label=label).stable_id


def last_entry() -> AuditEvent:
    return AuditEvent.objects.latest("seq")


def act(version: PolicyVersion, service, *args, **kwargs):
    """A change made by somebody who has just read the draft."""
    version.refresh_from_db()
    return service(version, *args, **kwargs)


def test_a_new_policy_is_an_empty_draft_of_the_school(school, dsl):
    version = services.start_policy(school, DraftDetails(title=" Trips "), by=dsl)

    assert (version.title, version.state, version.number, version.policy.setting) == (
        "Trips",
        "draft",
        1,
        school.name,
    )
    assert (version.sections.count(), last_entry().action) == (0, "policy_version.drafted")
    with pytest.raises(DomainError, match="already"):
        services.start_policy(school, DraftDetails(title="TRIPS"), by=dsl)


def test_a_new_version_takes_over_text_and_identities_but_not_the_dates(school, dsl):
    old = make_in_force(school)

    new = services.start_version(old.policy, by=dsl)

    def text(version):
        return list(version.clauses.values_list("stable_id", "label", "text", "depth", "section__heading"))

    assert text(new) == text(old)
    assert (new.number, new.state, new.written, new.ratifying_body) == (2, "draft", "", "")
    assert new.linked_policies == old.linked_policies
    assert new.key_details["dsl"] == ["Marit Tolland"]
    assert services.start_version(old.policy, by=dsl) == new
    assert PolicyVersion.objects.count() == 2


def test_nobody_begins_another_version_beside_one_whose_text_rests(school, dsl, signed_in):
    resting = services.start_version(make_in_force(school).policy, by=dsl)
    day = timezone.localdate()
    services.open_consultation(resting, by=dsl, question="Is it clear?", until=day, posts=[Role.DSL])
    address = reverse("policies:policy_revise", args=[school.slug, resting.policy_id])

    answer = signed_in(dsl).post(address, follow=True)

    assert answer.redirect_chain == [(resting.get_absolute_url(), 302)]
    assert "Version 2 is being prepared already" in answer.content.decode()
    assert PolicyVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("beside", "above", "expected"),
    [
        ("1.1", False, ["1.1", "new", "1.2", "2.1", "2.2", "4.1"]),
        ("1.1", True, ["new", "1.1", "1.2", "2.1", "2.2", "4.1"]),
        ("4.1", False, [*LABELS, "new"]),
    ],
)
def test_a_clause_is_added_beside_another(dsl, draft, beside, above, expected):
    made = services.add_clause(draft, ("new", "Said."), by=dsl, beside=id_of(draft, beside), above=above)

    assert labels(draft) == expected
    assert made.section == draft.clauses.get(label=beside).section
    assert (last_entry().action, last_entry().object_id) == ("policy_clause.added", str(made.pk))


def test_the_first_clause_of_a_section_is_added(dsl, draft):
    section = draft.sections.get(label="3.")

    services.add_first_clause(draft, ("3.1", "Said."), by=dsl, section=section.pk)

    assert labels(draft) == ["1.1", "1.2", "2.1", "2.2", "3.1", "4.1"]


def test_a_reworded_clause_keeps_its_identity_and_the_audit_both_wordings(dsl, draft):
    identity = id_of(draft, "2.1")

    services.reword_clause(draft, (" 2.1a ", "Phones stay at home.\x00"), by=dsl, clause=identity)

    clause = draft.clauses.get(stable_id=identity)
    assert (clause.label, clause.text) == ("2.1a", "Phones stay at home.")
    changes = audit.payload_of(last_entry())["changes"]
    assert changes["label"] == ["2.1", "2.1a"]
    assert changes["text"][1] == "Phones stay at home."


@pytest.mark.parametrize(
    ("label", "direction", "expected"),
    [
        ("1.1", "down", ["1.2", "1.1", "2.1", "2.2", "4.1"]),
        ("2.2", "up", ["1.1", "1.2", "2.2", "2.1", "4.1"]),
    ],
)
def test_a_clause_changes_places_with_its_neighbour(dsl, draft, label, direction, expected):
    services.move_clause(draft, direction, by=dsl, clause=id_of(draft, label))

    assert labels(draft) == expected


def test_a_clause_that_moves_past_the_end_goes_into_the_next_section(dsl, draft):
    identity = id_of(draft, "2.2")

    act(draft, services.move_clause, "down", by=dsl, clause=identity)
    assert headings(draft)["Smart speakers"] == ["2.2"]
    act(draft, services.move_clause, "down", by=dsl, clause=identity)

    assert headings(draft)["Monitoring and review"] == ["2.2", "4.1"]
    act(draft, services.move_clause, "up", by=dsl, clause=identity)
    assert headings(draft)["Smart speakers"] == ["2.2"]


def test_a_clause_goes_in_and_out_within_limits(dsl, draft):
    identity = id_of(draft, "1.1")

    act(draft, services.move_clause, "in", by=dsl, clause=identity)

    assert draft.clauses.get(label="1.1").depth == 1
    act(draft, services.move_clause, "out", by=dsl, clause=identity)
    with pytest.raises(DomainError, match="as far out"):
        act(draft, services.move_clause, "out", by=dsl, clause=identity)
    with pytest.raises(DomainError, match="first already"):
        act(draft, services.move_clause, "up", by=dsl, clause=identity)


def test_a_deleted_clause_leaves_its_words_to_the_audit(dsl, draft):
    services.delete_clause(draft, by=dsl, clause=id_of(draft, "1.2"))

    assert labels(draft) == ["1.1", "2.1", "2.2", "4.1"]
    assert audit.payload_of(last_entry())["changes"]["label"] == ["1.2", ""]


def test_sections_are_added_changed_moved_and_deleted(dsl, draft):
    first = draft.sections.get(label="2.")
    made = act(draft, services.add_section, Heading("2A.", "Searches", 2), by=dsl, after=first.pk)
    act(draft, services.change_section, Heading("5.", "Searching", 1, "not used"), by=dsl, section=made.pk)
    act(draft, services.move_section, "down", by=dsl, section=made.pk)
    act(draft, services.delete_section, by=dsl, section=first.pk)

    made.refresh_from_db()
    assert (made.level, made.status) == (1, "not used")
    assert headings(draft) == {
        "Policy aims and scope": ["1.1", "1.2", "2.1", "2.2"],
        "Smart speakers": [],
        "Searching": [],
        "Monitoring and review": ["4.1"],
    }
    with pytest.raises(DomainError, match="has clauses"):
        act(draft, services.delete_section, by=dsl, section=draft.sections.get(position=0).pk)


def test_of_two_who_write_at_once_the_second_is_told_and_nothing_is_lost(dsl, draft):
    theirs = PolicyVersion.objects.get(pk=draft.pk)
    services.reword_clause(draft, ("1.1", "The first."), by=dsl, clause=id_of(draft, "1.1"))

    with pytest.raises(Conflict):
        services.reword_clause(theirs, ("1.2", "The second."), by=dsl, clause=id_of(draft, "1.2"))

    assert not Clause.objects.filter(text="The second.").exists()


@pytest.mark.parametrize("make", [make_ratified, make_in_force])
def test_only_drafts_are_written(school, dsl, make):
    version = make(school)

    with pytest.raises(InvalidTransition, match="only a draft"):
        services.reword_clause(version, ("1.1", "Other words."), by=dsl, clause=id_of(version, "1.1"))
    with pytest.raises(InvalidTransition):
        services.save_details(version, services.VersionDetails(title="Other"), by=dsl)

    assert not version.clauses.filter(text="Other words.").exists()


def test_only_those_who_prepare_policies_write_them(school, draft):
    clerk = make_member(school, Role.CLERK)

    with pytest.raises(PermissionRefused):
        services.delete_clause(draft, by=clerk, clause=id_of(draft, "1.1"))
    with pytest.raises(PermissionRefused):
        services.start_policy(school, DraftDetails(title="Trips"), by=clerk)

    assert labels(draft) == LABELS


def test_details_are_set_and_what_changed_is_audited(dsl, draft):
    details = services.VersionDetails(
        title="Phones",
        written="2026-11",
        dsl=["Ada Hart"],
        guidance=[{"title": "Searching", "edition": "2022"}],
    )

    services.save_details(draft, details, by=dsl)

    draft.refresh_from_db()
    assert (draft.title, draft.written, str(draft.written_on)) == ("Phones", "2026-11", "2026-11-30")
    assert (draft.key_details["dsl"], draft.linked_policies) == (["Ada Hart"], [])
    assert audit.payload_of(last_entry())["changes"]["title"] == ["Phones and devices", "Phones"]


def test_a_long_text_is_renumbered_with_the_same_few_queries(dsl, school, django_assert_max_num_queries):
    lines = "\n".join(f"1.{number} Clause number {number} says something." for number in range(1, 301))
    long = make_draft(school, "Long", text=f"Long Policy\n\n1. All of it\n{lines}\n\n2. End\n2.1 The end.\n")
    assert long.clauses.count() == 301

    with django_assert_max_num_queries(25):
        services.add_clause(long, ("new", "Said."), by=TESTS, beside=id_of(long, "1.1"), above=True)

    assert labels(long)[:3] == ["new", "1.1", "1.2"]
