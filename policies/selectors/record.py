"""How versions came about, and who may see it."""

from __future__ import annotations

from django.db.models import QuerySet

from policies.models import Advice, PolicyVersion
from policies.permissions import sees_preparation
from policies.selectors.versions import HEAVY
from policies.states import DECIDED
from schools.models import Membership


def recorded_versions(membership: Membership) -> QuerySet[PolicyVersion]:
    """All for those who prepare versions; for those who govern, what a body has said yes to."""
    versions = membership.school.policyversions.select_related("policy", "school").defer(*HEAVY)
    return versions if sees_preparation(membership) else versions.filter(state__in=DECIDED)


def advice_on(version: PolicyVersion) -> list[Advice]:
    """What specialists advised on a version, by its day."""
    return list(Advice.objects.filter(version=version))
