"""Outlines: short texts to begin a policy with, and how they are typed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from policies.enums import PolicyKind
from policies.fields import keys_in
from policies.models import PolicyVersion
from policies.selectors.fields import all_fields
from policies.selectors.outlines import outlines
from policies.tests.factories import typed
from policies.tests.writing.trust import LINES, make_outline, make_trust
from schools.enums import Role
from schools.tests.factories import make_member, sign_in


def test_every_outline_says_where_it_comes_from_and_uses_fields_that_there_are():
    assert len(outlines()) == 4
    for outline in outlines().values():
        texts = [clause["text"] for section in outline.sections for clause in section["clauses"]]
        assert outline.kind in PolicyKind.values
        assert outline.source.startswith("Written for PolicyHub, 20")
        assert keys_in(texts) <= set(all_fields())
        assert not any("{" in text for text in texts)


def test_a_policy_begins_with_an_outline(school, signed_in):
    client = signed_in(make_member(school, Role.DSL, name="Ada Hart"))

    page = client.post(
        reverse("policies:policy_create", args=[school.slug]),
        {"title": "Phones", "kind": "mobile_devices", "owner_role": "dsl", "outline": "mobile-devices"},
        follow=True,
    )

    version = PolicyVersion.objects.get()
    assert version.sections.count() == len(outlines()["mobile-devices"].sections)
    assert version.template == outlines()["mobile-devices"].source
    assert "⟦dsl⟧" in version.clauses.get(label="2.1").text
    assert "Ada Hart" in page.content.decode()


@pytest.mark.parametrize(
    "line",
    [
        "# 3. (local) Our own rules",
        "3.1 | Say (local) what else holds.",
        "(local) 3.1 | Say what else holds.",
    ],
)
def test_a_mark_that_would_be_read_as_words_is_refused(school, line):
    trust, lead = make_trust(school)
    client, outline = sign_in(lead), make_outline(trust, lead)
    edit = reverse("outline_edit", args=["saltmere", outline.pk])

    page = client.post(edit, typed(client.get(edit), text=f"{LINES}\n{line}"))

    assert "before all other words" in page.context["form"].errors["text"][0]
    assert page.context["form"]["text"].value().endswith(line)
