"""What people were asked about a draft, of whom, what came, and what was done about it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from core.fields import EncryptedTextField
from policies.enums import Answer, Stake, VersionState
from policies.models.policy import PolicyVersion
from schools.models import Membership, SchoolOwned


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    """The vocabulary of consultations."""

    def not_closed(self) -> ConsultationQuerySet:
        """Those whose version is out for consultation still."""
        return self.filter(closed_at__isnull=True, version__state=VersionState.CONSULTATION)

    def open_on(self, day: date) -> ConsultationQuerySet:
        """Those in which people may still say what they think."""
        return self.not_closed().filter(until__gte=day)


class Consultation(SchoolOwned):
    """One question about a draft, asked of people until the end of a day. The draft's text rests meanwhile."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="consultations")
    opened_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="consultations_opened"
    )
    question = models.TextField("what was asked")
    posts = models.JSONField("posts whose holders were asked", default=list, blank=True)
    until = models.DateField("last day for comments")
    closed_at = models.DateTimeField(null=True, blank=True)
    unanswered_reason = models.TextField("why comments stay without an answer", blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["closed_at", "until"], name="policies_consultation_ends")]

    def is_open(self, today: date) -> bool:
        """Whether people may say what they think, and change it."""
        out = self.closed_at is None and self.version.state == VersionState.CONSULTATION
        return out and today <= self.until


class Consulted(SchoolOwned):
    """One who was asked: a member, a person with a link, or people whose word came another way (a meeting, a class)."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="consulted")
    member = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="consulted_about"
    )
    name = EncryptedTextField(blank=True)
    email = EncryptedTextField(blank=True)
    stake = models.CharField(max_length=8, choices=Stake)
    removed_at = models.DateTimeField("asked no more since", null=True, blank=True)

    class Meta:
        verbose_name_plural = "consulted"
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "member"], name="policies_consulted_once"),
            models.CheckConstraint(
                condition=Q(stake__in=Stake.values), name="policies_consulted_known_stake"
            ),
        ]

    @property
    def called(self) -> str:
        """The member's name, or the one that was given."""
        return self.member.name if self.member else str(self.name)


class ConsultationLink(SchoolOwned):
    """The digest of a secret address under which one person comments without an account; the address is not kept."""

    consulted = models.ForeignKey(Consulted, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)


class Comment(SchoolOwned):
    """What one of those asked says about a clause, or about the whole, and what was done about it.

    Only its author changes it, until the consultation ends. `about` is how the clause began when it was said.
    """

    consulted = models.ForeignKey(Consulted, on_delete=models.PROTECT, related_name="comments")
    entered_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="comments_entered"
    )
    answered_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="comments_answered"
    )
    clause = models.UUIDField("stable id of the clause it is about", null=True, blank=True)
    about = models.CharField(max_length=140, blank=True)
    text = EncryptedTextField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    reason = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["consulted", "clause"], name="policies_comment_once_a_clause"),
            models.UniqueConstraint(
                fields=["consulted"], condition=Q(clause=None), name="policies_comment_once_on_the_whole"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (Q(answer__in=Answer.values) & Q(answered_at__isnull=False)),
                name="policies_comment_answered_at_a_moment",
            ),
        ]
