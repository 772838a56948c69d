"""A policy as its own record, and its versions with their dates, ratification and what was read in the file."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.partdate import check_part_date, last_day
from policies.enums import FileType, PolicyKind, VersionState
from policies.models.outlines import OutlineIssue
from policies.states import BEFORE_RATIFICATION, BINDING, IN_PREPARATION, SIGNABLE
from schools.enums import Group, Role
from schools.models import Membership, School, SchoolOwned


def everyone() -> list[str]:
    """Staff in the widest sense, and governors."""
    return [group.value for group in Group]


class Policy(SchoolOwned):
    """A document that binds people: its title, who answers for it and whom it covers. The text is in its versions."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="policies")
    owner = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_policies"
    )
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=PolicyKind, default=PolicyKind.OTHER)
    owner_role = models.CharField("post that owns it", max_length=16, choices=Role, default=Role.DSL)
    setting = models.CharField("setting named in the text", max_length=200, blank=True)
    audience = models.JSONField("who must read it", default=everyone, blank=True)
    classes = models.JSONField(
        "classes whose learners and parents read it; none: all", default=list, blank=True
    )
    agreement = models.CharField("kind of acceptable use agreement", max_length=20, blank=True)
    monitoring = models.TextField("how it is seen that it is followed", blank=True)
    questions = models.JSONField("asked after reading, the right answer first", default=list, blank=True)
    revision = models.PositiveIntegerField("of who reads it, and of its questions", default=0)

    class Meta:
        verbose_name_plural = "policies"
        ordering = ["title"]

    def get_absolute_url(self) -> str:
        """The reading page of what is in force."""
        return reverse("policies:policy_detail", args=[self.school.slug, self.pk])

    def is_for(self, group: str, roles: frozenset[str]) -> bool:
        """Whether a member of this group with these posts must read it."""
        return group in self.audience or not roles.isdisjoint(self.audience)


class SourceFile(SchoolOwned):
    """A file as it was uploaded, byte for byte, and what was read in it. It is given back as a download, never shown."""

    uploaded_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="uploaded_policies"
    )
    client_ref = models.UUIDField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=4, choices=FileType)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    reading = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_ref"], name="policies_sourcefile_once")
        ]


class VersionQuerySet(models.QuerySet["PolicyVersion"]):
    """The vocabulary of versions."""

    def binding(self) -> VersionQuerySet:
        """Those that people must follow."""
        return self.filter(state__in=BINDING)

    def published(self) -> VersionQuerySet:
        """Those that anybody may read: in force, and put on the public page."""
        return self.binding().filter(published_at__isnull=False)

    def in_preparation(self) -> VersionQuerySet:
        """Those that are not yet in force."""
        return self.filter(state__in=IN_PREPARATION)

    def newest_first(self) -> VersionQuerySet:
        """By their numbers: 3, 2.1, 2, 1."""
        return self.order_by("-number", "-amendment")


class PolicyVersion(SchoolOwned):
    """One text of a policy. Dates are kept as printed, with the last day they can mean beside them."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="versions")
    source = models.ForeignKey(
        SourceFile, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    source_position = models.PositiveSmallIntegerField(default=0)
    follows = models.ForeignKey(
        OutlineIssue, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField("number of the major version")
    amendment = models.PositiveIntegerField("number of the minor version in it", default=0)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=VersionState, default=VersionState.DRAFT)
    revision = models.PositiveIntegerField(default=0)
    minor = models.BooleanField("needs no ratification and no re-reading", default=False)
    minor_reason = models.TextField("why that is so", blank=True)

    written = models.CharField(max_length=10, blank=True, validators=[check_part_date])
    ratified = models.CharField(max_length=10, blank=True, validators=[check_part_date])
    next_review = models.CharField(max_length=10, blank=True, validators=[check_part_date])
    written_on = models.DateField(null=True, editable=False)
    ratified_on = models.DateField(null=True, editable=False)
    next_review_on = models.DateField(null=True, editable=False)

    ratifying_body = models.CharField(max_length=120, blank=True)
    minute_reference = models.CharField(max_length=60, blank=True)
    ratified_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="ratifications"
    )
    in_force_from = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    acknowledge_by = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField("on the public page since", null=True, blank=True)

    note = models.TextField(blank=True)
    key_details = models.JSONField("key details as read", default=dict, blank=True)
    linked_policies = models.JSONField(default=list, blank=True)
    guidance = models.JSONField(default=list, blank=True)
    findings = models.JSONField(default=list, blank=True)
    scope = models.JSONField(default=dict, blank=True)
    template = models.CharField("source template", max_length=300, blank=True)
    licence = models.CharField(max_length=500, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number", "-amendment"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "number", "amendment"], name="policies_policyversion_one_label"
            ),
            models.UniqueConstraint(
                fields=["policy"],
                condition=Q(state__in=BINDING),
                name="policies_policyversion_one_binding",
            ),
            models.UniqueConstraint(
                fields=["source", "source_position"], name="policies_policyversion_one_per_document"
            ),
            models.CheckConstraint(
                condition=Q(state__in=VersionState.values), name="policies_policyversion_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SIGNABLE) | (~Q(ratifying_body="") & ~Q(ratified="")),
                name="policies_policyversion_ratified_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=BINDING) | Q(in_force_from__isnull=False),
                name="policies_policyversion_in_force_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(minor=False, amendment=0)
                | (Q(minor=True, amendment__gt=0) & ~Q(minor_reason="") & ~Q(state=VersionState.RATIFIED)),
                name="policies_policyversion_minor_says_why",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_review_on"], name="policies_version_by_review")]

    def get_absolute_url(self) -> str:
        """The reading page of this very version."""
        return reverse("policies:version_detail", args=[self.school.slug, self.pk])

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the order of the versions of its policy."""
        return self.number, self.amendment

    @property
    def label(self) -> str:
        """How it is called: `2`, or `2.1` for the first minor version after it."""
        return f"{self.number}.{self.amendment}" if self.minor else str(self.number)

    def set_date(self, name: str, text: str) -> tuple[str, str]:
        """Sets a date as printed together with the last day it can mean; the names of both fields, for saving."""
        setattr(self, name, text)
        setattr(self, f"{name}_on", last_day(text))
        return name, f"{name}_on"

    @property
    def is_binding(self) -> bool:
        """Whether people must follow it."""
        return self.state in BINDING

    @property
    def is_before_ratification(self) -> bool:
        """Whether nobody has said yes to it yet."""
        return self.state in BEFORE_RATIFICATION

    def days_to_review(self, today: Any) -> int | None:
        """Days until the review is due, negative once it is overdue; None without a date."""
        return (self.next_review_on - today).days if self.next_review_on else None
