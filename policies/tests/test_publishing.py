"""The public page of a school: what stands on it, who puts it there, and what anybody else can reach."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import audit, scope
from core.errors import DomainError, InvalidTransition, PermissionRefused
from core.models import AuditEvent
from policies import services
from policies.models import Announcement, Clause, PolicyVersion, Section, SignedDocument
from policies.tests.factories import TESTS, TEXT, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member, sign_in, without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Ada Hart")


@pytest.fixture
def published(school):
    return services.publish_version(make_in_force(school), by=TESTS)


def addresses(school, version) -> dict[str, str]:
    return {
        "published_list": reverse("published_list", args=[school.slug]),
        "published_policy": reverse("published_policy", args=[school.slug, version.policy_id]),
        "published_pdf": reverse("published_pdf", args=[school.slug, version.policy_id]),
    }


@pytest.mark.requirement("R020")
def test_anybody_reads_what_a_school_publishes_and_nothing_else_of_it(client, school, dsl, published):
    make_in_force(school, "Not for everybody")
    make_draft(school, "A draft")

    page = client.get(reverse("published_list", args=[school.slug]))
    text = client.get(reverse("published_policy", args=[school.slug, published.policy_id]))

    assert [row["version"].pk for row in page.context["rows"]] == [published.pk]
    assert "Not for everybody" not in page.content.decode()
    assert "Phones are handed in at the office when the day begins." in text.content.decode()
    for said in (dsl.name, "/s/", published.note or "no note"):
        assert said not in page.content.decode() + text.content.decode()
    assert (page.cookies, text.cookies) == ({}, {})
    assert "script-src" in page["Content-Security-Policy"]
    assert "<script" not in page.content.decode() + text.content.decode()


@pytest.mark.slow
@pytest.mark.requirement("R020")
def test_a_signed_policy_is_published_with_its_pdf(client, school, published):
    address = addresses(school, published)["published_pdf"]
    before = client.get(address).status_code
    services.sign_version(published, by=make_member(school, Role.HEADTEACHER))

    after = client.get(address)
    page = client.get(reverse("published_list", args=[school.slug]))

    assert (before, after.status_code) == (404, 200)
    assert after.content == bytes(SignedDocument.objects.get(version=published).pdf)
    assert after["Content-Disposition"].startswith("attachment")
    assert [row["pdf_url"] for row in page.context["rows"]] == [address]


@pytest.mark.parametrize("end", ["unpublish", "withdraw"])
def test_what_is_not_published_any_more_is_the_same_as_a_wrong_address(client, school, published, end):
    there = addresses(school, published)
    assert client.get(there["published_policy"]).status_code == 200

    if end == "unpublish":
        services.unpublish_version(published, by=TESTS)
    else:
        services.withdraw_version(published, by=TESTS, reason="No longer needed")

    wrong = client.get(reverse("published_policy", args=["no-such-school", uuid4()]))
    for name, address in there.items():
        page = client.get(address)
        assert (name, page.status_code) == (name, 404)
        assert without_tokens(page.content) == without_tokens(wrong.content)


def test_a_policy_stands_on_the_page_of_its_own_school_alone(client, school, other_school, published):
    with scope.acting(schools=[other_school.pk]):
        services.publish_version(make_in_force(other_school, "Another"), by=TESTS)

    address = reverse("published_policy", args=[other_school.slug, published.policy_id])

    assert client.get(address).status_code == 404


def test_somebody_of_another_school_reads_it_like_anybody(school, other_school, published):
    client = sign_in(make_member(other_school, Role.STAFF).user)

    assert client.get(reverse("published_list", args=[school.slug])).status_code == 200


def test_taking_off_a_version_that_another_replaced_says_that_the_page_shows_another(published, dsl):
    newer = services.start_version(published.policy, by=TESTS)
    newer = services.ratify_version(newer, by=TESTS, body="Board", on="2026-01", next_review="2100-01")
    services.bring_into_force(newer, by=TESTS)

    address = reverse("policies:version_unpublish", args=[published.school.slug, published.pk])
    said = sign_in(dsl.user).post(address, follow=True).context["messages"]

    assert [str(one) for one in said] == [
        "This version is not in force, so it is not on the public page. Open the one that is in force."
    ]
    assert PolicyVersion.objects.published().get() == newer


# --- Who publishes, and the record ------------------------------------------------------------------------------------


@pytest.mark.requirement("R020")
def test_where_and_when_is_recorded_and_shown_to_those_who_publish(school, signed_in, dsl):
    version = make_in_force(school)
    client, day = signed_in(dsl), timezone.localdate() - timedelta(days=3)

    client.post(reverse("policies:version_publish", args=[school.slug, version.pk]))
    sent = client.post(
        reverse("policies:version_announce", args=[school.slug, version.pk]),
        {"place": "newsletter", "on": day.isoformat(), "note": "Number 12"},
    )
    client.post(reverse("policies:version_unpublish", args=[school.slug, version.pk]))

    rows = client.get(version.get_absolute_url()).context["publishing"]["rows"]
    assert sent.status_code == 302
    assert [(row["place"], row["note"], row["by"]) for row in rows] == [
        ("Taken off the public page here", "", "Ada Hart"),
        ("Public page here", "", "Ada Hart"),
        ("Newsletter", "Number 12", "Ada Hart"),
    ]
    entries = AuditEvent.objects.filter(object_id=str(version.pk), actor_id=dsl.actor_id).order_by("seq")
    assert [one.action for one in entries] == [
        "policy_version.published",
        "policy_version.announced",
        "policy_version.unpublished",
    ]
    assert audit.payload_of(entries[1])["changes"]["place"] == ["", "newsletter"]


def test_the_record_is_kept_when_a_new_version_comes(school, signed_in, dsl, published):
    newer = make_in_force(school, policy=published.policy, on="2026-11-02")

    panel = signed_in(dsl).get(newer.get_absolute_url()).context["publishing"]

    assert (panel["on_page"], [row["label"] for row in panel["rows"]]) == (True, ["2", "1"])


def test_staff_see_no_switch_and_cannot_publish(school, signed_in):
    version = make_in_force(school)
    staff = make_member(school, Role.STAFF)

    page = signed_in(staff).get(version.get_absolute_url())

    assert page.context["publishing"] is None
    for service in (services.publish_version, services.unpublish_version):
        with pytest.raises(PermissionRefused):
            service(version, by=staff)
    with pytest.raises(PermissionRefused):
        services.record_announcement(version, by=staff, place="letter", on=timezone.localdate())


def test_only_what_is_in_force_is_published(school, dsl):
    with pytest.raises(InvalidTransition, match="Only a version in force"):
        services.publish_version(make_ratified(school), by=dsl)
    assert not Announcement.objects.exists()


def test_the_same_switch_twice_is_recorded_once(school, dsl, published):
    services.publish_version(published, by=dsl)

    assert Announcement.objects.filter(version=published).count() == 1


@pytest.mark.parametrize(
    ("place", "days", "sentence"), [("page", 0, "Choose where"), ("letter", 1, "still to come")]
)
def test_only_what_has_happened_is_recorded(dsl, published, place, days, sentence):
    day = timezone.localdate() + timedelta(days=days)

    with pytest.raises(DomainError, match=sentence):
        services.record_announcement(published, by=dsl, place=place, on=day)


# --- The wall behind it -----------------------------------------------------------------------------------------------


def refused(sql: str) -> bool:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    return True


@pytest.mark.postgres
def test_the_database_shows_a_reader_without_sign_in_published_rows_only(school, other_school, published):
    with scope.acting(schools=[other_school.pk]):
        make_in_force(other_school, "Not for everybody")
    for one in (make_in_force(school, "Not for everybody"), make_draft(school), make_ratified(school)):
        assert one.sections.exists()

    with scope.acting_as_public():
        seen = list(PolicyVersion.objects.values_list("pk", flat=True))
        sections = set(Section.objects.values_list("version_id", flat=True))
        clauses = set(Clause.objects.values_list("version_id", flat=True))
    assert (seen, sections, clauses) == ([published.pk], {published.pk}, {published.pk})


@pytest.mark.postgres
def test_the_database_refuses_a_reader_everything_else(school, published):
    with scope.acting_as_public():
        for statement in (
            "SELECT note FROM policies_policyversion",
            "SELECT * FROM policies_policyversion",
            "SELECT key FROM policies_signingauthority",
            "SELECT name FROM policies_signature",
            "SELECT id FROM policies_policy",
            "SELECT id FROM policies_announcement",
            "SELECT id FROM schools_membership",
            "SELECT id FROM incidents_concern",
            "UPDATE policies_policyversion SET title = 'x'",
            "DELETE FROM policies_clause",
        ):
            assert refused(statement), statement


def test_the_public_page_asks_as_often_with_one_policy_as_with_many(client, school, published):
    address, counts = reverse("published_list", args=[school.slug]), []
    for titles in ([], ["One", "Two", "Three", "Four"]):
        for title in titles:
            services.publish_version(make_in_force(school, title), by=TESTS)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        counts.append(sum("SAVEPOINT" not in one["sql"] for one in asked.captured_queries))

    assert counts == [3, 3]
    assert page.content.decode().count("<tr>") == 6


def test_a_new_version_of_a_published_policy_is_published_with_it(client, school, published):
    ratified = make_ratified(school, text=TEXT.replace("handed in", "kept"), policy=published.policy)
    quiet = make_in_force(school, "Trips")

    new = services.bring_into_force(ratified, by=TESTS)
    services.bring_into_force(make_ratified(school, "Trips", policy=quiet.policy), by=TESTS)

    page = client.get(reverse("published_list", args=[school.slug]))
    text = client.get(reverse("published_policy", args=[school.slug, published.policy_id])).content.decode()
    assert [row["version"].pk for row in page.context["rows"]] == [new.pk]
    assert "Phones are kept at the office" in text
    assert Announcement.objects.filter(version=new, place="page").count() == 1
    assert [event.action for event in AuditEvent.objects.filter(object_id=str(new.pk)).order_by("seq")][
        -2:
    ] == [
        "policy_version.published",
        "policy_version.in_force",
    ]
