"""Pages of tenancy, through the client."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from schools import services
from schools.enums import Role
from schools.models import Draft, Membership, Rule, Word
from schools.tests.factories import TESTS, make_learner, make_member, make_user, sign_in

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Wren Okafor",
    "email": "wren@school.example",
    "group": "staff",
    "role": "office",
    "job_title": "Office",
}


def page(name: str, school, *args) -> str:
    return reverse(name, args=[school.slug, *args])


@pytest.fixture
def head(school):
    return make_member(school, Role.HEADTEACHER)


# --- Start ------------------------------------------------------------------------------------------------------------


def test_one_school_is_opened_at_once_and_several_are_offered(school, other_school):
    user = make_user()
    make_member(school, Role.STAFF, user=user)
    assert sign_in(user).get("/").headers["Location"] == school.get_absolute_url()

    make_member(other_school, Role.STAFF, user=user)
    content = sign_in(user).get("/").content.decode()

    assert [one.get_absolute_url() in content for one in (school, other_school)] == [True, True]


def test_somebody_without_a_school_is_told_so(db):
    assert sign_in(make_user()).get("/").status_code == 200


def test_strangers_are_asked_to_sign_in(db):
    assert Client().get("/").headers["Location"].startswith(reverse("account_login"))


# --- People -----------------------------------------------------------------------------------------------------------


def test_a_person_is_added_with_a_post(school, head, signed_in):
    answer = signed_in(head).post(page("schools:member_create", school), NEW)

    member = Membership.objects.get(user__email=NEW["email"])
    assert answer.headers["Location"] == page("schools:member_detail", school, member.pk)
    assert (member.roles, member.job_title, member.is_waiting) == ({Role.OFFICE}, "Office", True)


def test_a_person_who_is_there_already_is_said_so_and_nothing_is_lost(school, head, signed_in):
    client = signed_in(head)
    client.post(page("schools:member_create", school), NEW)

    content = client.post(page("schools:member_create", school), NEW).content.decode()

    assert "has been invited already" in content
    assert 'value="Wren Okafor"' in content
    assert Membership.objects.filter(user__email=NEW["email"]).count() == 1


@pytest.mark.parametrize("field", ["name", "email", "group", "role"])
def test_a_missing_or_wrong_answer_is_pointed_at(school, head, signed_in, field):
    answer = signed_in(head).post(page("schools:member_create", school), {**NEW, field: ""})

    assert list(answer.context["form"].errors) == [field]
    assert Membership.objects.filter(user__email=NEW["email"]).count() == 0


def test_a_post_is_given_and_ended(school, head, signed_in):
    member, client = make_member(school), signed_in(head)

    client.post(
        page("schools:post_give", school, member.pk),
        {"role": "dsl", "starts_on": "2026-09-01", "is_lead": "on"},
    )
    post = member.appointments.get()
    assert (post.role, str(post.starts_on), post.is_lead) == ("dsl", "2026-09-01", True)
    client.post(page("schools:post_end", school, post.pk))

    assert Membership.objects.get(pk=member.pk).roles == frozenset()


def test_a_post_is_chosen_never_the_first_of_the_list_and_bears_the_schools_name_for_it(
    school, head, signed_in
):
    member, client = make_member(school), signed_in(head)
    services.set_word(school, "headteacher", "principal", by=TESTS)

    field = client.get(page("schools:member_detail", school, member.pk)).context["form"]["role"]
    assert (field.value(), field.field.choices[0]) == (None, ("", "Choose a post"))
    assert dict(field.field.choices)["headteacher"] == "Principal"
    answer = client.post(
        page("schools:post_give", school, member.pk), {"role": "", "starts_on": "2026-09-01"}
    )

    assert answer.context["form"].errors == {"role": ["Choose a post."]}
    assert member.appointments.count() == 0


def test_a_wrong_post_is_pointed_at(school, head, signed_in):
    member = make_member(school)

    answer = signed_in(head).post(
        page("schools:post_give", school, member.pk), {"role": "king", "starts_on": "x"}
    )

    assert (sorted(answer.context["form"].errors), member.appointments.count()) == (["role", "starts_on"], 0)


def test_a_member_is_ended(school, head, signed_in):
    member = make_member(school, Role.STAFF)

    signed_in(head).post(page("schools:member_end", school, member.pk))

    assert sign_in(member.user).get(school.get_absolute_url()).status_code == 404


def test_people_of_another_school_do_not_exist(school, other_school, head, signed_in):
    theirs, client = make_member(other_school, Role.STAFF), signed_in(head)

    answers = [
        client.get(page("schools:member_detail", school, theirs.pk)),
        client.post(page("schools:member_end", school, theirs.pk)),
        client.post(page("schools:post_give", school, theirs.pk), {"role": "dsl", "starts_on": "2026-09-01"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert theirs.ends_on is None


def test_the_list_of_people_takes_the_same_queries_for_1_and_30(school, head, django_assert_max_num_queries):
    client, address = sign_in(head.user), page("schools:member_list", school)
    client.get(address)
    with django_assert_max_num_queries(15) as few:
        client.get(address)
    for _ in range(30):
        make_member(school, Role.STAFF)
    with django_assert_max_num_queries(len(few.captured_queries)):
        content = client.get(address).content.decode()

    assert content.count("@school.example") >= 31 or content.count("Person ") >= 30


# --- Words, rules, learners -------------------------------------------------------------------------------------------


def test_a_word_is_changed_and_used(school, head, signed_in):
    client = signed_in(head)

    client.post(page("schools:word_edit", school, "learner"), {"text": "student"})

    assert list(Word.objects.values_list("key", "text")) == [("learner", "student")]
    assert "student" in client.get(page("schools:setup", school)).content.decode()


def test_a_rule_is_changed_with_its_source(school, head, signed_in):
    signed_in(head).post(
        page("schools:rule_edit", school, "service_kinds"), {"value": "One", "source": "Governors"}
    )

    assert list(Rule.objects.values_list("key", "value", "source")) == [("service_kinds", "One", "Governors")]


@pytest.mark.parametrize("name", ["schools:word_edit", "schools:rule_edit"])
def test_unknown_words_and_rules_do_not_exist(school, head, signed_in, name):
    assert signed_in(head).get(page(name, school, "nonsense")).status_code == 404


def test_learners_are_searched_for_by_the_pickers_name(school, signed_in):
    make_learner(school, "Quillon", "Marchbanks")
    make_learner(school, "Robin", "Ashdown")
    client = signed_in(make_member(school, Role.STAFF))

    content = client.post(page("schools:learner_search", school), {"people_query": "quill"}).content.decode()

    assert ("Quillon Marchbanks" in content, "Ashdown" in content) == (True, False)


def test_governors_cannot_search_for_learners(school, signed_in):
    make_learner(school, "Quillon", "Marchbanks")
    client = signed_in(make_member(school, Role.GOVERNOR))

    answer = client.post(page("schools:learner_search", school), {"people_query": "quill"})

    assert (answer.status_code, b"Quillon" in answer.content) == (403, False)


# --- Drafts -----------------------------------------------------------------------------------------------------------


def test_autosave_keeps_the_persons_text(school, signed_in):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "incidents.concern")

    answer = signed_in(member).post(
        page("schools:draft_save", school), {"draft_token": token, "narrative": "A start"}
    )

    assert (answer.status_code, services.typed_text(Draft.objects.get())) == (204, {"narrative": "A start"})


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_autosave_without_a_token_keeps_nothing(school, signed_in, token):
    client = signed_in(make_member(school, Role.STAFF))

    answer = client.post(page("schools:draft_save", school), {"draft_token": token, "narrative": "A start"})

    assert (answer.status_code, Draft.objects.count()) == (400, 0)


def test_the_page_for_a_form_open_too_long_says_whether_the_text_is_kept(school):
    member = make_member(school, Role.STAFF)
    token = services.draft_token(member.user, school, "x")
    client, address = Client(enforce_csrf_checks=True), reverse("account_login")

    kept = client.post(address, {"draft_token": token, "narrative": "A start"})
    lost = client.post(address, {"narrative": "A start"})

    assert [answer.status_code for answer in (kept, lost)] == [403, 403]
    assert ["is kept" in answer.content.decode() for answer in (kept, lost)] == [True, False]
    services.discard_draft(school, member.user, "x")
    services.end_membership(member, by=TESTS)
