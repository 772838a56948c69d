"""The year of the demonstration, loaded once for all tests of this file, by a run that was killed and the next."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from core import audit, scope
from core.models import AuditEvent, OutgoingMail
from devices.models import Device
from incidents.models import Concern
from policies.models import Policy, PolicyVersion
from policyhub.demo import data, signins
from policyhub.tests.sources import ROOT
from policyhub.tests.test_demo import CODE, sign_in
from registers.models import RegisterEntry
from reports.models import TermReport
from schools.models import Learner, Membership, School, User

# The demonstration refuses to start on PostgreSQL.
pytestmark = [pytest.mark.slow, pytest.mark.sqlite, pytest.mark.django_db]


ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
"""With which the passwords were hashed."""


@pytest.fixture(scope="module")
def year(made_ready: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder in which one run was killed and the next went on, and what that said."""
    folder = Path(shutil.copytree(made_ready, tmp_path_factory.mktemp("year") / "folder"))
    killed = load_demo(folder)
    assert killed.stdout.readline().startswith("Loading the demonstration schools.")
    time.sleep(3)
    killed.kill()
    killed.wait()
    return folder, load_demo(folder).communicate(timeout=900)[0]


def load_demo(folder: Path) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    clean |= {"DATA_DIR": str(folder), "DEMO": "1", "PYTHONUNBUFFERED": "1"}
    line = [sys.executable, "manage.py", "load_demo"]
    return subprocess.Popen(line, cwd=ROOT, env=clean, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def schools(
    year: tuple[Path, str], django_db_setup: None, django_db_blocker: Any
) -> Iterator[dict[str, School]]:
    """The schools of the demonstration, in the database of that folder, which is the tests' own meanwhile."""
    folder, database = year[0], connection.settings_dict
    keys = folder / "keys" / settings.KEY_FILE.name
    with (
        django_db_blocker.unblock(),
        override_settings(DEMO=True, KEY_FILE=keys, PASSWORD_HASHERS=[ARGON2]),
        pytest.MonkeyPatch.context() as patch,
    ):
        connection.close()
        patch.setitem(database, "NAME", str(folder / "policyhub.sqlite3"))
        yield {school.slug: school for school in School.objects.filter(is_demonstration=True)}
        connection.close()


@pytest.fixture
def loaded(schools: dict[str, School], db: None) -> Iterator[dict[str, School]]:
    """The schools with their rows visible, as inside a request."""
    with scope.acting(schools=[school.pk for school in schools.values()]):
        yield schools


def test_a_run_that_was_killed_is_finished_by_the_next(year):
    assert re.fullmatch(r"Loaded: \d+ events of a year, in \d+ seconds\.", year[1].splitlines()[1])


def test_a_third_run_changes_nothing(loaded, django_assert_max_num_queries):
    counted = (AuditEvent, OutgoingMail, User, Learner, Concern, Device)
    before = [model.objects.count() for model in counted]
    out = io.StringIO()
    with django_assert_max_num_queries(20):
        call_command("load_demo", stdout=out)
    assert out.getvalue() == "The demonstration schools are loaded.\n"
    assert [model.objects.count() for model in counted] == before


def test_the_chain_of_each_school_is_whole_and_in_the_order_of_time(loaded):
    assert [audit.verify(school.pk).whole for school in loaded.values()] == [True, True]
    for school in loaded.values():
        events = AuditEvent.objects.filter(school_id=school.pk).order_by("seq")
        times = list(events.values_list("at", flat=True))
        assert times == sorted(times)


def test_people_and_learners_are_those_of_the_data(loaded):
    assert Learner.objects.count() == len(data.read("learners")["learners"])
    in_schools = [row for row in data.read("school")["people"] if row["school"]]
    assert Membership.objects.count() == len(in_schools)


def test_concerns_stand_where_the_data_say(loaded):
    expected = {"unseen": "new", "seen": "new", "waiting": "open"}
    planned = Counter(expected.get(row["state"], row["state"]) for row in data.read("incidents")["incidents"])
    assert Counter(Concern.objects.values_list("status", flat=True)) == planned
    assert Concern.objects.filter(is_seen=False).count() == 1


def test_what_is_in_the_safe_is_what_never_left_it(loaded):
    ends = ("release", "police", "disposed")
    rows = [row for row in data.read("devices")["devices"] if not any(end in row for end in ends)]
    assert Device.objects.in_custody().count() == len(rows)


def test_reports_and_registers_are_those_of_the_data(loaded):
    rows = data.read("reports")
    states = TermReport.objects.values_list("state", flat=True)
    assert list(states) == ["published"] * len(rows["reports"])
    expected = {"governor_meeting": len(rows["meetings"]), "filtering_check": len(rows["filtering_checks"])}
    assert Counter(RegisterEntry.objects.values_list("register", flat=True)) == expected


def test_mail_of_the_year_is_sent_and_none_was_set_aside(loaded):
    states = Counter(OutgoingMail.objects.values_list("status", flat=True))
    assert set(states) == {"sent", "pending"}
    assert states["pending"] < 60


def test_every_policy_is_there_and_one_that_nobody_reviewed_has_aged(loaded):
    rows = data.read("policies")["policies"]
    assert sorted(Policy.objects.values_list("title", flat=True)) == sorted(row["title"] for row in rows)
    in_force = list(PolicyVersion.objects.binding())
    assert len(in_force) == sum(row["state"] == "in_force" for row in rows)
    errors = [
        (version.title, one["code"])
        for version in in_force
        for one in version.findings
        if one["severity"] == "error"
    ]
    assert errors == [("Social Media Policy", "superseded-guidance")]


def test_every_printed_sign_in_works_and_reads_what_is_its_own(loaded):
    home = loaded["larkmoor"].get_absolute_url()
    policies = [version.get_absolute_url() for version in PolicyVersion.objects.binding()]
    trust = loaded["larkmoor"].trust
    theirs = [trust.get_absolute_url(), reverse("outline_list", args=[trust.slug])]
    for role, _, email, _ in signins.sign_ins():
        addresses = theirs if role == signins.ROLES["trust_lead"] else [*policies, home]
        client, page = sign_in(email)
        code = CODE.search(page.content.decode())
        assert code, role
        assert client.post(reverse("mfa_authenticate"), {"code": ["", code[1]]}).url == "/", role
        assert {client.get(address).status_code for address in addresses} == {200}, role
