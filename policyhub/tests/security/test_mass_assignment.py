"""Every form, sent with every column of every table besides its own fields, changes what it did without them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction
from django.utils import timezone

from core import scope
from policies.tests.factories import TEXT
from policyhub.tests import routes
from policyhub.tests.security.planting import Planted, plant
from schools.enums import Role
from schools.forms import MemberForm
from schools.permissions import ROLE_PERMISSIONS
from schools.tests.factories import make_member, make_school, sign_in

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]

OUR_APPS = ("schools", "policies", "registers", "incidents", "devices", "reports")
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FOREIGN_WORDS, FOREIGN_ID = "Einschleichwort", "5e471e15-0000-4000-8000-000000000001"
BASES = {"WorkForm", "RevisionForm", "InPlaceForm", "SeenForm"}
"""Forms that only others are made of."""
NOT_SENT_HERE = {
    "QueueFilter": "Read from the address, writes nothing.",
    "ChangesForm": "Read from the address, writes nothing.",
    "ReadersFilter": "Read from the address, writes nothing.",
    "ClassFilter": "Read from the address, writes nothing.",
    "CheckForm": "Takes a file that is not kept; sent by nobody who is signed in.",
    "ActivateTOTPForm": "Takes one code; tested through its page.",
    "AuthenticateForm": "Takes one code; tested through its page.",
    "ReauthenticateForm": "Takes one code; tested through its page.",
    "ScanForm": "Takes a scan in PDF; tested through its page (policies/tests/test_paper_signatures.py).",
    "CertificateForm": "Takes a file and its password; tested with real certificates.",
    "ClassForm": "Takes ticks of a class; tested through its page (policies/tests/test_readers.py).",
    "PaperForm": "Takes ticks of the people asked; tested through its page (policies/tests/test_readers.py).",
    "AnswersForm": "Takes one of the answers shown; tested through its page (policies/tests/test_questions.py).",
    "DeskForm": "Answers with the address, once; tested through its page (policies/tests/test_visiting.py).",
    "ArrivalForm": "Sent by nobody who is signed in; tested through its page (policies/tests/test_visiting.py).",
    "ParentForm": "Sent by nobody who is signed in; tested through its page (policies/tests/homes/).",
    "MinorForm": "Takes a reason for a draft; tested through its page (policies/tests/test_minor.py).",
    "ApproversForm": "Takes each person once; tested through its page (policies/tests/test_approval.py).",
    "GuestCommentForm": "Sent by nobody who is signed in; tested through its page (policies/tests/consulting/test_guests.py).",
    "UnansweredForm": "Takes a reason once a consultation is closed; tested through its service.",
    "SignForm": "Takes a typed name; tested with a real certificate.",
    "OutlineBeginForm": "Sent outside any school; tested through its page (policies/tests/writing/test_trust_outlines.py).",
    "OutlineForm": "Sent outside any school; tested through its page, as above.",
    "OfferForm": "Sent outside any school; tested through its page, as above.",
}
ANSWERS: dict[str, Any] = {
    "people": ["unsure"],
    "learner": "someone-else",
    "owner_name": "Robin Ashdown",
    "steps_left": "The police lead.",
    "linked": "AB2C-DE3F",
    "email": "new@school.example",
    "on": "2026-10-12",
    "edition": "2026",
    "written": "2026-09",
    "next_review": "2027-10",
    "collector_name": "Pat Ashdown",
    "name": "Pat Ashdown",
    "text": "Some words",
    "parents_note": "Rang the mother; she will come in.",
    "early_reason": "The mother asked for it.",
}


def forms_found() -> set[type[forms.BaseForm]]:
    """All form classes that stand in a `forms` module of ours."""
    found = set()
    for app in OUR_APPS:
        if importlib.util.find_spec(f"{app}.forms") is None:
            continue
        module = importlib.import_module(f"{app}.forms")
        names = [
            name for _, name, _ in pkgutil.iter_modules(getattr(module, "__path__", []), f"{app}.forms.")
        ]
        for one in (module, *map(importlib.import_module, names)):
            found |= {
                item
                for item in vars(one).values()
                if isinstance(item, type)
                and issubclass(item, forms.BaseForm)
                and item.__module__.startswith(app)
            }
    return {form for form in found if form.__name__ not in BASES}


class Sender:
    """Sends a route its form, well filled, and notes which forms looked at it."""

    def __init__(self, planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
        self.planted, self.seen = planted, []
        with scope.acting(schools=[planted.school.pk]):
            self.addresses = planted.addresses()
            self.extras = extras_for(planted)
        clean = forms.BaseForm.full_clean
        monkeypatch.setattr(
            forms.BaseForm, "full_clean", lambda form: (self.seen.append(form), clean(form))[1]
        )

    def client(self, route: routes.Route) -> Any:
        roles = [role for role in Role if route.gate.permission in ROLE_PERMISSIONS[role]]
        return sign_in(self.planted.members[Role.HEADTEACHER if Role.HEADTEACHER in roles else roles[0]].user)

    def form_of(self, route: routes.Route) -> forms.BaseForm | None:
        """The form that a request without answers meets."""
        self.seen.clear()
        self.send(route, {"sent": "1"})
        bound = [form for form in self.seen if form.is_bound and type(form) in forms_found()]
        return bound[-1] if bound else None

    def send(self, route: routes.Route, data: dict[str, Any]) -> tuple[int, dict[str, list[dict[str, Any]]]]:
        """The status, and all rows as they would stand; undone."""
        client = self.client(route)
        with scope.acting(schools=[self.planted.school.pk]), transaction.atomic():
            for file in (value for value in data.values() if hasattr(value, "seek")):
                file.seek(0)
            status = client.post(self.addresses[route.name], data).status_code
            rows = all_rows()
            transaction.set_rollback(True)
        return status, rows


def filled(form: forms.BaseForm | None) -> dict[str, Any]:
    """A good answer to every question of a form."""
    if form is None:
        return {}
    return {name: _answer(form, name, field) for name, field in form.fields.items() if name != "draft_token"}


def _answer(form: forms.BaseForm, name: str, field: forms.Field) -> Any:
    first = form.get_initial_for_field(field, name)
    if not first and name in ANSWERS:
        return ANSWERS[name]
    if first not in (None, "", []):
        return first.strftime("%Y-%m-%dT%H:%M") if isinstance(first, datetime) else first
    if isinstance(field, forms.ChoiceField):
        rows = [row for one in field.choices for row in (one[1] if isinstance(one[1], list) else [one])]
        choices = [value for value, _ in rows if value]
        return choices[:1] if isinstance(field, forms.MultipleChoiceField) else choices[0] if choices else ""
    if isinstance(field, forms.FileField):
        return SimpleUploadedFile("policy.txt", TEXT.encode())
    if isinstance(field, forms.DateField | forms.DateTimeField):
        return timezone.localdate()
    if isinstance(field, forms.BooleanField | forms.IntegerField):
        return "1"
    return "Some words" if field.required else ""


def all_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of ours, values as Python has them."""
    return {
        model._meta.label: [
            {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            for row in model._default_manager.order_by("pk")
        ]
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS
    }


def columns(rows: dict[str, list[dict[str, Any]]]) -> dict[tuple[str, str], list[str]]:
    """(table, column) -> its values, in an order that does not depend on random ids."""
    return {
        (label, name): sorted(str(row[name]) for row in found)
        for label, found in rows.items()
        for name in (found[0] if found else ())
    }


def extras_for(planted: Planted) -> dict[str, Any]:
    """A value for every column of every table, of a kind that the column would take."""
    other = make_member(planted.school, Role.STAFF)
    ids = {"School": make_school().pk, "User": other.user_id, "Membership": other.pk}
    found: dict[str, Any] = {}
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS:
            for field in model._meta.concrete_fields:
                value = _foreign(field, ids)
                found |= {field.name: value, field.attname: value}
    return {**found, "pk": FOREIGN_ID, "membership": other.pk, "by": other.pk, "user": other.user_id}


def _foreign(field: models.Field, ids: dict[str, Any]) -> Any:
    if field.is_relation:
        return ids.get(field.related_model.__name__, FOREIGN_ID)
    if field.choices:
        return field.choices[-1][0]
    kinds = {
        models.UUIDField: FOREIGN_ID, models.BooleanField: "on", models.DateTimeField: "2001-02-03T04:05",
        models.DateField: "2001-02-03", models.IntegerField: "77777",
    }  # fmt: skip
    return next((value for kind, value in kinds.items() if isinstance(field, kind)), FOREIGN_WORDS)


@pytest.fixture(scope="module")
def planted(db_of_module: None) -> Iterator[Planted]:
    with time_machine.travel(NOW, tick=False):
        yield plant(lambda kind, name, longest: f"{kind} {name.replace('.', ' ')}")


@pytest.fixture
def sender(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    with time_machine.travel(NOW, tick=False):
        yield Sender(planted, monkeypatch)


def unexpected(sender: Sender, route: routes.Route) -> tuple[str, list[str], str]:
    """(form, columns that the extras changed, why the form was not taken) of one route."""
    form = sender.form_of(route)
    data, name = filled(form), type(form).__name__ if form else ""
    sender.seen.clear()
    (status, once), (_, twice) = sender.send(route, data), sender.send(route, data)
    if status != 302:
        return name, [], f"{status} {[dict(one.errors) for one in sender.seen if one.is_bound][-1:]}"
    plain, again = columns(once), columns(twice)
    extras = {key: value for key, value in sender.extras.items() if key not in data}
    changed = columns(sender.send(route, {**data, **extras})[1])
    steady = [key for key in plain if plain[key] == again[key]]
    wrong = [f"{key}" for key in steady if changed[key] != plain[key]]
    crept = [f"{key}" for key, values in changed.items() if {FOREIGN_WORDS, FOREIGN_ID} & set(values)]
    return name, wrong + crept, ""


def posting() -> list[routes.Route]:
    """Routes that take a form."""
    return [
        route
        for route in routes.gated()
        if "POST" in route.gate.methods and route.name != "schools:draft_save"
    ]


@pytest.mark.slow
@pytest.mark.requirement("R043")
def test_no_form_takes_what_it_does_not_ask(sender):
    covered, wrong, refused = set(), {}, {}
    for route in posting():
        name, changed, why = unexpected(sender, route)
        covered |= {name} if not why else set()
        wrong |= {route.name: changed} if changed else {}
        refused |= {route.name: why} if why else {}

    assert wrong == {}
    missing = {form.__name__ for form in forms_found()} - covered - NOT_SENT_HERE.keys()
    assert missing == set(), "\n".join(f"{route}: {why}" for route, why in refused.items())


def test_a_form_that_takes_more_would_be_found(sender, monkeypatch):
    """The control: a form that reads a column it does not ask for."""
    route = next(route for route in posting() if route.name == "schools:member_create")
    assert unexpected(sender, route)[1] == []

    def greedy(form: MemberForm) -> dict[str, Any]:
        return {
            **form.cleaned_data,
            "job_title": form.data.get("narrative", form.cleaned_data.get("job_title", "")),
        }

    monkeypatch.setattr(MemberForm, "clean", greedy)

    assert unexpected(sender, route)[1] != []


def test_no_form_is_made_from_a_model() -> None:
    assert [form.__name__ for form in forms_found() if issubclass(form, forms.BaseModelForm)] == []
    assert len(forms_found()) >= 20
