"""Where and when attention was drawn to a policy."""

from __future__ import annotations

from django.db import models

from policies.enums import Place
from policies.models.policy import PolicyVersion
from schools.models import Membership, SchoolOwned


class Announcement(SchoolOwned):
    """One time that a version was published, or people's attention was drawn to it. It is never changed."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="announcements")
    place = models.CharField("where", max_length=12, choices=Place)
    on = models.DateField("when")
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="policy_announcements"
    )

    class Meta:
        ordering = ["-on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(place__in=Place.values), name="policies_announcement_known_place"
            )
        ]
