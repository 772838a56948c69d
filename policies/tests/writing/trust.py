"""A trust with an outline, for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from policies import services
from policies.models import OutlineIssue, Policy, TrustOutline
from policies.reading.notation import from_lines
from policies.selectors.outlines import starting_points
from policies.services import DraftDetails
from schools.models import School, Trust, TrustAppointment, User
from schools.tests.factories import TESTS, make_user

LINES = """# 1. | Phones
1.1 | Phones are switched off.
1.2 | (local) Say where phones are kept.
# 2. | Everywhere the same
2.1 | Nobody films a lesson.
# 3. | (local) Our own rules
3.1 | Say what else holds here.
"""


def make_trust(*schools: School) -> tuple[Trust, User]:
    """A trust of these schools, and its lead."""
    trust, lead = Trust.objects.create(name="Saltmere Trust", slug="saltmere"), make_user("Ada Bell")
    TrustAppointment.objects.create(trust=trust, user=lead, starts_on=timezone.localdate())
    for school in schools:
        school.trust = trust
        school.save(update_fields=["trust"])
    return trust, lead


def make_outline(trust: Trust, lead: User, lines: str = LINES, title: str = "Phones") -> TrustOutline:
    """What the trust is writing."""
    return services.start_outline(
        trust, by=lead, title=title, kind="mobile_devices", sections=from_lines(lines)
    )


def offer(outline: TrustOutline, lead: User, lines: str = "", note: str = "") -> OutlineIssue:
    """The next issue, with another text where `lines` are given."""
    if lines:
        sections: Any = from_lines(lines)
        outline = services.write_outline(
            outline, by=lead, title=outline.title, kind=outline.kind, sections=sections
        )
    return services.offer_outline(outline, by=lead, note=note)


def begin(school: School, title: str = "Phones") -> Policy:
    """A policy of the school that begins with what its trust offers."""
    outline = next(one for one in starting_points(school).values() if one.issue)
    return services.start_policy(school, DraftDetails(title=title), by=TESTS, outline=outline).policy
