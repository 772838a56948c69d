"""Key details and references, in a head, in a table, in sentences; nothing is invented."""

import pytest

from policies.reading import KeyDetails
from policies.reading.dates import find_date
from policies.reading.names import split_names
from policies.tests.reading.builders import one


def details(text: str) -> KeyDetails:
    return one(f"Lost Property Policy\n\n{text}\n\n1. Aims\n\nCoats find owners.\n").key_details


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("12th October, 2021", "2021-10-12"), ("1st Sept 2024", "2024-09-01"), ("September, 2022", "2022-09"),
        ("Oct-21", "2021-10"), ("12/03/2024", "2024-03-12"), ("12.3.24", "2024-03-12"), ("2024-03-12", "2024-03-12"),
        ("March 4, 2025", "2025-03-04"), ("09/2025", "2025-09"), ("31 February 2024", "2024-02"), ("Autumn 2021", None),
        ("2021", None), ("at least annually", None), ("45/99/2024", None), ("may be 12", None),
    ],
)  # fmt: skip
@pytest.mark.requirement("R003")
def test_dates_are_as_exact_as_printed(printed, read):
    assert find_date(printed) == read


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Nia Prys, Omar Dale and Mrs A. Winter-Jones", ("Nia Prys", "Omar Dale", "Mrs A. Winter-Jones")),
        ("Nia Prys (Headteacher)", ("Nia Prys",)),
        ("Nia Prys, Headteacher", ("Nia Prys",)),
        ("Seán O'Brien nia@example.org 01234 567890", ("Seán O'Brien",)),
        ("Mr Jan van der Berg", ("Mr Jan van der Berg",)),
        ("NIA PRYS", ("NIA PRYS",)),
        ("[name]", ()),
        ("TBC", ()),
        ("the Headteacher", ()),
        ("Fernhill School", ()),
        ("Dorset Police", ()),
    ],
)
def test_names_are_people(printed, read):
    assert split_names(printed) == read


@pytest.mark.parametrize(
    ("line", "field", "read"),
    [
        ("DSL: Nia Prys", "dsl", ("Nia Prys",)),
        ("DSL - Nia Prys", "dsl", ("Nia Prys",)),
        ("Designated Safeguarding Leads: Nia Prys and Omar Dale", "dsl", ("Nia Prys", "Omar Dale")),
        ("Deputy DSLs: Nia Prys", "deputy_dsl", ("Nia Prys",)),
        ("Deputy Designated Safeguarding Lead(s): Nia Prys", "deputy_dsl", ("Nia Prys",)),
        ("Named Governor with lead responsibility: Omar Dale", "named_governor", ("Omar Dale",)),
        ("Safeguarding governor: Omar Dale", "named_governor", ("Omar Dale",)),
        ("Link trustee for safeguarding: Omar Dale", "named_governor", ("Omar Dale",)),
        ("Date written/updated: May 2025", "written", "2025-05"),
        ("Last reviewed: May 2025", "written", "2025-05"),
        ("Policy date: May 2025", "written", "2025-05"),
        ("May 2025", "written", "2025-05"),
        ("Date of next review: May 2026", "next_review", "2026-05"),
        ("Next review due: 1 May 2026", "next_review", "2026-05-01"),
        ("Review date: May 2026", "next_review", "2026-05"),
        ("To be reviewed: May 2026", "next_review", "2026-05"),
        ("Date agreed and ratified by Trustees: May 2025", "ratified", "2025-05"),
        ("Date agreed and ratified by the Trustees: May 2025", "ratifying_body", "Trustees"),
        ("Approved by: Full Governing Board, 4 May 2025", "ratifying_body", "Full Governing Board"),
        ("Approved by: Full Governing Board    Date: 4 May 2025", "ratified", "2025-05-04"),
        ("Adopted on: 4 May 2025", "ratified", "2025-05-04"),
        ("DSL: [insert name]", "dsl", ()),
        ("Date of next review:", "next_review", None),
        ("Approved by: TBC", "ratifying_body", None),
    ],
)
@pytest.mark.requirement("R002")
def test_labelled_details(line, field, read):
    assert getattr(details(line), field) == read


@pytest.mark.parametrize(
    ("sentence", "field", "read"),
    [
        (
            "The Designated Safeguarding Lead (DSL) - Nia Prys and Omar Dale - leads on this.",
            "dsl",
            ("Nia Prys", "Omar Dale"),
        ),
        ("Please tell the DSL, Ms Prys, at once.", "dsl", ("Ms Prys",)),
        ("Our designated safeguarding lead is Nia Prys.", "dsl", ("Nia Prys",)),
        ("Nia Prys is our designated safeguarding lead.", "dsl", ("Nia Prys",)),
        ("The deputy DSLs are Nia Prys and Omar Dale.", "deputy_dsl", ("Nia Prys", "Omar Dale")),
        ("The named governor for safeguarding is Dr Omar Dale.", "named_governor", ("Dr Omar Dale",)),
        ("This policy was approved by the governing body on 4 May 2025.", "ratified", "2025-05-04"),
        ("This policy was approved by the governing body on 4 May 2025.", "ratifying_body", "governing body"),
        ("It will be reviewed in May 2026.", "next_review", "2026-05"),
        ("This policy was last updated in May 2025.", "written", "2025-05"),
        ("The DSL, Dorset Police and parents are told.", "dsl", ()),
        ("The deputy DSL is Nia Prys.", "dsl", ()),
        ("The DSL is responsible for coats.", "dsl", ()),
        ("The policy will be reviewed at least annually.", "next_review", None),
        ("Guidance was updated in May 2025 without us.", "ratified", None),
    ],
)
@pytest.mark.requirement("R002")
def test_details_inside_sentences(sentence, field, read):
    assert getattr(one(f"Lost Property Policy\n\n1. Aims\n\n{sentence}\n").key_details, field) == read


def test_nothing_is_invented():
    read = one("1. Aims\n\nCoats find owners in the end.\n")

    assert (read.title, read.setting, read.key_details) == ("", "", KeyDetails())
    assert (read.linked_policies, read.guidance, read.template, read.licence) == ((), (), None, None)


def body(text: str) -> str:
    return f"Lost Property Policy\n\n1. Aims\n\n{text}\n"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("'Keeping Children Safe in Education' 2024", [("Keeping Children Safe in Education", "2024")]),
        ("Keeping children safe in education (DfE, September 2024)", [("Keeping children safe in education", "September 2024")]),
        ("KCSIE 2023 says so.", [("Keeping Children Safe in Education", "2023")]),
        ("The guidance 'Keeping Children Safe in Education' and KCSIE 2023.", [("Keeping Children Safe in Education", "2023")]),
        ("Coats are hung up in the EYFS classroom.", []),
        ("We follow the EYFS statutory framework.", [("Early Years Foundation Stage", None)]),
        ("It follows the local Wessex Safeguarding Children Partnership procedures.", [("Wessex Safeguarding Children Partnership procedures", None)]),
        ("See the council guidance: 'Coats and how to label them well' 2022.", [("Coats and how to label them well", "2022")]),
        ("Our searching, screening and confiscation policy applies.", []),
    ],
)  # fmt: skip
@pytest.mark.requirement("R010")
def test_guidance_with_its_edition(text, read):
    assert [(entry.title, entry.edition) for entry in one(body(text)).guidance] == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("This policy should be read in conjunction with our behaviour policy, the attendance policy and the staff code of conduct.",
         ("behaviour policy", "attendance policy", "staff code of conduct")),
        ("This policy should be read alongside our behaviour, anti-bullying and attendance policies.", ("behaviour", "anti-bullying", "attendance")),
        ("Read alongside:\n\n- Behaviour policy;\n- Searching, screening and confiscation policy; and\n- Attendance policy.",
         ("Behaviour policy", "Searching, screening and confiscation policy", "Attendance policy")),
        ("Breaches are dealt with in line with our behaviour policy.", ()),
    ],
)  # fmt: skip
@pytest.mark.requirement("R011")
def test_linked_policies(text, read):
    assert one(body(text)).linked_policies == read


@pytest.mark.requirement("R009")
def test_template_and_licence_are_kept_as_printed():
    licence = (
        "The copyright of this text is held by Northdown Advisers; schools are granted permission to use it."
    )
    read = one(
        body(
            f"This policy was written by us, building on the Northdown Advisers policy template.\n\n{licence}"
        )
    )

    assert (read.template, read.licence) == ("Northdown Advisers policy template", licence)


@pytest.mark.requirement("R012")
def test_scope_names_people_technologies_and_places():
    read = one(
        body(
            "This policy applies to staff, learners and visitors, and to mobile phones and tablets, on and off-site."
        )
    ).scope

    assert (read.people, read.technologies) == (
        ("staff", "learners", "visitors"),
        ("mobile phones", "tablets"),
    )
    assert read.places == ("on site", "off site")


def test_links_that_were_never_given_an_address_are_kept_apart():
    read = one(body("See the [coat rules](#), the [hat rules]( ) and the [shoe rules](https://www.gov.uk)."))

    assert read.empty_links == ("coat rules", "hat rules")


@pytest.mark.parametrize(
    "name",
    ["Fernhill Primary School (pretended)", "The Larches", "St. Osyth's", "FERNHILL, part of Coast Trust"],
)
def test_the_name_of_the_school_is_the_head_of_the_document_and_no_clause(name):
    read = one(
        f"{name}\n\nLost Property Policy\n\nSetting: {name}\nDSL: Nia Prys\n\nThis policy is a draft that parents are asked about.\n\n1. Aims\n\n1.1 Coats find owners.\n"
    )

    assert (read.title, read.setting) == ("Lost Property Policy", name)
    assert [clause.text for section in read.sections for clause in section.clauses] == [
        "This policy is a draft that parents are asked about.",
        "Coats find owners.",
    ]


@pytest.mark.requirement("R001")
def test_a_detail_with_a_name_nobody_knows_does_not_end_the_key_details():
    read = one(
        "Lost Property Policy\n\nDSL: Nia Prys\nKeeper of coats: Omar Dale\nDeputy DSL: Ann Bell\n\n1. Aims\n\n1.1 Coats find owners.\n"
    )

    assert (read.key_details.dsl, read.key_details.deputy_dsl) == (("Nia Prys",), ("Ann Bell",))
    assert [section.heading for section in read.sections] == ["Aims"]
