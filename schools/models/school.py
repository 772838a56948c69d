"""Who people are, the school that a row belongs to, its year, its people and its learners."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.fields import EncryptedDateField, EncryptedTextField
from core.models import TimeStamped
from schools.enums import Group, Relationship, Role, SchoolKind


class UserManager(BaseUserManager["User"]):
    """Makes people; the e-mail address is the sign-in name."""

    def create_user(self, email: str, name: str, password: str | None = None) -> User:
        """A person who can sign in, with no rights anywhere yet."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.full_clean()
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Sign-in ignores case."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, TimeStamped):
    """A person who signs in. Rights are not here: they follow from memberships and appointments."""

    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def actor_id(self) -> str:
        """How the audit names this person."""
        return str(self.pk)


class Trust(TimeStamped):
    """A group of schools."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)

    def get_absolute_url(self) -> str:
        """How its schools stand."""
        return reverse("trust_standing", args=[self.slug])


class School(TimeStamped):
    """A school or setting: the owner of every record. Services in schools.services make it with its keys and chain."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, choices=SchoolKind, default=SchoolKind.MAINTAINED)
    trust = models.ForeignKey(Trust, null=True, blank=True, on_delete=models.PROTECT, related_name="schools")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_demonstration = models.BooleanField(default=False)

    own: tuple[dict[str, str], dict[str, str]] | None = None
    """Words and answers to rules once they were read (schools.selectors.words), for as long as this object lives."""

    spans: dict[str, list[tuple[date, date]]] | None = None
    """Terms and closures once they were read (schools.selectors.words)."""

    def get_absolute_url(self) -> str:
        """The school's home page."""
        return reverse("reports:home", args=[self.slug])


class TrustAppointment(TimeStamped):
    """A person who sees the standing of all schools of a trust, never a case."""

    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trust_appointments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)


class SchoolOwned(TimeStamped):
    """A row of one school. Reach it through the school: `school.concerns`, never through a bare manager in a view."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="%(class)ss")
    school_id: Any

    class Meta:
        abstract = True


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day to a day, both included; no last day means still."""

    def on(self, day: date) -> DatedQuerySet:
        """Those that hold on this day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class MembershipQuerySet(DatedQuerySet):
    """Belonging needs the person's own yes: an invitation that waits gives no access and no post."""

    def on(self, day: date) -> DatedQuerySet:
        """Those who have accepted and belong on this day."""
        return super().on(day).exclude(accepted_at=None)

    def waiting(self) -> DatedQuerySet:
        """Invitations that are neither accepted nor ended."""
        return self.filter(accepted_at=None, ends_on=None)


class Membership(SchoolOwned):
    """A person's belonging to a school; the actor of every service in it. The name is the one that this school uses."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    name = models.CharField(max_length=120)
    accepted_at = models.DateTimeField(null=True, blank=True)
    group = models.CharField(max_length=12, choices=Group, default=Group.STAFF)
    job_title = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "user"], name="schools_membership_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="schools_membership_ends_after_start",
            ),
        ]

    @property
    def actor_id(self) -> str:
        """How the audit names this member: by the person."""
        return str(self.user_id)

    @property
    def is_waiting(self) -> bool:
        """Whether this is an invitation that the person has not answered."""
        return self.accepted_at is None and self.ends_on is None

    @cached_property
    def roles(self) -> frozenset[str]:
        """The posts held today."""
        today = timezone.localdate()
        return frozenset(
            a.role
            for a in self.appointments.all()
            if a.starts_on <= today and (a.ends_on is None or a.ends_on >= today)
        )


class RoleAppointment(SchoolOwned):
    """A post held from a day to a day. Printed policies and access both follow from it."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="appointments")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=16, choices=Role)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    is_lead = models.BooleanField("the accountable lead", default=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="schools_roleappointment_known_role"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="schools_roleappointment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["school", "role"], name="schools_role_by_school")]


class Term(SchoolOwned):
    """A term of the school year, first and last school day included."""

    name = models.CharField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="schools_term_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")), name="schools_term_ends_after_start"
            ),
        ]


class Closure(SchoolOwned):
    """Days inside a term on which there is no school for learners: half-term, INSET, snow."""

    reason = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()


class Learner(SchoolOwned):
    """A child on roll. Names and birth date are sealed; a learner is found by scanning the school's names."""

    first_name = EncryptedTextField()
    last_name = EncryptedTextField()
    birth_date = EncryptedDateField(null=True)
    year_group = models.CharField(max_length=20, blank=True)
    class_name = models.CharField(max_length=40, blank=True)
    joined_on = models.DateField(default=timezone.localdate)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "class_name"], name="schools_learner_by_class")]

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


class LearnerContact(SchoolOwned):
    """A parent, carer or other adult to be told, in the order in which they are called."""

    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="contacts")
    name = EncryptedTextField()
    phone = EncryptedTextField(blank=True)
    email = EncryptedTextField("e-mail address", null=True, blank=True)
    relationship = models.CharField(max_length=12, choices=Relationship, default=Relationship.CARER)
    has_parental_responsibility = models.BooleanField(default=True)
    may_collect = models.BooleanField(default=True)
    priority = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["priority"]
