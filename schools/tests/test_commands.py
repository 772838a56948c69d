"""Making a school and giving the posts that no page gives, from the command line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import scope
from core.models import AuditEvent, AuditHead, OutgoingMail
from schools import selectors, services
from schools.enums import Role
from schools.models import Closure, Membership, School, Term
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
CALENDAR = """
[[terms]]
name = "Autumn"
starts = 2026-09-02
ends = 2026-12-18
[[closures]]
name = "Half-term"
starts = 2026-10-26
ends = 2026-10-30
"""


def create(slug: str = "hillside", email: str = "ada@hillside.example", **options: Any) -> School:
    call_command("create_school", "Hillside", slug, admin_name="Ada Bell", admin_email=email, **options)
    return School.objects.get(slug=slug)


def actors(school) -> set[str]:
    return set(AuditEvent.objects.filter(school_id=school.pk).values_list("actor_id", flat=True))


def give(school, member, post: str, *words: str) -> None:
    call_command("give_post", school.slug, member.user.email, post, *words)


# --- The first school -------------------------------------------------------------------------------------------------


def test_a_school_begins_with_its_terms_and_an_invited_administrator(tmp_path, capsys):
    file = tmp_path / "terms.toml"
    file.write_text(CALENDAR)
    call_command(
        "create_school", "Hillside", "hillside", "--kind=nursery", "--admin-name=Ada Bell",
        "--admin-email=ada@hillside.example", f"--terms={file}",
    )  # fmt: skip

    school = School.objects.get()
    with scope.acting(schools=[school.pk]):
        admin, link = Membership.objects.get(), OutgoingMail.objects.get().path
        assert (admin.name, admin.roles, admin.is_waiting) == ("Ada Bell", {Role.ADMIN}, True)
        assert (Term.objects.get().name, Closure.objects.get().reason) == ("Autumn", "Half-term")
        assert (school.kind, actors(school)) == ("nursery", {"job:create_school"})
    assert services.read_invitation(link.split("/")[2]) == admin
    assert link.rpartition(":")[0].rpartition(":")[0] in capsys.readouterr().out


def test_a_slug_that_is_taken_is_refused_and_nothing_is_changed():
    school = create()

    with pytest.raises(CommandError, match="There is a school hillside already"):
        create(email="another@hillside.example")

    with scope.acting(schools=[school.pk]):
        assert (School.objects.count(), Membership.objects.count(), AuditHead.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("slug", "email"), [("not a slug", "ada@hillside.example"), ("hillside", "ada"), ("hillside", "")]
)
def test_a_wrong_slug_or_address_makes_nothing(slug, email):
    with pytest.raises(CommandError, match="Nothing was made"):
        create(slug, email)

    assert School.objects.count() == 0


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (("[[terms]]", "[[terms"), "cannot be read"),
        (("[[terms]]", "[[others]]"), "has no"),
        (("2026-12-18", "2026-08-01"), "a later last day"),
        (("2026-12-18", '"soon"'), "a later last day"),
        (('"Autumn"', '"' + "x" * 41 + '"'), "at most 40"),
        (("2026-10-30", "2026-10-25"), "a later last day"),
    ],
)
def test_a_calendar_that_cannot_be_read_makes_no_school(tmp_path, spoil, sentence):
    file = tmp_path / "terms.toml"
    file.write_text(CALENDAR.replace(*spoil))

    with file.open() as terms, pytest.raises(CommandError, match=rf"Nothing was made\. .*{sentence}"):
        create(terms=terms)

    assert School.objects.count() == 0


def test_the_terms_of_the_next_year_are_added_once(school, tmp_path):
    file = tmp_path / "terms.toml"
    file.write_text(CALENDAR)
    call_command("add_terms", school.slug, str(file))

    with pytest.raises(CommandError, match="Nothing was added"):
        call_command("add_terms", school.slug, str(file))
    with pytest.raises(CommandError, match="no school"):
        call_command("add_terms", "elsewhere", str(file))

    assert (Term.objects.count(), Closure.objects.count()) == (1, 1)


# --- Posts ------------------------------------------------------------------------------------------------------------


def test_the_chair_is_given_and_ended_by_command(school, capsys):
    member, today = make_member(school, Role.GOVERNOR), timezone.localdate()

    give(school, member, "chair")
    assert selectors.people_with_role(school, Role.CHAIR) == [member]
    with pytest.raises(CommandError, match="--until DAY"):
        give(school, member, "chair")
    give(school, member, "chair", f"--until={today + 9 * DAY}")

    post = member.appointments.get(role=Role.CHAIR)
    assert (post.ends_on, "job:give_post" in actors(school)) == (today + 9 * DAY, True)
    with pytest.raises(CommandError, match="already"):
        give(school, member, "chair", f"--until={today + 10 * DAY}")


def test_a_post_waits_for_the_invited_persons_yes(school, capsys):
    member = services.invite_member(school, "head@hillside.example", "Wren Okafor", Role.STAFF, by=TESTS)

    give(school, member, "headteacher", "--lead", f"--until={timezone.localdate() + DAY}")

    assert "holds once they have accepted" in capsys.readouterr().out
    assert selectors.people_with_role(school, Role.HEADTEACHER) == []
    services.accept_invitation(member, by=member.user)
    assert selectors.people_with_role(school, Role.HEADTEACHER) == [member]


def test_a_stranger_a_leaver_and_an_unknown_school_get_no_post(school, other_school):
    stranger, leaver = make_member(other_school, Role.STAFF), make_member(school, Role.STAFF)
    services.end_membership(leaver, by=TESTS)

    with pytest.raises(CommandError, match="Invite them first"):
        give(school, stranger, "chair")
    with pytest.raises(CommandError, match="left"):
        give(school, leaver, "chair")
    with pytest.raises(CommandError, match="no school"):
        call_command("give_post", "elsewhere", "a@b.example", "chair")
    with pytest.raises(CommandError, match="before the first"):
        give(school, make_member(school), "chair", "--until=2020-01-01")
