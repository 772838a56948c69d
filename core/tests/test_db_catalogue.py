"""What the database says of itself: a table without wall, a lost key, a wrong role or setting is named (PostgreSQL)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from core.db import catalogue
from policyhub.testing.servers import PASSWORD

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_every_table_with_a_school_is_protected_and_a_new_one_is_missed(owner: Any) -> None:
    assert catalogue.unprotected_tables(connection) == []
    with owner.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (id uuid, school_id uuid)")
        cursor.execute("CREATE TABLE linking (id uuid, case_id uuid REFERENCES walls_case (id))")
        cursor.execute("ALTER TABLE walls_badge NO FORCE ROW LEVEL SECURITY")

    assert catalogue.unprotected_tables(owner) == ["forgotten", "linking", "walls_badge"]


def test_every_foreign_key_between_schools_rows_is_composite_and_a_lost_one_is_missed(owner: Any) -> None:
    assert catalogue.missing_composite_keys(connection) == []
    with owner.cursor() as cursor:
        cursor.execute("ALTER TABLE walls_file DROP CONSTRAINT walls_file_case_id_wall")

    assert catalogue.missing_composite_keys(owner) == ["walls_file_case_id_wall"]


def role_faults(role: str) -> set[int]:
    """Which of the faults of a role the catalogue finds for it."""
    other = connection.copy(alias="another role")
    other.settings_dict = {**connection.settings_dict, "USER": role, "PASSWORD": PASSWORD}
    found = catalogue.runtime_faults(other)
    other.close()
    return {number for number, sentence in enumerate(catalogue.ROLE_FAULTS) if sentence in found}


@pytest.mark.parametrize(
    ("role", "faults"),
    [("hub_app", set()), ("hub_owner", {4}), ("hub_backup", {1, 2}), ("postgres", {0, 1, 2, 3, 4})],
)
def test_only_the_role_of_the_application_is_without_fault(role: str, faults: set[int]) -> None:
    assert role_faults(role) == faults


def test_durability_that_is_switched_off_is_a_fault() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")

    assert "synchronous_commit = off" in " ".join(catalogue.runtime_faults(connection))
