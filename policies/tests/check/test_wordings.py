"""Remains of templates and holes, in the many ways in which they stand in policies, and what only looks like them."""

from __future__ import annotations

import pytest

from policies.tests.check.test_checks import findings

LEFT = (
    "Personal use of social media (is/is not) permitted.",
    "Phones are permitted/not permitted in class.",
    "Staff will/will not use phones.",
    "Use is allowed / is not allowed.",
    "The pupil's/student's/child's phone is kept.",
    "Parents of children/pupils/students are told.",
    "Our school/setting/college asks for respect.",
    "Contact [name and number].",
    "Contact [insert name of DSL] on [insert phone number].",
    "The DSL is [Name].",
    "The DSL is <name>.",
    "The policy applies to [School Name].",
    "Insert school logo here.",
    "Phones are kept in ________ until the end of the day.",
    "Phones are kept in ........ until the end of the day.",
    "Delete if not applicable.",
    "This section should be amended to reflect local practice.",
    "Amend as appropriate.",
    "(Schools to decide)",
    "Note: schools should list their own sites here.",
    "The head teacher/manager will decide.",
    "Staff do/do not carry phones.",
)
HOLES = (
    "Reported to the DSL or the without delay.",
    "Contact the office on or by email.",
    "Children will be supervised by a at all times.",
    "The named governor is and meets the DSL.",
    "In accordance with , staff will act.",
    "Tell immediately.",
)
CLEAN = (
    "Parents/carers, staff/volunteers and boys/girls sign.",
    "The on/off switch and the 24/7 helpline.",
    "Staff may not, and must not, use phones and/or tablets.",
    "See the DfE's page [2] and the note [sic] below.",
    "A pupil (or student teacher) signs in/out.",
    "Bring a pen/pencil (if possible).",
    "Staff should or may ask; whether it is or is not allowed depends on the head.",
    "The list is as follows: phones, watches, etc.",
    "We are aware of, and follow, the law.",
    "He/she tells his/her teacher.",
    "The form asks for name, date of birth, and address.",
    "The DSL and/or deputy (if on site) decide what to do, and to whom to speak.",
    "Anything they come with, they leave with.",
    "The head is away a lot, so a deputy acts for her, and for the school.",
    "Nobody knows who the DSL is, or who the deputies are, at the beginning.",
    "Governors/trustees on the panel are independent.",
    "Who is it for? It is for everybody.",
    "Year 5/6 pupils and Reception/Year 1 children may stay.",
    "The AUP/ICT agreement and the PSHE/RSE curriculum apply.",
    "Step 1: add the date. Step 2: insert the key and turn it.",
    "Email/phone the office; open 8.30am/9am.",
    "The school's/trust's lawyers advise.",
    "Each and every adult, without exception, is checked.",
)


@pytest.mark.parametrize("sentence", LEFT)
@pytest.mark.requirement("R026")
def test_what_a_template_left_is_found(sentence):
    assert [code for code, _, _ in findings(sentence)] == ["template-text"]


@pytest.mark.parametrize("sentence", HOLES)
@pytest.mark.requirement("R026")
def test_a_sentence_with_a_hole_is_found(sentence):
    assert [code for code, _, _ in findings(sentence)] == ["missing-text"]


@pytest.mark.parametrize("sentence", CLEAN)
def test_what_only_looks_like_it_is_left_alone(sentence):
    assert findings(sentence) == []
