"""Who has read what, and who was reminded of which review."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.fields import EncryptedTextField
from policies.enums import ReminderState, Way
from policies.models.policy import Policy, PolicyVersion
from policies.states import BINDING
from schools.models import Learner, Membership, SchoolOwned

GIVEN = Q(error_at=None)


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    """The vocabulary of acknowledgements."""

    def given(self) -> AcknowledgementQuerySet:
        """Those that were not entered in error."""
        return self.filter(error_at=None)

    def of_text(self, version: PolicyVersion) -> AcknowledgementQuerySet:
        """Those given to a version, or to another text of the same major version."""
        return self.filter(version__policy_id=version.policy_id, version__number=version.number)

    def standing_for(self, version: PolicyVersion) -> AcknowledgementQuerySet:
        """Those that hold for a version."""
        return self.given().of_text(version)

    def standing(self) -> AcknowledgementQuerySet:
        """Those that hold for the version of their policy that binds today."""
        return self.given().filter(
            version__policy__versions__state__in=BINDING,
            version__policy__versions__number=F("version__number"),
        )


class Acknowledgement(SchoolOwned):
    """A member or a learner has read a version and agrees to follow it; once a version. It holds for the minor ones around it.

    One that somebody collected can be marked as entered in error. It stays, and counts no more.
    """

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    learner = models.ForeignKey(
        Learner, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    way = models.CharField(max_length=8, choices=Way, default=Way.BROWSER)
    collected_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements_collected"
    )
    at = models.DateTimeField(default=timezone.now)
    error_at = models.DateTimeField("marked as entered in error", null=True, blank=True)
    error_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements_corrected"
    )
    error_reason = EncryptedTextField(null=True, blank=True)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "member"], condition=GIVEN, name="policies_acknowledgement_once"
            ),
            models.UniqueConstraint(
                fields=["version", "learner"], condition=GIVEN, name="policies_acknowledgement_learner_once"
            ),
            models.CheckConstraint(
                condition=Q(error_at=None, error_by=None) | Q(error_at__isnull=False, error_by__isnull=False),
                name="policies_acknowledgement_error_says_who",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, learner=None) | Q(member=None, learner__isnull=False),
                name="policies_acknowledgement_by_one",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.BROWSER) | Q(collected_by__isnull=False),
                name="policies_acknowledgement_collected_by_somebody",
            ),
        ]


class Induction(SchoolOwned):
    """Somebody went through a policy with a new member."""

    member = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="inductions")
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="inductions")
    discussed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="inductions_given")
    on = models.DateField()

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["member", "policy"], name="policies_induction_once"),
        ]


class ReadingReminder(SchoolOwned):
    """One day on which a school's members were reminded of all that they have yet to read. The row makes it once."""

    on = models.DateField()
    reminded = models.PositiveIntegerField("members who were written to")

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["school", "on"], name="policies_readingreminder_once")]


class ReviewReminder(SchoolOwned):
    """One stage of reminding one person of one review. The row is what makes a reminder happen once."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="review_reminders")
    rule = models.CharField(max_length=40, default="policy_review")
    stage = models.SmallIntegerField("days before the review, negative after it")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=ReminderState)

    class Meta:
        ordering = ["due_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "version", "due_on", "recipient"], name="policies_reviewreminder_once"
            )
        ]
