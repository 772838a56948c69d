"""What a school adds to the catalogue as shipped: editions of guidance, and the policies it expects to have."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from core.partdate import check_part_date
from policies.enums import GuidanceKind
from schools.models import Membership, SchoolOwned


class GuidanceEdition(SchoolOwned):
    """An edition that a school knows of, with its source. It stands beside the shipped ones, and before the one of the same year."""

    guidance = models.SlugField("key of the document", max_length=60)
    title = models.CharField(max_length=200)
    also_called = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=14, choices=GuidanceKind)
    edition = models.CharField(
        "year",
        max_length=4,
        validators=[RegexValidator(r"^(19|20)\d\d$", "Write a year, for instance 2026.")],
    )
    in_force = models.CharField(max_length=10, blank=True, validators=[check_part_date])
    confirmed = models.BooleanField(default=True)
    source = models.CharField(max_length=300)
    by = models.ForeignKey(
        Membership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="guidance_editions",
        verbose_name="who noted it; nobody where it came from a file",
    )

    class Meta:
        ordering = ["title", "-edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "guidance", "edition"], name="policies_guidanceedition_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=GuidanceKind.values), name="policies_guidanceedition_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.edition})"


class ExpectedPolicy(SchoolOwned):
    """What a school says of a policy that schools are expected to have: needed or not, how often it is reviewed, and why."""

    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    needed = models.BooleanField(default=True)
    interval = models.PositiveSmallIntegerField("months between reviews", default=12)
    source = models.CharField("why, or where it is laid down", max_length=300)
    by = models.ForeignKey(
        Membership,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="expected_policies",
        verbose_name="who decided it; nobody where it came from a file",
    )

    class Meta:
        verbose_name_plural = "expected policies"
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["school", "key"], name="policies_expectedpolicy_once"),
            models.CheckConstraint(
                condition=Q(interval__gte=1, interval__lte=60), name="policies_expectedpolicy_interval"
            ),
        ]

    def __str__(self) -> str:
        return self.title
