"""A visitor, whose words come from outside the school, and somebody of a paper list who had not signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from policies import services as policies
from policies.enums import VisitorKind
from policies.tests.factories import make_in_force
from schools.models import Membership, School


def plant_outsiders(
    school: School, office: Membership, write: Callable[[str, str, int], str]
) -> dict[str, tuple[Any, ...]]:
    """Fills their fields; the arguments of the addresses that show them."""
    token = policies.open_desk(write("visitor", "place", 60), by=office)
    said = {name: write("visitor", name, 120) for name in ("name", "host", "company")}
    policies.sign_in_visitor(token, policies.Arrival(VisitorKind.VISITOR, **said), client_ref=uuid4())
    version = make_in_force(school, "Bikes")
    policies.collect_on_paper(version, [office], by=office, collected_by=office, on=timezone.localdate())
    reason = write("readers", "why it was an error", 200)
    policies.mark_mistaken(version.acknowledgements.get(), by=office, reason=reason)
    return {
        "policies:visit_leave": (school.visits.get().pk,),
        "policies:version_readers": (version.pk,),
    }
