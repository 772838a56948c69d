"""What is compared with a school: people, words, rules and the policies it holds, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from time import process_time

import pytest

from policies.check import Case, HeldPolicy, Post, SchoolState, check, shipped
from policies.reading import read_policy
from policies.selectors.checking import answers

TODAY = date(2026, 6, 15)
SCHOOL = SchoolState(
    name="Lantern Hill School",
    kind="maintained",
    words={"learner": "pupil", "learners": "pupils"},
    answers=answers({"search_rule": "reasonable_grounds"}, {"learner": "pupil", "learners": "pupils"}),
    posts=(
        Post("dsl", "Designated Safeguarding Lead", "Edda Voss"),
        Post("headteacher", "Headteacher", "Ann-Marie Oakes"),
        Post("dsl", "Designated Safeguarding Lead", "Rolf Imhof", date(2025, 12, 31)),
    ),
    held=(HeldPolicy("Positive behaviour policy"), HeldPolicy("Safeguarding and child protection policy")),
)
TEXT = """Outings Policy

Lantern Hill School

Designated Safeguarding Lead: {lead}
Date written: March 2026
Ratified by the governors: 1 April 2026
Next review: March 2027

1. Outings

1.1 {sentence}
"""


def findings(sentence="Walk.", lead="Edda Voss", school=SCHOOL):
    text = TEXT.format(sentence=sentence, lead=lead).encode()
    [document] = read_policy(text, "policy.txt").documents
    return [(one.code, one.severity, one.where) for one in check(Case(document, TODAY, shipped(), school))]


@pytest.mark.parametrize(
    "lead", ["Edda Voss", "Mrs Voss", "Ms E Voss", "EDDA VOSS", "Edda Voss (Deputy Headteacher)"]
)
@pytest.mark.requirement("R027")
def test_a_name_that_is_printed_in_another_way_is_the_same_person(lead):
    assert findings(lead=lead) == []


@pytest.mark.parametrize("lead", ["Rolf Imhof", "Somebody Else"])
@pytest.mark.requirement("R027")
def test_who_left_the_post_or_never_held_it_is_told(lead):
    assert findings(lead=lead) == [("role-mismatch", "error", "")]


def test_a_post_that_nobody_holds_here_is_not_judged():
    vacant = replace(SCHOOL, posts=SCHOOL.posts[2:])

    assert findings(lead="Somebody Else", school=vacant) == []


def test_a_lead_of_today_who_is_not_named_is_told():
    second = Post("dsl", "Designated Safeguarding Lead", "Odile Marsh")

    assert findings(school=replace(SCHOOL, posts=(*SCHOOL.posts, second))) == [
        ("role-mismatch", "warning", "")
    ]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The behaviour policy and the child protection policy apply.", []),
        ("It is read with the positive behaviour and child protection policies.", []),
        ("Our anti-bullying policy applies.", [("missing-companion", "warning", "1.1")]),
        ("It is read with the kite flying policy.", [("missing-companion", "note", "1.1")]),
        ("Staff follow this policy and every other policy.", []),
    ],
)
@pytest.mark.requirement("R011", "R019")
def test_policies_are_known_under_other_names_and_told_when_they_are_not_held(sentence, found):
    assert findings(sentence) == found


@pytest.mark.requirement("R019")
def test_companions_that_must_exist_are_asked_for_and_must_be_current():
    text = TEXT.format(sentence="Walk.", lead="Edda Voss").replace(
        "Outings Policy", "Child Protection Policy"
    )
    [document] = read_policy(text.encode(), "policy.txt").documents
    lapsed = HeldPolicy("Positive behaviour policy", date(2026, 1, 31))
    found = check(Case(document, TODAY, shipped(), replace(SCHOOL, held=(lapsed,))))

    said = {one.message.split("\u201d")[0].strip("\u201c"): one.severity for one in found}
    assert said == {
        "Staff code of conduct": "warning",
        "Acceptable use agreements": "warning",
        "Positive behaviour policy": "note",
    }


NEVER = "Staff do not use personal social media in working hours, the messaging group of the staff excepted."
LESSONS = "Staff do not use their own social media during teaching time."
BREAKS = "Staff may look at private social media at break and lunch, away from pupils."


@pytest.mark.requirement("R178")
@pytest.mark.parametrize("said", [NEVER, LESSONS, BREAKS])
@pytest.mark.parametrize(("rule", "agrees"), [("no", NEVER), ("not_teaching", LESSONS), ("breaks", BREAKS)])
def test_what_a_text_says_of_staff_on_social_media_is_held_against_the_rule_of_the_school(said, rule, agrees):
    own = replace(SCHOOL, answers=answers({"staff_social_media_at_work": rule}, dict(SCHOOL.words)))

    assert findings(said, school=own) == ([] if said == agrees else [("rule-mismatch", "error", "1.1")])


@pytest.mark.requirement("R275")
def test_only_words_that_the_school_chose_are_compared():
    assert findings("Students carry maps.") == [("vocabulary-mismatch", "note", "1.1")]
    assert findings("Students carry maps.", school=replace(SCHOOL, words={})) == []


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("A phone may be searched when the pupil or a parent agrees.", [("rule-mismatch", "error", "1.1")]),
        ("A phone may be searched on reasonable grounds. For a coat the pupil agrees to a search first.", []),
        ("Pupils use search engines with the permission of a teacher.", []),
        ("Visitors use phones in the office only.", [("rule-mismatch", "warning", "1.1")]),
    ],
)
def test_a_rule_is_told_when_no_sentence_agrees_with_the_setting(sentence, found):
    assert findings(sentence) == found


@pytest.mark.parametrize(
    "text",
    [
        "DSL Aa Bb, " * 9000,
        "KCSIE 20" * 12000,
        "[" * 100_000,
        "www." * 25_000,
        "a/" * 50_000,
        "the a, " * 14_000,
    ],
)
def test_no_text_keeps_the_check_busy(text):
    [document] = read_policy(TEXT.format(sentence="Walk.", lead="Edda Voss").encode(), "policy.txt").documents
    clause = replace(document.sections[0].clauses[0], text=text)
    document = replace(document, sections=(replace(document.sections[0], clauses=(clause,)),))

    start = process_time()
    check(Case(document, TODAY, shipped(), SCHOOL))
    assert process_time() - start < 5
