"""What specialists advised on a version, and what was done about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from policies.enums import Capacity
from policies.models.policy import PolicyVersion
from schools.models import Membership, SchoolOwned


class Advice(SchoolOwned):
    """One piece of advice, in the words of who took it down. `about` is how the clause began then; "" for the whole."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="advice")
    recorded_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="advice_recorded"
    )
    clause = models.UUIDField("stable id of the clause it is about", null=True, blank=True)
    about = models.CharField(max_length=140, blank=True)
    adviser = models.CharField("name", max_length=120)
    organisation = models.CharField(max_length=120, blank=True)
    capacity = models.CharField(max_length=12, choices=Capacity)
    on = models.DateField("when it was given")
    text = models.TextField("the advice")
    done = models.TextField("what was done about it", blank=True)

    class Meta:
        verbose_name_plural = "advice"
        ordering = ["on", "created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__in=Capacity.values), name="policies_advice_known_capacity"
            )
        ]
