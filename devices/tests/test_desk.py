"""What the desk says: the school's own words and rules, receipts, and forms that lose nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from devices import services
from devices.models import Device
from devices.tests.factories import PHONE, TO_PARENT, make_device
from devices.tests.test_views import answers, url
from schools.enums import Role
from schools.services import set_rule
from schools.tests.factories import TESTS, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(school):
    return make_member(school, Role.OFFICE)


@pytest.fixture
def client(signed_in, office):
    return signed_in(office)


def test_receive_keeps_what_is_typed_and_offers_it_until_it_is_sent(client, school):
    form = client.get(url("device_receive", school)).context["form"]
    kept = answers(condition="black, cracked", draft_token=form["draft_token"].value())
    client.post(reverse("schools:draft_save", args=[school.slug]), kept)

    offered = client.get(url("device_receive", school)).context["form"]
    assert (offered["condition"].value(), offered["kind"].value(), offered.kept) == (
        "black, cracked",
        PHONE["kind"],
        True,
    )

    client.post(url("device_receive", school), kept)
    assert client.get(url("device_receive", school)).context["form"].kept is False


def test_receive_sent_again_with_other_words_shows_both(client, school):
    sent = answers(condition="black")
    client.post(url("device_receive", school), sent)

    page = client.post(url("device_receive", school), {**sent, "condition": "blue"})

    html, form = page.content.decode(), page.context["form"]
    assert (page.status_code, Device.objects.count()) == (409, 1)
    assert {"label": "Condition", "first": "black", "now": "blue"} in form.twice["rows"]
    assert url("device_receipt", school, Device.objects.get().pk) in html
    assert (form["condition"].value(), form["client_ref"].value() == sent["client_ref"]) == ("blue", False)


FORMS = {"device_hold": "reason", "device_lift": "reason", "device_release": "collector_name"}


@pytest.mark.parametrize(("name", "field"), FORMS.items())
def test_text_typed_when_the_sign_in_had_ended_is_offered_again(signed_in, school, office, name, field):
    dsl, device = make_member(school, Role.DSL), make_device(office)
    form = signed_in(dsl).get(url(name, school, device.pk)).context["form"]
    late = {field: "Half a sent", "version": 0, "draft_token": form["draft_token"].value()}

    answer = Client().post(url(name, school, device.pk), late)

    offered = signed_in(dsl).get(url(name, school, device.pk)).context["form"]
    assert (answer.status_code, offered[field].value(), offered.kept) == (302, "Half a sent", True)


@pytest.mark.requirement("R073", "R091", "R093")
def test_receipt_says_what_was_taken_why_where_it_is_kept_and_whose_risk_it_is(client, school, office):
    set_rule(school, "device_storage", "the safe in the main office", by=TESTS)
    device = make_device(office, condition="black, cracked", taken_where="Playground")

    html = client.get(url("device_receipt", school, device.pk)).content.decode()

    kept = "the safe in the main office, slot A1"
    shown = [
        device.reference,
        PHONE["kind"],
        PHONE["reason"],
        "black, cracked",
        "Playground",
        office.name,
        kept,
    ]
    assert [words for words in shown if words not in html] == []
    assert "accepts no liability for loss or damage" in html


@pytest.mark.requirement("R013", "R092")
def test_kinds_and_reasons_are_the_schools_own(client, school):
    set_rule(school, "device_kinds", "pager\nwalkie-talkie", by=TESTS)
    set_rule(school, "confiscation_reasons", "rang in assembly", by=TESTS)

    form = client.get(url("device_receive", school)).context["form"]
    refused = client.post(url("device_receive", school), answers())
    client.post(url("device_receive", school), answers(kind="pager", reason="rang in assembly"))

    choices = [[value for value, _ in form.fields[name].choices] for name in ("kind", "reason")]
    assert choices == [["pager", "walkie-talkie"], ["rang in assembly"]]
    assert refused.context["form"].errors.keys() == {"kind", "reason"}
    assert Device.objects.get().kind == "pager"


@pytest.mark.requirement("R101")
def test_whoever_books_in_is_told_not_to_look(signed_in, school):
    page = signed_in(make_member(school, Role.STAFF)).get(url("device_receive", school)).content.decode()

    assert "Do not look, do not scroll, do not copy or send anything." in page
    assert "tell a DSL now" in page


@pytest.mark.requirement("R080")
def test_desk_marks_what_was_not_collected(school, signed_in, time_machine):
    time_machine.move_to(datetime(2026, 11, 2, 10, tzinfo=UTC))
    office = make_member(school, Role.OFFICE)
    make_device(office)
    words = []
    for hour in (12, 16):
        time_machine.move_to(datetime(2026, 11, 2, hour, tzinfo=UTC))
        words.append(signed_in(office).get(url("desk", school)).context["cards"][0]["status"]["word"])

    assert words == ["In the safe", "Not collected"]


def test_receipt_of_what_went_back_says_so_and_has_no_label(client, school, office):
    device = make_device(office)
    address = url("device_receipt", school, device.pk)
    before = client.get(address).content.decode()
    services.release_device(device, TO_PARENT, by=office, version=device.version)

    after = client.get(address).content.decode()

    said = [[words in page for words in ("Booked in", "Given back", 'class="label"', "name no owner")] for page in (before, after)]  # fmt: skip
    assert said == [[True, False, True, True], [False, True, False, True]]
