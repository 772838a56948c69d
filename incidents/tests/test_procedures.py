"""Procedures as data: every file fits its form, says where its rules come from, and what does not fit is refused."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest

from incidents import procedures
from incidents.procedures import Act, Clock, Unit, WrongProcedure

pytestmark = pytest.mark.any_database

KINDS = [
    "sexual_harm", "imagery", "exploitation", "indecent_images", "indecent_devices", "indecent_staff", "cyberbullying", "hate",
    "radicalisation", "radicalisation_staff", "filtering", "staff_misuse", "visitor_breach", "exam_breach", "offensive_communication",
    "intelligence", "allegation", "concern",
]  # fmt: skip
SMALL = {
    "procedure": {"key": "small", "title": "Small", "leads": "dsl", "source": ["kcsie"]},
    "steps": [
        {"key": "first", "text": "Ask.", "who": "dsl", "source": ["kcsie"], "answers": [{"value": "yes", "label": "Yes"}]},
        {"key": "second", "text": "Act.", "who": "dsl", "source": ["kcsie"], "when": "first=yes"},
    ],
}  # fmt: skip


def test_each_kind_of_concern_has_its_procedure():
    assert procedures.keys() == tuple(sorted(KINDS))


@pytest.mark.parametrize("key", KINDS)
def test_every_procedure_names_the_sources_of_its_rules_and_who_does_each_step(key):
    found = procedures.procedure(key)
    told = [(step.text, step.who in procedures.WHO, bool(step.source)) for step in found.steps]
    assert [one for one in told if one[1:] != (True, True)] == []
    dated = {source for step in found.steps for source in step.source}
    assert [one for one in dated if not re.search(r"\d{4}", procedures.sources()[one].dated)] == []


@pytest.mark.parametrize(
    ("key", "step", "clock"),
    [
        ("allegation", "lado", Clock(1, Unit.WORKING_DAYS, "logged", is_law=True)),
        ("allegation", "ofsted", Clock(14, Unit.DAYS, "logged", is_law=True)),
        ("imagery", "secure_device", Clock(1, Unit.HOURS, "logged")),
        ("filtering", "police", Clock(0, Unit.HOURS, "step:illegal")),
    ],
)
def test_the_clocks_of_the_rules_are_those_of_their_sources(key, step, clock):
    assert procedures.procedure(key).step(step).clock == clock


@pytest.mark.parametrize(
    "key", ["imagery", "filtering", "indecent_images", "indecent_devices", "indecent_staff"]
)
def test_no_picture_is_ever_kept_where_it_may_be_a_crime(key):
    assert Act.UPLOAD in {hold.act for hold in procedures.procedure(key).refuses}


def _spoilt(change):
    data = deepcopy(SMALL)
    change(data)
    return data


FAULTS = {
    "small, step second: no step before this one has the answer first=no": lambda d: d["steps"][1].update(when="first=no"),
    "small, step first: who is one of": lambda d: d["steps"][0].update(who="caretaker"),
    "small, step first: source is missing": lambda d: d["steps"][0].update(source=[]),
    "small, step first: source does not know gossip": lambda d: d["steps"][0].update(source=["gossip"]),
    "small, step first: the key first is taken": lambda d: d["steps"].append(d["steps"][0]),
    "small, step first: nothing here is called colour": lambda d: d["steps"][0].update(colour="red"),
    "small, step first: text is missing": lambda d: d["steps"][0].update(text=" "),
    "braces in text hold one of the school's words": lambda d: d["steps"][0].update(text="{a.b}"),
    "small, step first, clock: unit is one of": lambda d: d["steps"][0].update(clock={"amount": 1, "unit": "weeks", "from": "logged"}),
    "small, step first, clock: amount is a whole number": lambda d: d["steps"][0].update(clock={"amount": -1, "unit": "days", "from": "logged"}),
    "small, step first, clock: from is one of": lambda d: d["steps"][0].update(clock={"amount": 1, "unit": "days", "from": "step:second"}),
    "small, step first, refuses 1: says is missing": lambda d: d["steps"][0].update(refuses=[{"act": "share"}]),
    "small, step first, refuses 1: act is one of": lambda d: d["steps"][0].update(refuses=[{"act": "dance", "says": "No."}]),
    "small, step first: records does not know mood": lambda d: d["steps"][0].update(records=["mood"]),
    "procedure: there are no steps": lambda d: d.update(steps=[]),
}  # fmt: skip


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_procedure_that_does_not_fit_is_refused_with_a_sentence(sentence):
    procedures.read_procedure(SMALL, procedures.known())
    with pytest.raises(WrongProcedure, match=re.escape(sentence)):
        procedures.read_procedure(_spoilt(FAULTS[sentence]), procedures.known())


def test_a_step_asks_for_what_its_answer_asks_for():
    viewing = procedures.procedure("imagery").step("viewing")
    assert (viewing.asked("no"), viewing.asked("decided")) == (
        (),
        ("who_looked", "present", "looked_at", "why", "decision"),
    )
