"""What members have yet to read, seen from the school: who is to be reminded, and who answers for those who are late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from policies.models import Acknowledgement, PolicyVersion
from policies.permissions import HEADS
from policies.selectors.acknowledging import Deadlines
from policies.selectors.versions import HEAVY
from schools.models import Membership, School
from schools.selectors import members


@dataclass(frozen=True)
class Late:
    """A version in force, and how many of its readers are late."""

    version: PolicyVersion
    count: int


class Outstanding:
    """Everything that members of one school have yet to read on a day, in a handful of queries."""

    def __init__(self, school: School, today: date) -> None:
        self.school, self.today = school, today

    def readers(self) -> list[Membership]:
        """Members who have something to read."""
        return [one for one in self.people if any(self._waits(version, one) for version in self.versions)]

    def to_remind(self) -> list[Membership]:
        """Those, and whoever answers for a policy whose readers are late; each once."""
        late = [one.version for one in self.late()]
        owners = {owner.pk for version in late for owner in self.owners_of(version)}
        readers = {one.pk for one in self.readers()}
        return [one for one in self.people if one.pk in readers | owners]

    def late(self) -> list[Late]:
        """Versions whose readers are late, by title."""
        deadlines = Deadlines(self.school)
        found: list[Late] = []
        for version in self.versions:
            due = [deadlines.of(version, one) for one in self.people if self._waits(version, one)]
            count = sum(day is not None and day < self.today for day in due)
            found += [Late(version, count)] if count else []
        return found

    def owners_of(self, version: PolicyVersion) -> list[Membership]:
        """Whom the policy names, else who holds the owning post, else the heads."""
        policy = version.policy
        return (
            [one for one in self.people if one.pk == policy.owner_id]
            or [one for one in self.people if policy.owner_role in one.roles]
            or [one for one in self.people if not one.roles.isdisjoint(HEADS)]
        )

    @cached_property
    def people(self) -> list[Membership]:
        """Members of the day, by name."""
        return list(members(self.school, on=self.today))

    @cached_property
    def versions(self) -> list[PolicyVersion]:
        """What is in force, by title."""
        binding = PolicyVersion.objects.binding().filter(school=self.school).defer(*HEAVY)
        return list(binding.select_related("policy", "school").order_by("title"))

    def _waits(self, version: PolicyVersion, one: Membership) -> bool:
        asked = version.policy.is_for(one.group, one.roles)
        return asked and (version.policy_id, one.pk) not in self._given

    @cached_property
    def _given(self) -> set[tuple[UUID, UUID]]:
        standing = Acknowledgement.objects.standing().filter(school=self.school, member__isnull=False)
        return set(standing.values_list("version__policy_id", "member_id"))


def late_readers_of(owner: Membership) -> list[Late]:
    """The policies that this member answers for whose readers are late."""
    outstanding = Outstanding(owner.school, timezone.localdate())
    return [one for one in outstanding.late() if owner in outstanding.owners_of(one.version)]
