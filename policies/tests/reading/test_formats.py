"""The same policy as text, as Word and as PDF is the same document."""

import docx
import pytest

from policies.reading import KeyDetails, read_policy, to_json
from policies.tests.reading.builders import (
    BODY,
    HEAD,
    SAMPLE,
    define,
    instance,
    level,
    number,
    one,
    pdf,
    saved,
    shape,
)

EXPECTED = [
    ("", "", [("", "This policy is looked at again every spring.", 0)]),
    (
        "1.",
        "Why we have this policy",
        [
            (
                "1.1",
                "Larkmoor Primary School wants every child to learn without a phone buzzing beside them.",
                0,
            ),
            (
                "1.2",
                (
                    "It draws on the statutory guidance 'Keeping Children Safe in Education' 2024 and "
                    "'Working Together to Safeguard Children' 2023."
                ),
                0,
            ),
        ],
    ),
    (
        "2.",
        "Bringing a phone",
        [
            ("2.1", "A phone may come to school only when:", 0),
            ("", "a parent has asked in writing", 1),
            ("", "the child walks home alone", 1),
            ("2.2", "Phones are handed in at the hatch before the bell.", 0),
        ],
    ),
    (
        "3.",
        "Links with other policies",
        [
            ("3.1", "This policy links with several other policies, including:", 0),
            ("", "Behaviour policy", 1),
            ("", "Child protection policy", 1),
            ("", "Data protection policy.", 1),
        ],
    ),
    ("4.", "School tablets", []),
    ("4.1", "Lending", [("4.1.1", "Tablets are signed out by the class teacher.", 0)]),
    ("4.3", "Repairs", [("4.3.1", "Broken tablets go to the office.", 0)]),
]


def as_word() -> bytes:
    """The sample with every number automatic: none of them stands in the text."""
    document = docx.Document()
    define(document, 77, [level("decimal", "%1."), level("decimal", "%1.%2"), level("decimal", "%1.%2.%3")])
    define(document, 78, [level("bullet", "\uf0b7")])
    for line in filter(None, HEAD.split("\n")):
        document.add_paragraph(line)
    depth = {1: ("Heading 1", 0), 2: ("Normal", 1), 3: ("Normal", 2)}
    for line in filter(None, BODY.split("\n")):
        label, _, text = line.partition(" ")
        if label == "-":
            number(document.add_paragraph(text), 78)
        elif label == "4.3":
            instance_heading(document, text)
        else:
            style, place = depth[label.rstrip(".").count(".") + 1]
            style = "Heading 2" if label == "4.1" else style
            number(document.add_paragraph(text, style=style), 77, place)
    return saved(document)


def instance_heading(document: "docx.document.Document", text: str) -> None:
    """4.2 was deleted by tracked changes and 4.3 kept its number: a list that starts at three."""
    instance(document, 79, 77, '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="3"/></w:lvlOverride>')
    number(document.add_paragraph(text, style="Heading 2"), 79, 1)


def as_pdf() -> bytes:
    """The sample on small pages with a running head and page numbers."""
    html = []
    for line in filter(None, SAMPLE.split("\n")):
        label = line.split(" ")[0]
        if label == "-":
            html.append(f"<ul><li>{line[2:]}</ul>")
        elif label.endswith(".") and label[0].isdigit():
            html.append(f"<h1>{line}</h1>")
        elif label in ("4.1", "4.3"):
            html.append(f"<h2>{line}</h2>")
        else:
            html.append(f"<p>{line}</p>")
    style = '@page { @top-right { content: "Larkmoor policies" } @bottom-center { content: "Page " counter(page) " of " counter(pages) } } h1 { font-size: 16pt } h2 { font-size: 13pt }'
    return pdf("".join(html), style, size="A5")


@pytest.fixture(scope="module", params=["text", "word", "pdf"])
def sample(request):
    data = {"text": SAMPLE.encode, "word": as_word, "pdf": as_pdf}[request.param]()
    return one(data, "policy")


@pytest.mark.requirement("R017")
def test_sections_clauses_labels_and_depths_are_the_same_in_every_format(sample):
    assert shape(sample) == EXPECTED


@pytest.mark.requirement("R002")
@pytest.mark.requirement("R003")
def test_key_details_are_read_in_every_format(sample):
    assert (sample.title, sample.setting) == ("Phones and Wearables Policy", "Larkmoor Primary School")
    assert sample.key_details == KeyDetails(
        dsl=("Ms Imogen Tarrant",),
        deputy_dsl=("Yusuf Okafor", "Bea Lindqvist"),
        named_governor=("Dr Hal Whitcombe",),
        written="2025-03-03",
        ratified="2025-03-17",
        ratifying_body="Full Governing Board",
        next_review="2026-03",
    )


@pytest.mark.requirement("R010")
@pytest.mark.requirement("R011")
def test_links_and_guidance_are_read_in_every_format(sample):
    assert sample.linked_policies == ("Behaviour policy", "Child protection policy", "Data protection policy")
    assert [(entry.title, entry.edition) for entry in sample.guidance] == [
        ("Keeping Children Safe in Education", "2024"),
        ("Working Together to Safeguard Children", "2023"),
    ]


@pytest.mark.requirement("R016")
def test_a_section_marked_not_in_use_keeps_its_text_and_says_so(sample):
    assert {
        section.label: section.status for section in sample.sections if section.label.startswith("4")
    } == {
        "4.": "in use",
        "4.1": "not used",
        "4.3": "in use",
    }


def test_the_json_has_the_documented_shape():
    [document] = to_json(read_policy(SAMPLE.encode(), "policy.txt"))["documents"]

    assert {"title", "setting", "key_details", "sections", "linked_policies", "guidance"} <= set(document)
    assert document["key_details"]["dsl"] == ["Ms Imogen Tarrant"]
    assert document["guidance"][0] == {"title": "Keeping Children Safe in Education", "edition": "2024"}
    assert document["sections"][2]["clauses"][1] == {
        "label": "",
        "text": "a parent has asked in writing",
        "depth": 1,
    }
