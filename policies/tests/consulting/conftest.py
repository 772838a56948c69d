"""A consultation that is under way, and who is in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from policies import services
from policies.tests.factories import make_draft
from schools.enums import Role
from schools.tests.factories import make_member


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Ada Hart")


@pytest.fixture
def teacher(school):
    return make_member(school, Role.STAFF, name="Bo Pine")


@pytest.fixture
def draft(school):
    return make_draft(school)


@pytest.fixture
def opened(draft, dsl, teacher):
    return services.open_consultation(
        draft,
        by=dsl,
        question="Is it clear?",
        until=timezone.localdate() + timedelta(days=7),
        posts=[Role.STAFF],
    )
