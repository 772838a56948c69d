"""People who work concerns in these tests."""

from __future__ import annotations

import pytest

from schools.enums import Role
from schools.tests.factories import make_member


@pytest.fixture
def dsl(school):
    return make_member(school, Role.DSL, name="Margaret Sholto")


@pytest.fixture
def deputy(school):
    return make_member(school, Role.DEPUTY_DSL, name="Dev Hartley")
