"""What other apps ask: how policies stand, what waits for a person, how many have read."""

from datetime import date

import pytest
import time_machine

from core.models import OutgoingMail
from policies import selectors, services
from policies.tests.factories import TEXT, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member

TODAY = date(2026, 11, 21)


@pytest.mark.requirement("R005")
def test_standing_counts_documents(school):
    for title, due in (("Late", "2026-10"), ("Soon", "2026-12"), ("Fine", "2027-10")):
        make_in_force(school, title, next_review=due)
    make_draft(school, "Not yet")

    standing = selectors.policy_standing(school, TODAY)

    assert (
        standing.in_force,
        standing.overdue,
        standing.due_soon,
        standing.without_review_date,
        standing.in_preparation,
    ) == (3, 1, 1, 0, 1)
    assert [(row.title, row.days_to_review, row.signatures) for row in standing.rows] == [
        ("Fine", 344, 0),
        ("Late", -21, 0),
        ("Not yet", None, 0),
        ("Soon", 40, 0),
    ]


def test_what_waits_depends_on_the_post(school):
    make_in_force(school, "To read")
    make_draft(school, "To ratify")
    make_ratified(school, "To sign")

    def waits(*roles):
        return [(one.what, one.title) for one in selectors.waiting_for(make_member(school, *roles))]

    read = ("Read and acknowledge", "To read")
    assert waits(Role.STAFF) == [read]
    assert waits(Role.CLERK) == [read, ("Ratify", "To ratify")]
    assert sorted(waits(Role.HEADTEACHER)) == [
        ("Ratify", "To ratify"),
        read,
        ("Sign", "To read"),
        ("Sign", "To sign"),
    ]
    assert sorted(waits(Role.CHAIR)) == [("Ratify", "To ratify"), read]


@pytest.mark.requirement("R023")
def test_figures_count_those_whom_a_policy_covers(school):
    staff = [make_member(school, Role.STAFF) for _ in range(3)]
    version = make_in_force(school, "Conduct", audience=["staff"])
    make_in_force(school, "For IT alone", audience=["it"])
    services.acknowledge_version(version, by=staff[0])

    figures = selectors.acknowledgement_figures(school)

    assert [(one.title, one.asked, one.done) for one in figures] == [
        ("Conduct", 3, 1),
        ("For IT alone", 0, 0),
    ]


@pytest.mark.requirement("R023")
def test_a_version_in_force_asks_those_whom_it_covers_once(school):
    member, outside = make_member(school, Role.STAFF), make_member(school, Role.CLERK)
    outside.group = "governor"
    outside.save()

    make_in_force(school, audience=["staff"])

    assert list(OutgoingMail.objects.values_list("recipient", "template")) == [
        (member.user.email, "policies/to_acknowledge")
    ]


def test_a_mail_names_the_policy_and_nobody(school):
    from core.mail import render_mail  # noqa: PLC0415

    make_member(school, Role.STAFF, name="Zebedee Quill")
    make_in_force(school, "Phones")

    message = render_mail(OutgoingMail.objects.get())

    assert message.subject == "A policy waits for you to read it"
    assert "Phones" in message.body
    assert "Quill" not in message.body + str(message.alternatives)


@pytest.mark.requirement("R011")
def test_a_policy_is_found_under_a_name_that_differs_a_little(school):
    held = make_in_force(school, "Child Protection Policy").policy

    found = selectors.held_policies(school, ["The child-protection policies", "Behaviour policy"])

    assert found == [("The child-protection policies", held), ("Behaviour policy", None)]


def test_the_demonstration_makes_a_year_with_plain_values_under_a_moved_clock(school):
    with time_machine.travel("2026-01-12 09:00+00:00", tick=False):
        lead, clerk = make_member(school, Role.DSL), make_member(school, Role.CLERK)
        source = services.import_document(school, TEXT.encode(), "policy.txt", by=lead)
        draft = services.save_draft(source, 0, services.DraftDetails(title="Phones"), by=lead)
        ratified = services.ratify_version(draft, by=clerk, body="Governing Body", on="2026-01")
        version = services.bring_into_force(ratified, by=clerk)

    assert (version.in_force_from, version.created_at.date(), version.next_review) == (
        date(2026, 1, 12),
        date(2026, 1, 12),
        "2027-01",
    )
