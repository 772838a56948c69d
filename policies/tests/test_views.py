"""Each page: what it does, who is refused, what happens to wrong input and to a state that changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies import services
from policies.models import Acknowledgement, PolicyVersion
from policies.tests.factories import TESTS, TEXT, make_draft, make_in_force, make_ratified
from schools import services as people
from schools.enums import Role
from schools.tests.factories import make_member

RATIFICATION = {"body": "Trustees", "on": "12 October 2026", "revision": 0}


def address(name: str, school: Any, *args: Any) -> str:
    return reverse(f"policies:{name}", args=[school.slug, *args])


# name → (state it needs, what is sent, a role that may, a role that may not)
WRITES = {
    "version_ratify": (make_draft, RATIFICATION, Role.CLERK, Role.DSL),
    "version_start": (make_ratified, {"revision": 1}, Role.CHAIR, Role.DSL),
    "version_withdraw": (make_draft, {"revision": 0, "reason": "By mistake"}, Role.DSL, Role.CLERK),
    "version_sign": (make_ratified, {"signed": 0, "name": "Ada Hart"}, Role.HEADTEACHER, Role.DSL),
}


@pytest.mark.parametrize("name", WRITES)
def test_a_wrong_role_is_refused_and_nothing_changes(school, signed_in, name):
    make, sent, _, wrong = WRITES[name]
    version = make(school)

    response = signed_in(make_member(school, wrong)).post(address(name, school, version.pk), sent)

    assert response.status_code == 403
    assert PolicyVersion.objects.get().state == version.state


@pytest.mark.parametrize("name", WRITES)
def test_a_version_of_another_school_is_not_there(school, other_school, signed_in, name):
    make, sent, right, _ = WRITES[name]
    version = make(school)
    member = make_member(other_school, right, name="Ada Hart")

    response = signed_in(member).post(address(name, other_school, version.pk), sent)
    stranger = signed_in(member).post(address(name, school, version.pk), sent)

    assert [response.status_code, stranger.status_code] == [404, 404]
    assert PolicyVersion.objects.get().state == version.state


@pytest.mark.parametrize("name", ["policy_detail", "version_detail", "version_readers", "document_download"])
def test_reading_pages_show_nothing_of_another_school(school, other_school, signed_in, name):
    version = make_in_force(school)
    key = version.policy_id if name == "policy_detail" else version.pk
    head = signed_in(make_member(other_school, Role.HEADTEACHER))

    assert head.get(address(name, other_school, key)).status_code == 404
    assert head.get(address(name, school, key)).status_code == 404


@pytest.mark.parametrize("state", [make_draft, make_ratified])
def test_what_is_not_in_force_is_not_there_for_staff(school, signed_in, state):
    version = state(school)
    teacher = signed_in(make_member(school, Role.STAFF))

    assert teacher.get(address("version_detail", school, version.pk)).status_code == 404
    assert teacher.get(address("policy_detail", school, version.policy_id)).status_code == 404
    assert version.title not in teacher.get(address("policy_list", school)).content.decode()


@pytest.mark.parametrize(("name", "make", "sent", "field"), [
    ("version_ratify", make_draft, {**RATIFICATION, "on": "some day"}, "on"),
    ("version_ratify", make_draft, {**RATIFICATION, "body": ""}, "body"),
    ("version_ratify", make_draft, {**RATIFICATION, "on": "12 October 2099"}, "__all__"),
    ("version_ratify", make_draft, {**RATIFICATION, "next_review": "12 October 2026"}, "next_review"),
    ("version_withdraw", make_draft, {"revision": 0, "reason": " "}, "reason"),
    ("version_sign", make_ratified, {"signed": 0, "name": "Somebody Else"}, "name"),
])  # fmt: skip
def test_wrong_input_is_shown_again_and_changes_nothing(school, signed_in, name, make, sent, field):
    version = make(school)

    page = signed_in(make_member(school, Role.HEADTEACHER)).post(address(name, school, version.pk), sent)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert PolicyVersion.objects.get().state == version.state


@pytest.mark.requirement("R004")
def test_a_form_from_an_hour_ago_is_refused_and_keeps_what_was_typed(school, signed_in):
    draft = make_draft(school)
    first = make_member(school, Role.CLERK, name="Bo First")
    services.ratify_version(draft, by=first, body="Governing Body", on="2026-10")

    page = signed_in(make_member(school, Role.HEADTEACHER)).post(
        address("version_ratify", school, draft.pk), RATIFICATION
    )

    assert "Bo First was first: ratified by Governing Body" in page.context["form"].errors["__all__"][0]
    assert 'value="Trustees"' in page.content.decode()
    assert PolicyVersion.objects.get().ratifying_body == "Governing Body"


def test_bringing_a_draft_into_force_says_why_not(school, signed_in):
    draft = make_draft(school)

    page = signed_in(make_member(school, Role.CHAIR)).post(
        address("version_start", school, draft.pk), {"revision": 0}, follow=True
    )

    assert "Version 1 is draft" in page.content.decode()
    assert PolicyVersion.objects.get().state == "draft"


@pytest.mark.requirement("R017")
def test_reading_page_shows_every_clause_with_its_label_and_its_own_link(school, signed_in):
    version = make_in_force(school)

    page = signed_in(make_member(school, Role.STAFF)).get(version.get_absolute_url()).content.decode()

    for clause in version.clauses.all():
        assert (
            f'id="{clause.anchor}"><span class="clause-label">{clause.label}</span><p>{clause.text}</p>'
            in page
        )
        assert f'href="#{clause.anchor}"' in page


@pytest.mark.requirement("R016")
def test_reading_page_says_which_section_is_not_used(school, signed_in):
    version = make_in_force(school)

    page = signed_in(make_member(school, Role.STAFF)).get(version.get_absolute_url())

    assert [one.status for one in page.context["contents"]] == ["", "", "Not used", ""]


@pytest.mark.requirement("R023", "R055")
def test_acknowledging_needs_the_word_and_is_recorded_once(school, signed_in):
    version, teacher = make_in_force(school), make_member(school, Role.STAFF)
    client, url = signed_in(teacher), address("version_acknowledge", school, version.pk)

    without = client.post(url, {})
    client.post(url, {"agreed": "on"})
    client.post(url, {"agreed": "on"})

    assert list(without.context["form"].errors) == ["agreed"]
    assert list(Acknowledgement.objects.values_list("version_id", "member_id")) == [(version.pk, teacher.pk)]


def test_acknowledging_in_another_school_is_not_there(school, other_school, signed_in):
    version = make_in_force(school)
    client = signed_in(make_member(other_school, Role.STAFF))

    assert (
        client.post(address("version_acknowledge", other_school, version.pk), {"agreed": "on"}).status_code
        == 404
    )
    assert Acknowledgement.objects.count() == 0


@pytest.mark.requirement("R023")
def test_names_of_those_who_have_not_read_are_for_those_who_may_see_them(school, signed_in):
    version = make_in_force(school)
    reader, late = (
        make_member(school, Role.STAFF, name="Read Already"),
        make_member(school, Role.STAFF, name="Not Yet"),
    )
    services.acknowledge_version(version, by=reader)
    url = address("version_readers", school, version.pk) + "?state=missing"

    page = signed_in(make_member(school, Role.NAMED_GOVERNOR, name="Gov Ernor")).get(url).content.decode()

    assert "Not Yet" in page
    assert "Read Already" not in page
    assert signed_in(late).get(url).status_code == 403
    assert "have not read it" not in signed_in(late).get(version.get_absolute_url()).content.decode()


def test_library_puts_first_what_needs_attention(school, signed_in, time_machine):
    time_machine.move_to("2026-11-21T12:00+00:00")
    read = make_in_force(school, "A: all is well")
    for title, due in (("B: to read", "2099-01"), ("C: due soon", "2026-12"), ("D: overdue", "2026-10")):
        make_in_force(school, title, next_review=due)
    make_draft(school, "E: draft")
    head = make_member(school, Role.HEADTEACHER)
    services.acknowledge_version(read, by=head)

    rows = signed_in(head).get(address("policy_list", school)).context["rows"]

    assert [row["cells"][0][0] for row in rows] == ["D", "C", "B", "E", "A"]


LONG = TEXT + "".join(f"4.{n} Clause number {n} says what is to be done.\n" for n in range(2, 32))
# Session and account are not counted, membership with its school and posts is: at most 15 besides.
NOT_COUNTED = ("django_session", 'FROM "schools_user"', "SAVEPOINT", "set_config")
PAGES = {
    "library of the head": ("policy_list", Role.HEADTEACHER),
    "library of a teacher": ("policy_list", Role.STAFF),
    "policy for the head": ("version_detail", Role.HEADTEACHER),
    "policy for a teacher": ("version_detail", Role.STAFF),
    "readers": ("version_readers", Role.DSL),
}


@pytest.mark.slow
def test_pages_ask_as_often_with_thirty_rows_as_with_one(school, signed_in):
    clients = {which: signed_in(make_member(school, role)) for which, (_, role) in PAGES.items()}
    counts = {which: [] for which in PAGES}
    for rows in (1, 30):
        for number in range(rows):
            version = make_in_force(
                school, f"Policy {rows} {number}", text=LONG if rows == 30 and number == 29 else TEXT
            )
            make_member(school, Role.STAFF)
        for which, (name, _) in PAGES.items():
            url = address(name, school, *([] if name == "policy_list" else [version.pk]))
            clients[which].get(url)  # the first request of a session also writes it
            with CaptureQueriesContext(connection) as asked:
                clients[which].get(url)
            counts[which].append(
                sum(not any(part in one["sql"] for part in NOT_COUNTED) for one in asked.captured_queries)
            )

    assert {which: one for which, (one, many) in counts.items() if not one == many <= 16} == {}


def test_an_upload_sent_twice_leads_to_the_same_preview(school, signed_in):
    client = signed_in(make_member(school, Role.DSL))
    ref = client.get(address("document_upload", school)).context["form"]["client_ref"].value()

    pages = [
        client.post(
            address("document_upload", school),
            {"file": SimpleUploadedFile("p.txt", TEXT.encode()), "client_ref": ref},
        )
        for _ in range(2)
    ]

    assert pages[0].url == pages[1].url


@pytest.mark.parametrize("name", ["document_upload", "document_preview", "source_download"])
def test_uploading_is_for_those_who_prepare_policies(school, other_school, signed_in, name):
    source = services.import_document(school, TEXT.encode(), "p.txt", by=TESTS)
    args = [] if name == "document_upload" else [source.pk]

    assert signed_in(make_member(school, Role.STAFF)).get(address(name, school, *args)).status_code == 403
    lead = signed_in(make_member(other_school, Role.DSL))
    assert lead.get(address(name, school, *args)).status_code == 404
    if args:
        assert lead.get(address(name, other_school, *args)).status_code == 404


def test_a_document_that_is_not_in_the_file_is_not_there(school, signed_in):
    source = services.import_document(school, TEXT.encode(), "p.txt", by=TESTS)
    client = signed_in(make_member(school, Role.DSL))

    codes = [
        client.get(address("document_preview", school, source.pk) + f"?document={asked}").status_code
        for asked in ("1", "2", "0", "99999", "x")
    ]

    assert codes == [200, 404, 404, 200, 200]


@pytest.mark.requirement("R276")
def test_posts_are_called_as_the_school_calls_them(school, signed_in):
    head = make_member(school, Role.HEADTEACHER)
    version = make_in_force(school)
    people.set_word(school, "headteacher", "principal", by=head)
    version.policy.owner_role = Role.HEADTEACHER
    version.policy.save()

    client = signed_in(head)
    page = client.get(version.get_absolute_url())
    readers = client.get(reverse("policies:version_readers", args=[school.slug, version.pk]))

    assert {"label": "Owned by", "value": "Principal"} in page.context["facts"]
    assert [row["cells"][1] for row in readers.context["rows"]] == ["Principal"]


def test_the_library_of_a_teacher_says_nothing_of_drafts(school, signed_in):
    make_draft(school, policy=make_in_force(school).policy)
    library = address("policy_list", school)

    teacher = signed_in(make_member(school, Role.STAFF)).get(library)
    head = signed_in(make_member(school, Role.HEADTEACHER)).get(library)

    assert [len(teacher.context["columns"]), len(head.context["columns"])] == [4, 5]
    assert "draft" not in teacher.content.decode()
    assert "Version 2, draft" in head.content.decode()
