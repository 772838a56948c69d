"""What a comparison says of clauses: added, removed, moved, reworded; never more than truly changed."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.compare import ADDED, REMOVED, Change, Part, Span, compare, mark_words


def clauses(*texts: str, under: str = "Devices", start: int = 1) -> list[Part]:
    """Clauses as they were read, numbered from `start`."""
    return [Part(text, f"2.{number}", under=under) for number, text in enumerate(texts, start)]


def kinds(changes: list[Change]) -> list[tuple[str, str]]:
    return [(one.kind, (one.new or one.old).text) for one in changes]


BAG = "Phones are kept in the bag during lessons."
SAFE = "Phones that were taken are kept in the office safe."
VISIT = "Visitors leave their telephones at reception."
TRIP = "On residential trips the leader decides when calls are made."


def test_a_new_clause_renumbers_the_others_and_changes_nothing_else():
    changes = compare(clauses(BAG, SAFE), clauses(VISIT, BAG, SAFE))

    assert kinds(changes) == [("added", VISIT), ("unchanged", BAG), ("unchanged", SAFE)]
    assert [one.relabelled for one in changes] == [False, True, True]


def test_a_removed_clause_stands_where_it_stood():
    changes = compare(clauses(BAG, SAFE, VISIT), clauses(BAG, VISIT))

    assert kinds(changes) == [("unchanged", BAG), ("removed", SAFE), ("unchanged", VISIT)]


def test_the_clause_that_passed_the_others_is_the_one_that_moved():
    changes = compare(clauses(BAG, SAFE, VISIT, TRIP), clauses(SAFE, VISIT, TRIP, BAG))

    assert kinds(changes) == [
        ("unchanged", SAFE),
        ("unchanged", VISIT),
        ("unchanged", TRIP),
        ("moved", BAG),
    ]


@pytest.mark.parametrize("order", [(BAG, "#Trips", TRIP), (TRIP, "#Trips", BAG), ("#Trips", BAG, TRIP)])
def test_when_a_clause_passes_a_heading_the_clause_moved(order):
    def read(texts: tuple[str, ...]) -> list[Part]:
        return [Part(text.lstrip("#"), is_heading=text.startswith("#")) for text in texts]

    changes = compare(read((BAG, "#Trips", TRIP)), read(order))

    assert [one.kind for one in changes if one.new and one.new.is_heading] == ["unchanged"]


def test_a_clause_that_moved_and_was_reworded_is_both():
    later = BAG.replace("during lessons", "during the school day")

    changes = compare(clauses(BAG, SAFE, VISIT), clauses(SAFE, VISIT, later))

    assert changes[2].kind == "moved and reworded"
    assert changes[2].spans == (
        Span("same", "Phones are kept in the bag during "),
        Span(REMOVED, "lessons"),
        Span(ADDED, "the school day"),
        Span("same", "."),
    )


def test_identity_holds_where_no_word_is_left():
    old, new = Part(BAG, "2.1", key=7), Part("Nothing is brought.", "9.4", key=7)

    assert [one.kind for one in compare([old], [new])] == ["reworded"]


def test_another_clause_under_the_same_number_is_another_clause():
    assert kinds(compare(clauses(BAG), clauses(TRIP))) == [("removed", BAG), ("added", TRIP)]


def test_a_heading_is_never_taken_for_a_clause():
    changes = compare([Part("Visitors", is_heading=True)], [Part("Visitors")])

    assert sorted(one.kind for one in changes) == ["added", "removed"]


def test_of_clauses_with_the_same_words_each_keeps_its_place():
    old = [*clauses("Not used.", under="Trips"), *clauses("Not used.", under="Visitors")]

    changes = compare(old, old[1:])

    assert [(one.kind, one.old.under) for one in changes] == [("removed", "Trips"), ("unchanged", "Visitors")]


def test_white_space_alone_is_no_change():
    assert [one.kind for one in compare([Part("Two  words")], [Part("Two\nwords")])] == ["unchanged"]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Staff may search.", "Staff may not search.", "Staff may [+not ]search."),
        ("within 2 days", "within 5 days", "within [-2][+5] days"),
        ("Phones, tablets", "Phones; tablets", "Phones[-,][+;] tablets"),
        ("It shall be locked", "It must be shut", "It [-shall be locked][+must be shut]"),
        ("", "New", "[+New]"),
        ("Gone", "", "[-Gone]"),
    ],
)
def test_words_are_marked(old, new, marked):
    signs = {REMOVED: "[-{}]", ADDED: "[+{}]"}

    found = "".join(signs.get(one.kind, "{}").format(one.text) for one in mark_words(old, new))

    assert found == marked


words = st.sampled_from(
    [
        "staff",
        "must",
        "never",
        "keep",
        "phones",
        "in",
        "bags",
        "of",
        "learners",
        "at",
        "the",
        "school",
        "gate",
        "again",
        ",",
        ".",
        "2",
    ]
)
sentences = st.lists(words, max_size=12).map(" ".join)
parts = st.builds(
    Part,
    text=sentences,
    label=st.sampled_from(["", "1", "2.1", "2.2"]),
    is_heading=st.booleans(),
    under=st.sampled_from(["", "Phones"]),
)
versions = st.lists(parts, max_size=8)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(versions)
def test_a_version_is_the_same_as_itself(version):
    assert {one.kind for one in compare(version, version)} <= {"unchanged"}


@unhurried
@given(versions, versions)
def test_the_changes_lead_from_one_version_to_the_other(old, new):
    changes = compare(old, new)

    assert [one.new for one in changes if one.new] == new
    assert sorted((one.old for one in changes if one.old), key=repr) == sorted(old, key=repr)
    for one in changes:
        if one.spans:
            assert "".join(span.text for span in one.spans if span.kind != REMOVED) == _plain(one.new.text)
            assert "".join(span.text for span in one.spans if span.kind != ADDED) == _plain(one.old.text)


@unhurried
@given(versions, versions)
def test_the_other_way_round_added_and_removed_change_places(old, new):
    there, back = compare(old, new), compare(new, old)

    def of(changes: list[Change], kind: str) -> list[str]:
        return sorted(repr(one.new or one.old) for one in changes if one.kind == kind)

    assert of(there, "added") == of(back, "removed")
    assert of(there, "removed") == of(back, "added")


@unhurried
@given(sentences, sentences)
def test_no_more_words_are_marked_than_differ(old, new):
    from policies.compare.wording import _longest_common, tokens  # noqa: PLC0415

    first, second = tokens(old), tokens(new)

    found = _longest_common(first, second)

    assert all(first[one] == second[other] for one, other in found)
    assert found == sorted(found)
    assert len(found) == _plain_longest(first, second)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _plain_longest(first: list[str], second: list[str]) -> int:
    row = [0] * (len(second) + 1)
    for one in first:
        above = row[:]
        for at, other in enumerate(second):
            row[at + 1] = above[at] + 1 if one == other else max(above[at + 1], row[at])
    return row[-1]


def version_of(count: int, *, every: int) -> list[Part]:
    """A long text; one clause in `every` is worded differently from that of another `every`."""
    topics = ("phones", "visitors", "cameras", "passwords", "transport", "medicines", "clubs")
    return [
        Part(
            f"Staff who look after {topics[number % 7]} in room {number} write down what they did about {topics[number % 5]}"
            f" and tell the lead {'on the same day' if number % every else f'before {number % 12} o clock'}, without being asked.",
            f"{number // 20}.{number % 20}",
            under=f"Section {number // 20}",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(("count", "seconds"), [(300, 2), pytest.param(5000, 20, marks=pytest.mark.slow)])
def test_long_versions_are_compared_in_bounded_time(count, seconds):
    old, new = version_of(count, every=1000), version_of(count, every=1)
    start = time.process_time()

    changes = compare(old, new)

    assert time.process_time() - start < seconds
    assert sum("reworded" in one.kind for one in changes) > count / 2


def test_one_clause_of_any_length_is_compared_in_bounded_time():
    old, new = ("a b " * 30_000, "b a " * 30_000)
    start = time.process_time()

    spans = mark_words(old, new)

    assert time.process_time() - start < 2
    assert "".join(span.text for span in spans if span.kind != REMOVED) == _plain(new)
