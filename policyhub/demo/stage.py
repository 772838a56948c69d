"""What the scenes share: the schools, who is in them, the records made so far, and the calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from core.audit import Job
from incidents.models import Concern
from policyhub.demo.days import SchoolDays
from policyhub.demo.script import Script
from schools.models import Learner, Membership, School

PRODUCER = Job("demonstration")


@dataclass
class Stage:
    """Keys of the data files to what was made of them."""

    now: datetime
    years: int
    days: SchoolDays
    script: Script = field(default_factory=Script)
    schools: dict[str, School] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)
    learners: dict[str, Learner] = field(default_factory=dict)
    concerns: dict[str, Concern] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)

    def actor(self, key: str) -> Membership:
        """A member with the posts held at this moment of the clock."""
        member = self.members[key]
        member.__dict__.pop("roles", None)
        return member


def form_ref(key: str) -> UUID:
    """The reference that a form would have carried: the same on every run."""
    return uuid5(NAMESPACE_URL, f"demonstration:{key}")
