"""Outlines: short texts to begin a policy with."""

from __future__ import annotations

from django.urls import reverse

from policies.enums import PolicyKind
from policies.fields import keys_in
from policies.models import PolicyVersion
from policies.selectors.fields import all_fields
from policies.selectors.outlines import outlines
from schools.enums import Role
from schools.tests.factories import make_member


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
