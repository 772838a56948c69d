"""Concerns: what was reported, the people in it, what was done about it, and who may never see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.addresses import address
from core.fields import EncryptedTextField
from incidents.enums import (
    Audience,
    Decision,
    EntryKind,
    Outcome,
    ParentsTold,
    PersonRole,
    Place,
    Risk,
    Route,
    Status,
)
from incidents.states import ACTIVE
from schools.models import Learner, Membership, School, SchoolOwned, User

LATE_AFTER = timedelta(hours=24)
"""An entry recorded this long after it happened is marked as late."""
REASON_LENGTH = 200
LONGEST_TEXT = 50_000
ALLOWED_AHEAD = timedelta(minutes=5)
"""A clock on somebody's wall may be a little fast."""


class ConcernQuerySet(models.QuerySet["Concern"]):
    """The words in which concerns are asked for."""

    def for_audiences(self, audiences: Iterable[str]) -> Self:
        """Those that these readers were meant for."""
        return self.filter(audience__in=list(audiences))

    def not_about(self, user: Any, member: Any) -> Self:
        """Without those that this person is shut out of, or that they reported about themselves as this member."""
        hidden = ShutOut.objects.filter(user_id=user).values("concern_id")
        return self.exclude(pk__in=hidden).exclude(is_self_report=True, reporter_id=member)

    def active(self) -> Self:
        """Those in which somebody still has something to do."""
        return self.filter(status__in=ACTIVE)


class Concern(SchoolOwned):
    """One report and what became of it. What the reporter wrote never changes.

    Relations without an index of their own are the first column of one below.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="concerns", db_index=False)
    reference = models.CharField(max_length=9, editable=False)
    client_ref = models.UUIDField(editable=False)
    route = models.CharField(max_length=5, choices=Route)
    audience = models.CharField(max_length=12, choices=Audience)
    routing_reason = models.CharField(max_length=REASON_LENGTH)
    reporter = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="reported_concerns", db_index=False
    )
    is_self_report = models.BooleanField(default=False)
    sent_to = models.JSONField(default=list, editable=False)

    happened_at = models.DateTimeField()
    happened_note = EncryptedTextField(blank=True, digest="happened_note_digest", key_version="key_version")
    place = models.CharField(max_length=8, choices=Place, default=Place.ON_SITE)
    place_note = EncryptedTextField(blank=True, digest="place_note_digest", key_version="key_version")
    service = models.CharField(max_length=80, blank=True)
    narrative = EncryptedTextField(digest="narrative_digest", key_version="key_version")
    already_done = EncryptedTextField(blank=True, digest="already_done_digest", key_version="key_version")
    happened_note_digest = models.CharField(max_length=97, editable=False, default="")
    place_note_digest = models.CharField(max_length=97, editable=False, default="")
    narrative_digest = models.CharField(max_length=97, editable=False, default="")
    already_done_digest = models.CharField(max_length=97, editable=False, default="")
    key_version = models.PositiveIntegerField(editable=False, default=0)
    told_in_person = models.BooleanField(default=False)
    immediate_danger = models.BooleanField(default=False)
    may_involve_imagery = models.BooleanField(default=False)
    recorded_at = models.DateTimeField(default=timezone.now)

    status = models.CharField(max_length=8, choices=Status, default=Status.NEW)
    category = models.CharField(max_length=40, blank=True)
    risk = models.CharField(max_length=6, choices=Risk, blank=True)
    decision = models.CharField(max_length=20, choices=Decision, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    parents_told = models.CharField(max_length=14, choices=ParentsTold, blank=True)
    lead = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="led_concerns", db_index=False
    )
    is_seen = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    procedure = models.ForeignKey(
        "incidents.ProcedureVersion", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    step_due_at = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=0)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "reference"], name="incidents_concern_reference_once"),
            models.UniqueConstraint(fields=["school", "client_ref"], name="incidents_concern_sent_once"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="incidents_concern_known_status"
            ),
            models.CheckConstraint(
                condition=Q(route="child", audience="safeguarding")
                | Q(route="adult", audience__in=["head", "chair"]),
                name="incidents_concern_audience_of_route",
            ),
            models.CheckConstraint(
                condition=Q(is_seen=False, seen_at=None) | Q(is_seen=True, seen_at__isnull=False),
                name="incidents_concern_seen_when",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")
                | ~Q(status="closed") & Q(closed_at=None),
                name="incidents_concern_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "audience", "is_seen", "due_at", "id"], condition=Q(status__in=["new", "open", "reopened"]), name="incidents_queue"),
            models.Index(fields=["school", "audience", "due_at", "id"], condition=Q(is_seen=False), name="incidents_unseen"),
            models.Index(fields=["school", "audience", "due_at", "id"], condition=Q(status="new"), name="incidents_to_triage"),
            models.Index(fields=["school", "audience", "lead", "due_at"], condition=Q(status__in=["new", "open", "reopened"]), name="incidents_mine"),
            models.Index(fields=["school", "audience", "-closed_at", "-id"], condition=Q(status="closed"), name="incidents_closed"),
            models.Index(fields=["school", "route", "recorded_at"], name="incidents_by_term"),
            models.Index(fields=["reporter", "-recorded_at"], name="incidents_own"),
        ]  # fmt: skip

    def get_absolute_url(self) -> str:
        """The page of its readers."""
        name = "concern_detail" if self.route == Route.CHILD else "adult_concern_detail"
        return address(f"incidents:{name}", self.school.slug, self.pk)

    @property
    def is_active(self) -> bool:
        """Whether somebody still has something to do."""
        return self.status in ACTIVE

    @property
    def is_late(self) -> bool:
        """Whether it was logged long after it happened."""
        return self.recorded_at - self.happened_at > LATE_AFTER


class ConcernPerson(SchoolOwned):
    """Somebody in a concern: a learner, a member of staff, or a name; each with a role in this concern alone."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="people")
    role = models.CharField(max_length=8, choices=PersonRole)
    learner = models.ForeignKey(Learner, null=True, on_delete=models.PROTECT, related_name="concern_roles")
    member = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="concern_roles")
    name = EncryptedTextField(blank=True)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "learner", "role"], name="incidents_concernperson_learner_once"),
            models.UniqueConstraint(fields=["concern", "member", "role"], name="incidents_concernperson_member_once"),
            models.CheckConstraint(condition=Q(role__in=PersonRole.values), name="incidents_concernperson_known_role"),
            models.CheckConstraint(condition=Q(learner=None) | Q(member=None), name="incidents_concernperson_one_identity"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["learner", "concern"], name="incidents_person_learner")]


class ShutOut(SchoolOwned):
    """A person who may never learn of a concern, whatever posts they hold."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="shut_outs")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "concern"], name="incidents_shutout_once")]


class ChronologyEntry(SchoolOwned):
    """One entry of the story. It is never changed or removed: corrections stand beside it."""

    school = models.ForeignKey("schools.School", on_delete=models.PROTECT, related_name="chronology_entries")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="entries")
    client_ref = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=12, choices=EntryKind)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    text = EncryptedTextField(blank=True, digest="text_digest", key_version="key_version")
    reason = EncryptedTextField(blank=True, digest="reason_digest", key_version="key_version")
    text_digest = models.CharField(max_length=97, editable=False, default="")
    reason_digest = models.CharField(max_length=97, editable=False, default="")
    key_version = models.PositiveIntegerField(editable=False, default=0)

    class Meta:
        ordering = ["happened_at", "recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_ref"], name="incidents_entry_sent_once"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="incidents_entry_known_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["correction", "error"], corrects__isnull=False) | ~Q(kind__in=["correction", "error"]) & Q(corrects=None),
                name="incidents_entry_correction_names_entry",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["concern", "happened_at"], name="incidents_entry_story"),
            models.Index(fields=["concern"], condition=Q(kind="reply"), name="incidents_entry_replies"),
        ]

    @property
    def is_late(self) -> bool:
        """Whether it was recorded long after it happened."""
        return self.recorded_at - self.happened_at > LATE_AFTER


class Action(SchoolOwned):
    """Something that somebody undertakes to do by a day."""

    school = models.ForeignKey("schools.School", on_delete=models.PROTECT, related_name="concern_actions")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="actions")
    client_ref = models.UUIDField(null=True, editable=False)
    text = EncryptedTextField(digest="text_digest", key_version="key_version")
    text_digest = models.CharField(max_length=97, editable=False, default="")
    key_version = models.PositiveIntegerField(editable=False, default=0)
    owner = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="concern_actions")
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["due_on", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_ref"], name="incidents_action_sent_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="incidents_action_done_who_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=Q(done_at=None), name="incidents_action_waiting"
            )
        ]
