"""Who approves a version before it is ratified, and what they said."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from policies.enums import Decision
from policies.models.policy import PolicyVersion
from schools.models import Membership, SchoolOwned


class ApprovalRound(SchoolOwned):
    """One run of a version through its approvers. What changes the text ends it, and the next one begins anew."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="approval_rounds")
    started_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals_started"
    )
    in_order = models.BooleanField("one after the other", default=True)
    ended_at = models.DateTimeField("its approvals count no more since", null=True, blank=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], condition=Q(ended_at=None), name="policies_approvalround_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_reason="")
                | (Q(ended_at__isnull=False) & ~Q(ended_reason="")),
                name="policies_approvalround_ends_with_words",
            ),
        ]


class Approver(SchoolOwned):
    """One person's place in a round, and what they said. Who was replaced stays, with the reason."""

    round = models.ForeignKey(ApprovalRound, on_delete=models.PROTECT, related_name="approvers")
    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="approvals")
    position = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=9, choices=Decision, blank=True)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "position"],
                condition=Q(replaced_at=None),
                name="policies_approver_one_a_place",
            ),
            models.UniqueConstraint(
                fields=["round", "member"], condition=Q(replaced_at=None), name="policies_approver_once"
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True)
                | (Q(decision__in=Decision.values) & Q(decided_at__isnull=False)),
                name="policies_approver_decided_at_a_moment",
            ),
        ]
