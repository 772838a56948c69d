"""Who has read what, and who was reminded of which review."""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.fields import EncryptedTextField
from policies.enums import OWN_WORD, Audience, ReminderState, Way
from policies.models.policy import Policy, PolicyVersion
from policies.states import BINDING
from schools.models import Learner, LearnerContact, Membership, SchoolOwned

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
    """A member, a learner or a learner's parent has read a version and agrees to it; once a version, and for minor ones around it.

    One that somebody collected can be marked as entered in error. It stays, and counts no more.
    """

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="acknowledgements")
    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    learner = models.ForeignKey(
        Learner, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    contact = models.ForeignKey(
        LearnerContact, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements"
    )
    way = models.CharField(max_length=8, choices=Way, default=Way.BROWSER)
    collected_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="acknowledgements_collected"
    )
    at = models.DateTimeField(default=timezone.now)
    typed_name = EncryptedTextField("name that was typed, by whoever has no account", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("at the questions", default=0)
    passed_at = models.DateTimeField("answered the questions", null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["version", "contact"], condition=GIVEN, name="policies_acknowledgement_contact_once"
            ),
            models.CheckConstraint(
                condition=Q(error_at=None, error_by=None) | Q(error_at__isnull=False, error_by__isnull=False),
                name="policies_acknowledgement_error_says_who",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, learner=None, contact=None)
                | Q(member=None, learner__isnull=False, contact=None)
                | Q(member=None, learner=None, contact__isnull=False),
                name="policies_acknowledgement_by_one",
            ),
            models.CheckConstraint(
                condition=Q(way__in=OWN_WORD) | Q(collected_by__isnull=False),
                name="policies_acknowledgement_collected_by_somebody",
            ),
        ]

    @property
    def person_id(self) -> UUID | None:
        """Whose it is, without looking them up."""
        return self.member_id or self.learner_id or self.contact_id

    @property
    def person(self) -> Membership | Learner | LearnerContact:
        """Who agreed."""
        found = self.member or self.learner or self.contact
        assert found is not None  # noqa: S101 - the database keeps one of them
        return found


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


WHOM = (("member", "Members"), (Audience.PARENT.value, Audience.PARENT.label))


class ReadingReminder(SchoolOwned):
    """One day on which a school's members, or its parents, were reminded of all that they have yet to read, once."""

    on = models.DateField()
    whom = models.CharField(max_length=8, choices=WHOM, default="member")
    reminded = models.PositiveIntegerField("people who were written to")

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "on", "whom"], name="policies_readingreminder_once")
        ]


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
