"""The set-up page: what a school answered, what holds otherwise, and which answers the hub acts on."""

from __future__ import annotations

import pytest
from django.urls import reverse

from schools import presenters, services
from schools.enums import Role
from schools.selectors import rule_questions
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db


def rows(groups) -> dict[str, dict[str, object]]:
    """The rows of all groups by the key at the end of their address."""
    return {row["url"].rstrip("/").rpartition("/")[2]: row for group in groups for row in group["rows"]}


def test_every_rule_stands_once_among_those_acted_on_or_those_kept(school):
    page = presenters.setup(school)

    used, kept = rows(page["rule_groups"]), rows(page["kept_groups"])

    assert sorted([*used, *kept]) == sorted(rule_questions())
    assert ("triage_hours" in used, "staff_phone_storage" in kept) == (True, True)
    assert page["kept_count"] == len(kept)


def test_a_rule_shows_answer_default_source_and_whether_anybody_confirmed_it(school):
    services.set_rule(school, "triage_hours", "1", by=TESTS, source="Governors, June")

    used = rows(presenters.setup(school)["rule_groups"])

    shown = [used["triage_hours"][name] for name in ("answer", "source", "is_default", "unconfirmed")]
    assert shown == ["1 school hour", "Governors, June", False, True]
    assert used["triage_hours"]["default"] == "4 school hours"
    assert (used["idle_minutes"]["answer"], used["idle_minutes"]["unconfirmed"]) == ("15 minutes", False)


def test_the_page_marks_unconfirmed_defaults_and_folds_what_is_only_recorded(school, signed_in):
    content = (
        signed_in(make_member(school, Role.HEADTEACHER))
        .get(reverse("schools:setup", args=[school.slug]))
        .content.decode()
    )

    used, fold, kept = content.partition('<details class="rules-kept">')
    marked = [part.count("Default of ours, not confirmed") for part in (used, kept)]
    expected = [
        sum(one.acts == acts and not one.confirmed for one in rule_questions().values())
        for acts in (True, False)
    ]
    assert (bool(fold), marked) == (True, expected)


@pytest.mark.parametrize(("key", "expected"), [("triage_hours", False), ("staff_phone_storage", True)])
def test_the_page_of_a_rule_says_when_nothing_acts_on_it(school, signed_in, key, expected):
    client = signed_in(make_member(school, Role.HEADTEACHER))

    content = client.get(reverse("schools:rule_edit", args=[school.slug, key])).content.decode()

    assert ("the hub does not act on it yet" in content) is expected
