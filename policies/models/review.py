"""Why a policy is reviewed, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from policies.enums import TriggerKind
from policies.models.policy import Policy, PolicyVersion
from schools.models import Membership, SchoolOwned


class TriggerQuerySet(models.QuerySet["ReviewTrigger"]):
    """The vocabulary of reasons to review."""

    def open(self) -> TriggerQuerySet:
        """Those that nobody has answered yet."""
        return self.filter(closed_on__isnull=True)


class ReviewTrigger(SchoolOwned):
    """One reason to review a policy, when it came up, and its answer: a version, or why none was needed."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="review_triggers")
    version = models.ForeignKey(
        PolicyVersion,
        null=True,
        blank=True,
        verbose_name="version that came of it",
        on_delete=models.PROTECT,
        related_name="answered_triggers",
    )
    by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="review_triggers"
    )
    clause = models.UUIDField("stable id of the clause it is about", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=TriggerKind)
    what = models.TextField()
    on = models.DateField("when it came up")
    outcome = models.TextField(blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = TriggerQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TriggerKind.values), name="policies_reviewtrigger_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, outcome="", version__isnull=True)
                | (Q(closed_on__isnull=False) & ~Q(outcome="")),
                name="policies_reviewtrigger_answered_with_words",
            ),
        ]
