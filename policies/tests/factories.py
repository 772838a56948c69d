"""Policies for tests, made through the services."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from core.audit import Job
from policies import services
from policies.models import Policy, PolicyVersion
from policies.services import DraftDetails
from schools.enums import Role
from schools.models import School
from schools.tests.factories import make_member

TESTS = Job("tests")

TEXT = """Phones and Devices Policy
Brambling Park School

Key Details
Designated Safeguarding Lead: Marit Tolland
Date written: September 2026
Date agreed and ratified by the Governing Body: 12 October 2026
Date of next review: October 2027

1. Policy aims and scope
1.1 This policy applies to all staff, governors, volunteers and learners.
1.2 It should be read with the child protection policy and the behaviour policy.

2. Use of devices
2.1 Phones are handed in at the office when the day begins.
2.2 Smart watches stay at home.

3. Smart speakers (not currently in use)

4. Monitoring and review
4.1 This policy is reviewed at least once a year.
"""


def make_draft(
    school: School,
    title: str = "Phones and devices",
    *,
    text: str = TEXT,
    policy: Policy | None = None,
    **details: Any,
) -> PolicyVersion:
    """A draft read from a text file."""
    source = services.import_document(school, text.encode(), "policy.txt", by=TESTS)
    return services.save_draft(source, 0, DraftDetails(title=title, **details), by=TESTS, policy=policy)


def make_ratified(
    school: School, title: str = "Phones and devices", *, on: str = "2026-10-12", **details: Any
) -> PolicyVersion:
    """A version that the governors ratified."""
    draft = make_draft(school, title, **details)
    return services.ratify_version(draft, by=TESTS, body="Governing Body", on=on, minute_reference="26/41")


def make_in_force(school: School, title: str = "Phones and devices", **details: Any) -> PolicyVersion:
    """A version that people must follow."""
    return services.bring_into_force(make_ratified(school, title, **details), by=TESTS)


def typed(page: Any, **changed: Any) -> dict[str, Any]:
    """What a browser sends: the form of a page as it stands, with some fields changed."""
    form = page.context["form"]
    values = {name: form[name].field.prepare_value(form[name].value()) for name in form.fields}
    return {name: value for name, value in {**values, **changed}.items() if value is not None}


def _blank_pdf() -> bytes:
    """One empty page."""
    content = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(content)
    return content.getvalue()


SCAN = _blank_pdf()


def make_paper_signed(school: School) -> PolicyVersion:
    """A ratified version whose signatures stand on paper."""
    version, clerk = make_ratified(school), make_member(school, Role.CLERK)
    on = version.ratified_on
    services.attach_paper(version, SCAN, services.OnPaper("Ada Hart", "Rosa Lind", on), by=clerk)
    return version
