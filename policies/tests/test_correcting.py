"""The page after an upload: the file beside what was read, put right by a person before it is saved."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core import audit
from core.models import AuditEvent
from policies import services
from policies.forms import importing
from policies.models import PolicyVersion
from policies.tests.factories import TESTS, TEXT, make_draft, typed
from policies.tests.test_importing import TWO
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.fixture
def source(school):
    return services.import_document(school, TEXT.encode(), "policy.txt", by=TESTS)


def address(source) -> str:
    return reverse("policies:document_preview", args=[source.school.slug, source.pk])


@pytest.mark.requirement("R010")
def test_the_file_stands_beside_what_was_read_and_what_is_missing_is_named(source, signed_in):
    page = signed_in(make_member(source.school, Role.DSL)).get(address(source))

    lines = [line["text"] for line in page.context["lines"]]
    assert "2.1 Phones are handed in at the office when the day begins." in lines
    fields = page.context["form"].fields
    assert [name for name in ("dsl", "deputy_dsl") if "Not found" in fields[name].help_text] == ["deputy_dsl"]
    assert "# 2. | Use of devices\n2.1 | Phones are handed in" in page.context["form"]["text"].value()


def test_what_somebody_puts_right_is_saved_and_counted_without_words(source, signed_in):
    client = signed_in(make_member(source.school, Role.DSL))
    page = client.get(address(source))
    text = (
        page.context["form"]["text"]
        .value()
        .replace("2.2 | Smart watches stay at home.", "> a) | Watches too.")
    )

    client.post(
        address(source), typed(page, text=text, deputy_dsl="Bo Marsh\nCy Vane", ratified="1 May 2026")
    )

    version = PolicyVersion.objects.get()
    assert version.key_details["deputy_dsl"] == ["Bo Marsh", "Cy Vane"]
    assert version.key_details["ratified"] == "2026-05-01"
    assert list(version.clauses.filter(depth=1).values_list("label", "text")) == [("a)", "Watches too.")]
    entry = AuditEvent.objects.get(action="policy_version.drafted")
    assert audit.payload_of(entry)["changes"] == {
        "details_corrected": [0, 2],
        "rows": [9, 9],
        "rows_corrected": [0, 1],
    }


def test_nothing_corrected_is_counted_as_nothing(source, signed_in):
    client = signed_in(make_member(source.school, Role.DSL))

    client.post(address(source), typed(client.get(address(source))))

    entry = AuditEvent.objects.get(action="policy_version.drafted")
    assert audit.payload_of(entry)["changes"] == {
        "details_corrected": [0, 0],
        "rows": [9, 9],
        "rows_corrected": [0, 0],
    }


def test_a_line_that_cannot_be_read_keeps_all_that_was_typed(source, signed_in):
    client = signed_in(make_member(source.school, Role.DSL))
    sent = typed(
        client.get(address(source)), text="# 1. | Rules\n" + "too long " * 9 + "| Words", note="Mine"
    )

    page = client.post(address(source), sent)

    assert page.context["form"].errors["text"][0].startswith("Line 2: ")
    assert "too long too long" in page.content.decode()
    assert page.context["form"]["note"].value() == "Mine"
    assert PolicyVersion.objects.count() == 0


def test_what_is_typed_is_kept_on_the_way_and_gone_once_saved(source, signed_in):
    client = signed_in(make_member(source.school, Role.DSL))
    page = client.get(address(source))
    keep = page.context["form"].autosave_url
    client.post(
        keep, typed(page, title="Half a title", draft_token=page.context["form"].initial["draft_token"])
    )

    again = client.get(address(source))
    client.post(address(source), typed(again))

    assert again.context["form"]["title"].value() == "Half a title"
    assert PolicyVersion.objects.get().title == "Half a title"


@pytest.mark.requirement("R001")
def test_each_policy_of_one_file_is_chosen_and_corrected_by_itself(school, signed_in):
    source = services.import_document(school, TWO.encode(), "two.txt", by=TESTS)
    client = signed_in(make_member(school, Role.DSL))
    second = client.get(f"{address(source)}?document=2")

    client.post(f"{address(source)}?document=2", typed(second, title="Posts"))

    assert [one["title"] for one in second.context["parts"]] == [
        "Phones and Devices Policy",
        "Social Media Policy",
    ]
    assert list(PolicyVersion.objects.values_list("title", "source_position")) == [("Posts", 1)]


def test_a_file_of_another_school_is_pointed_out(source, signed_in):
    client = signed_in(make_member(source.school, Role.DSL))
    other = services.import_document(
        source.school, TEXT.replace("Brambling Park", "Foxglove Hill").encode(), "b.txt", by=TESTS
    )
    type(source.school).objects.filter(pk=source.school.pk).update(name="Brambling Park Academy")

    titles = [client.get(address(one)).context["other_school_title"] for one in (source, other)]

    assert titles == ["", "The file names Foxglove Hill School"]


def test_a_title_that_is_taken_asks_for_a_new_version_instead(source, signed_in):
    policy = make_draft(source.school, "Phones and Devices Policy").policy
    client = signed_in(make_member(source.school, Role.DSL))
    page = client.get(address(source))

    refused = client.post(address(source), typed(page, policy=""))

    assert page.context["form"]["policy"].value() == str(policy.pk)
    assert "new version of it" in refused.context["form"].errors["policy"][0]
    assert PolicyVersion.objects.count() == 1


def test_of_two_who_correct_the_same_file_the_second_is_shown_both_and_loses_nothing(source, signed_in):
    first, second = (signed_in(make_member(source.school, Role.DSL)) for _ in range(2))
    pages = [client.get(address(source)) for client in (first, second)]
    text = pages[0].context["form"]["text"].value()
    sent = typed(pages[0], text=text.replace("stay at home", "stay in the bag"))
    first.post(address(source), sent)

    again = first.post(f"{address(source)}?document=1", sent)
    page = second.post(
        f"{address(source)}?document=1",
        typed(pages[1], title="Social media", text=text.replace("handed in", "kept")),
    )

    assert again.status_code == 302
    assert page.status_code == 409
    title, row = page.context["form"].twice["rows"]
    assert (title["label"], title["now"]) == ("Title", "Social media")
    assert "stay in the bag" in row["first"]
    assert "Phones are kept at the office" in row["now"]
    assert "are kept at the office" in page.context["form"]["text"].value()
    assert "stay in the bag" in PolicyVersion.objects.get().clauses.get(label="2.2").text


def test_a_text_that_is_too_long_for_one_field_is_saved_as_read_and_the_page_says_so(
    source, signed_in, monkeypatch
):
    monkeypatch.setattr(importing, "LONGEST_TEXT", 100)
    client = signed_in(make_member(source.school, Role.DSL))

    page = client.get(address(source))
    client.post(address(source), typed(page, title="Rules"))

    assert "too long to be put right on this page" in page.content.decode()
    read = [one["text"] for part in source.reading["documents"][0]["sections"] for one in part["clauses"]]
    assert (
        list(PolicyVersion.objects.get().clauses.order_by("position").values_list("text", flat=True)) == read
    )
