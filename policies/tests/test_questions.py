"""The short check of understanding: written with a policy, answered after reading, never a league table."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.audit import payload_of
from core.errors import Conflict, DomainError, InvalidTransition, PermissionRefused
from core.models import AuditEvent
from policies import services
from policies.models import Acknowledgement
from policies.selectors.questions import Question, questions_of
from policies.tests.factories import TESTS, make_in_force
from schools.enums import Role
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(school: Any) -> Any:
    """In force, with two questions, the first about clause 2.1."""
    made = make_in_force(school, audience=["staff"])
    clause = made.clauses.get(label="2.1")
    questions = [
        Question("Where do phones go?", ("To the office", "Into bags", "Home"), str(clause.stable_id)),
        Question("And watches?", ("Home", "To the office")),
    ]
    made.policy = services.set_questions(made.policy, questions, by=TESTS)
    return made


@pytest.fixture
def teacher(school: Any, version: Any) -> Any:
    member = make_member(school, Role.STAFF, name="Teacher")
    services.acknowledge_version(version, by=member)
    return member


def page_of(version: Any) -> str:
    return reverse("policies:version_questions", args=[version.school.slug, version.pk])


def answers(version: Any, *chosen: int) -> dict[str, str]:
    questions = questions_of(version.policy)
    return {f"answer_{at}": questions[at].key(questions[at].answers[one]) for at, one in enumerate(chosen)}


def test_after_the_tick_a_few_questions_are_asked(school, version, signed_in):
    client = signed_in(make_member(school, Role.STAFF))

    answer = client.post(
        reverse("policies:version_acknowledge", args=[school.slug, version.pk]), {"agreed": "1"}
    )

    assert answer.url == page_of(version)
    assert client.get(answer.url).status_code == 200


def test_a_wrong_answer_shows_the_clause_and_they_try_again(version, teacher, signed_in):
    client = signed_in(teacher)

    wrong = client.post(page_of(version), answers(version, 1, 0))
    half = Acknowledgement.objects.get()
    right = client.post(page_of(version), answers(version, 0, 0))

    said = wrong.content.decode()
    assert list(wrong.context["form"].errors) == ["answer_0"]
    assert "2.1 says: “Phones are handed in at the office" in said
    assert (half.tries, half.passed_at) == (1, None)
    assert right.url == version.get_absolute_url()
    given = Acknowledgement.objects.get()
    assert (given.tries, given.passed_at is not None) == (2, True)
    entries = AuditEvent.objects.filter(action="policy_version.questions_answered").order_by("seq")
    assert [payload_of(one)["changes"]["passed"] for one in entries] == [[False, False], [False, True]]


def test_which_answer_is_right_does_not_stand_in_the_form(version, teacher, signed_in):
    shown = signed_in(teacher).get(page_of(version)).context["form"].fields["answer_0"].choices

    assert [key for key, _ in shown] == sorted(key for key, _ in shown)
    assert {said for _, said in shown} == {"To the office", "Into bags", "Home"}


def test_the_list_says_who_answered_and_not_how_often_they_tried(school, version, teacher, signed_in):
    for chosen in ((1, 1), (2, 0), (0, 0)):
        services.answer_questions(version, [*answers(version, *chosen).values()], by=teacher)
    head = signed_in(make_member(school, Role.HEADTEACHER))

    rows = head.get(reverse("policies:version_readers", args=[school.slug, version.pk])).context["rows"]

    how = next(row["cells"][4] for row in rows if row["cells"][0] == "Teacher")
    assert how.startswith("In the browser, questions answered on")
    assert "3" not in how.split(" on ")[0]


def test_a_minor_version_keeps_what_was_answered(version, teacher):
    services.answer_questions(version, [*answers(version, 0, 0).values()], by=teacher)
    draft = services.start_version(version.policy, by=TESTS)
    minor = services.bring_into_force(services.make_minor(draft, by=TESTS, reason="A name"), by=TESTS)

    services.answer_questions(minor, ["wrong", "wrong"], by=teacher)

    given = Acknowledgement.objects.standing_for(minor).get()
    assert (given.tries, given.passed_at is not None) == (1, True)


def test_who_has_not_acknowledged_is_led_to_the_text_first(school, version, signed_in):
    member = make_member(school, Role.STAFF)

    assert signed_in(member).get(page_of(version)).url == version.get_absolute_url()
    with pytest.raises(InvalidTransition):
        services.answer_questions(version, [], by=member)


# --- Writing them -----------------------------------------------------------------------------------------------------


def test_questions_are_written_with_the_policy_and_taken_away_again(school, signed_in):
    policy = make_in_force(school).policy
    client = signed_in(make_member(school, Role.DSL))
    page = reverse("policies:policy_questions", args=[school.slug, policy.pk])
    two = {"text_1": "A?", "answers_1": "Yes\nNo", "text_2": "B?", "answers_2": " No \n\nYes"}

    written = client.post(page, {**two, "revision": 0})
    policy.refresh_from_db()
    kept = questions_of(policy)
    client.post(page, {"revision": 1})

    policy.refresh_from_db()
    assert written.status_code == 302
    assert kept == [Question("A?", ("Yes", "No")), Question("B?", ("No", "Yes"))]
    assert policy.questions == []
    assert AuditEvent.objects.filter(action="policy.questions_set").count() == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"text_1": "A?", "answers_1": "Yes"}, "answers_1"),
        ({"text_1": "A?", "answers_1": "Yes\nYes"}, "answers_1"),
        ({"answers_1": "Yes\nNo"}, "text_1"),
        ({"text_1": "A?", "answers_1": "Yes\nNo"}, "__all__"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field_and_kept(school, signed_in, sent, field):
    policy = make_in_force(school).policy
    page = reverse("policies:policy_questions", args=[school.slug, policy.pk])

    shown = signed_in(make_member(school, Role.DSL)).post(page, {**sent, "revision": 0})

    assert list(shown.context["form"].errors) == [field]
    policy.refresh_from_db()
    assert policy.questions == []


def test_of_two_who_write_questions_the_second_is_told(school, version):
    stale = type(version.policy).objects.get(pk=version.policy_id)
    services.set_questions(version.policy, [], by=TESTS)

    with pytest.raises(Conflict):
        services.set_questions(stale, [], by=TESTS)
    for questions in ([Question("A?", ("Yes", "No"))], [Question("A?", ("Yes",))] * 2):
        with pytest.raises(DomainError):
            services.set_questions(type(stale).objects.get(pk=stale.pk), questions, by=TESTS)
    with pytest.raises(PermissionRefused):
        services.set_questions(stale, [], by=make_member(school, Role.STAFF))
