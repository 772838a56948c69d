"""Each check at its edges: what it must say, and what it must leave alone."""

from __future__ import annotations

from datetime import date

import pytest

from policies.check import Case, check, shipped
from policies.reading import read_policy

TODAY = date(2026, 11, 21)
HEAD = """Lantern Hill School

Outings Policy

Designated Safeguarding Lead: Edda Voss
Date written: June 2026
Ratified by the governors: 1 July 2026
Next review: June 2027

1. Outings

1.1 {}
"""


def findings(sentence, on=TODAY, school=None, text=HEAD):
    [document] = read_policy(text.format(sentence).encode(), "policy.txt").documents
    return [(one.code, one.severity, one.where) for one in check(Case(document, on, shipped(), school))]


@pytest.mark.parametrize(
    ("sentence", "code", "severity"),
    [
        ("We follow the 2023 edition of Keeping Children Safe in Education.", "superseded-guidance", "error"),
        ("We are in line with the March 2018 statutory guidance on \u2018Keeping Children Safe in Education\u2019.", "superseded-guidance", "error"),
        ("Keeping Children Safe in Education, updated on 1 September 2023, applies.", "superseded-guidance", "error"),
        ("We follow DfE (2021) Keeping Children Safe in Education.", "superseded-guidance", "error"),
        ("We follow KCSIE (DfE, September 2022), part one.", "superseded-guidance", "error"),
        ("The advice \u2018Sexting in schools and colleges\u2019 applies.", "superseded-guidance", "warning"),
        ("We follow Behaviour in Schools (2022) guidance.", "edition-unconfirmed", "note"),
        ("We follow Keeping Children Safe in Education.", "guidance-without-edition", "note"),
        ("Children can/cannot bring sweets.", "template-text", "error"),
        ("Staff must / must not drive.", "template-text", "error"),
        ("Tell the [name of person] at once.", "template-text", "warning"),
        ("Ring XXXXX before leaving.", "template-text", "warning"),
        ("The learners/pupils/students wear vests.", "template-text", "warning"),
        ("Settings should adapt this paragraph.", "template-text", "warning"),
        ("The form is given to the and filed.", "missing-text", "warning"),
        ("We act in line with our .", "missing-text", "warning"),
        ("Ring us on .", "missing-text", "warning"),
        ("Nobody under the age of may swim.", "missing-text", "warning"),
        ("See section 7.4 for the list.", "numbering", "warning"),
        ("Look at http:/lantern.sch.uk first.", "dead-link", "warning"),
        ("Maps: https://www.actionfraud.police.uk/maps", "dead-link", "warning"),
        ("Pages: www.thinkuknow.co.uk/parents", "dead-link", "note"),
        ("Helpers have a CRB check.", "outdated-body", "warning"),
        ("The Wolds and Vale Safeguarding Children Board trains us.", "outdated-body", "warning"),
    ],
)  # fmt: skip
@pytest.mark.requirement("R010", "R026")
def test_a_fault_is_found_at_its_clause(sentence, code, severity):
    assert (code, severity, "1.1") in findings(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "We follow Keeping Children Safe in Education 2025, as in force in June 2026.",
        "We are in line with 2026 DfE guidance \u2018Mobile Phones in Schools\u2019.",
        "See Working Together to Safeguard Children (HMG, 2023) and the Prevent duty guidance for England and Wales 2023.",
        "Staff were trained on the Prevent duty guidance 2023 in May 2022 and read it on 3 June 2021.",
        "Parents/carers and/or guardians sign the form, and he/she keeps a copy.",
        "Bring coats, hats, etc. (two of each).",
        "The person whom they live with, and the place they are in, are written down.",
        "What the lead is told, she writes down; who the DSL is, everybody knows.",
        "Children in the Early Years Foundation Stage and Key Stage 1 hold hands.",
        "Staff must not use phones in the following places: the pool, the changing rooms.",
        "Section 47 enquiries and section 17 of the Children Act 1989 are for the council.",
        "Addresses: office@lanternhill.sch.uk, https://www.nspcc.org.uk/what-we-do/ and www.gov.uk.",
        "The safeguarding partnership, which replaced the Local Safeguarding Children Board, trains us.",
        "The will of the parents counts, and the to-do list is on the door.",
        "The risk assessment template is in the office and must be completed before each trip.",
        "We review the list and amend it as necessary.",
        "Consent: Yes / No. Signed: ____________",
    ],
)
def test_a_clean_sentence_is_left_alone(sentence):
    assert findings(sentence, on=date(2026, 6, 15)) == []


def test_an_edition_is_judged_as_of_the_day():
    sentence = "We follow Keeping Children Safe in Education 2024."

    assert findings(sentence, on=date(2025, 8, 31)) == []
    assert ("superseded-guidance", "error", "1.1") in findings(sentence, on=date(2025, 9, 1))


@pytest.mark.requirement("R010")
def test_an_edition_that_nobody_confirmed_raises_a_note_at_most():
    sentence = "We follow Keeping Children Safe in Education 2025."

    assert findings(sentence, on=date(2026, 8, 31)) == []
    assert findings(sentence, on=date(2026, 9, 1)) == [("edition-unconfirmed", "note", "1.1")]


@pytest.mark.requirement("R005")
def test_a_review_is_overdue_the_day_after_the_last_day_it_can_mean():
    assert ("review-overdue", "error", "") not in findings("Walk.", on=date(2027, 6, 30))
    assert ("review-overdue", "error", "") in findings("Walk.", on=date(2027, 7, 1))


@pytest.mark.requirement("R016", "R026")
def test_a_section_that_is_not_used_is_not_checked():
    text = HEAD + "\n2. Swimming (not used)\n\n2.1 Staff is/is not in the water.\n"

    assert findings("Walk.", text=text) == []


@pytest.mark.requirement("R017")
def test_labels_that_skip_and_a_section_under_another_number_are_told_once():
    text = HEAD + "\n1.3 Run.\n\n2. Rain\n\n2.1 Coats.\n\n5.1 Boots\n\n5.1.1 Wash.\n\n5.1.2 Dry.\n"

    assert findings("Walk.", text=text) == [("numbering", "warning", "5.1"), ("numbering", "note", "1.3")]


def test_a_hundred_faults_of_one_code_fill_no_page():
    text = HEAD + "".join(f"\n1.{n} Staff is/is not there.\n" for n in range(2, 202))

    assert len(findings("Walk.", text=text)) == 50
