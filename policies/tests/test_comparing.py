"""What changed between two versions: who may see it, what the page shows, and the way there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies import services
from policies.models import PolicyVersion
from policies.tests.factories import TESTS, TEXT, make_draft, make_in_force, make_ratified
from schools.enums import Role
from schools.tests.factories import make_member

LATER = TEXT.replace(
    "2.1 Phones are handed in at the office when the day begins.\n2.2 Smart watches stay at home.",
    "2.1 Visitors leave their cameras at reception.\n2.2 Phones are handed in at the gate when the day begins.",
).replace("3. Smart speakers (not currently in use)", "3. Smart speakers")


def address(school: Any, version: PolicyVersion, since: PolicyVersion | None = None) -> str:
    url = reverse("policies:version_changes", args=[school.slug, version.pk])
    return f"{url}?since={since.pk}" if since else url


@pytest.fixture
def first(school: Any) -> PolicyVersion:
    return make_in_force(school)


def second_of(first: PolicyVersion, text: str = LATER, make: Any = make_in_force) -> PolicyVersion:
    return make(first.school, text=text, policy=first.policy)


def test_the_page_marks_the_words_and_folds_what_stayed(school, signed_in, first):
    second = second_of(first)

    response = signed_in(make_member(school, Role.STAFF)).get(address(school, second))
    page = response.content.decode()

    assert [one["word"] for one in response.context["counts"]] == ["1 added", "1 removed", "2 reworded"]
    assert "<ins>Visitors leave their cameras at reception.</ins>" in page
    assert "<del>Smart watches stay at home.</del>" in page
    assert "handed in at the <del>office</del><ins>gate</ins> when the day begins." in page
    assert "was 2.1" in page
    assert "Smart speakers<del> (not used)</del>" in page
    assert [block["fold"] for block in response.context["blocks"] if block["fold"]] == [
        "2 clauses unchanged",
        "1 clause unchanged",
    ]


def test_a_version_compared_with_a_later_one_is_the_same_comparison(school, signed_in, first):
    second = second_of(first)
    client = signed_in(make_member(school, Role.DSL))

    there, back = client.get(address(school, second, first)), client.get(address(school, first, second))

    assert there.context["counts"] == back.context["counts"]
    assert (back.context["old"], back.context["new"]) == (first, second)


@pytest.mark.parametrize("make", [make_draft, make_ratified])
def test_what_was_never_in_force_is_compared_by_those_who_prepare_alone(school, signed_in, first, make):
    second = second_of(first, make=make)
    staff, lead = (signed_in(make_member(school, role)) for role in (Role.STAFF, Role.DSL))

    assert staff.get(address(school, second)).status_code == 404
    assert staff.get(address(school, first, second)).status_code == 404
    assert "cameras" in lead.get(address(school, second)).content.decode()


def test_a_withdrawn_version_is_kept_from_staff(school, signed_in, first):
    services.withdraw_version(first, by=TESTS, reason="It named a child.")
    second = second_of(first)
    staff = signed_in(make_member(school, Role.STAFF))

    assert staff.get(address(school, second, first)).status_code == 404
    assert "watches" not in staff.get(address(school, second)).content.decode()


@pytest.mark.parametrize("since", ["another policy", "another school", "nobody", "nonsense"])
def test_a_version_is_compared_within_its_policy_alone(school, other_school, signed_in, first, since):
    chosen = {
        "another policy": lambda: make_in_force(school, "Visitors").pk,
        "another school": lambda: _elsewhere(other_school),
        "nobody": uuid4,
        "nonsense": lambda: "'",
    }[since]()
    client = signed_in(make_member(school, Role.DSL))

    assert client.get(address(school, first), {"since": chosen}).status_code == 404


def _elsewhere(other_school: Any) -> Any:
    from core import scope  # noqa: PLC0415

    with scope.acting(schools=[other_school.pk]):
        return make_in_force(other_school).pk


def test_the_first_version_says_that_there_is_nothing_to_compare(school, signed_in, first):
    page = signed_in(make_member(school, Role.STAFF)).get(address(school, first)).content.decode()

    assert "There is nothing to compare this version with" in page


def test_versions_of_the_same_words_say_so(school, signed_in, first):
    second = second_of(first, TEXT)

    page = signed_in(make_member(school, Role.STAFF)).get(address(school, second)).content.decode()

    assert "Nothing changed" in page
    assert "<ins>" not in page


def links(response: Any) -> list[tuple[str, str]]:
    return [(one["text"], one["url"]) for one in response.context["changes"]]


def test_a_reader_is_led_to_what_changed_since_they_last_read_it(school, signed_in, first):
    member, newcomer = make_member(school, Role.STAFF), make_member(school, Role.STAFF)
    services.acknowledge_version(first, by=member)
    second = second_of(first)
    third = second_of(first, LATER.replace("cameras", "tablets"))

    page = signed_in(member).get(third.get_absolute_url())

    before = ("What changed since version 2", address(school, third))
    assert links(page) == [
        ("What changed since you last read it (version 1)", address(school, third, first)),
        before,
    ]
    assert links(signed_in(newcomer).get(third.get_absolute_url())) == [before]
    services.acknowledge_version(third, by=member)
    assert links(signed_in(member).get(third.get_absolute_url())) == [before]
    assert second.number == 2


def test_the_first_version_leads_nowhere(school, signed_in, first):
    assert links(signed_in(make_member(school, Role.DSL)).get(first.get_absolute_url())) == []


def test_an_old_link_to_a_clause_leads_to_the_same_clause_of_what_is_in_force(school, signed_in, first):
    clause = first.clauses.get(label="2.1")
    second = second_of(first)

    response = signed_in(make_member(school, Role.STAFF)).get(first.get_absolute_url(), follow=True)

    assert response.redirect_chain == [(second.get_absolute_url(), 302)]
    page = response.content.decode()
    assert "Version 1 was replaced. This is version 2." in page
    assert f'id="{clause.anchor}"><span class="clause-label">2.2</span>' in page


@pytest.mark.slow
def test_the_page_asks_as_often_for_long_versions_as_for_short_ones(school, signed_in, first):
    client, counts = signed_in(make_member(school, Role.STAFF)), []
    long = TEXT + "".join(f"4.{n} Clause number {n} says what is to be done.\n" for n in range(2, 60))

    for text in (LATER, long, LATER):
        url = address(school, second_of(first, text))
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))

    assert counts[0] == counts[1] == counts[2] <= 20
