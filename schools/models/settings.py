"""What a school sets and keeps for itself: contacts outside, words, rules, and what people have typed and not sent yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from core.fields import EncryptedTextField
from schools.models.school import School, SchoolOwned, User


class Agency(SchoolOwned):
    """An outside body with its names over time, hours, and when to turn to it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agencies")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    aliases = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.URLField(blank=True)
    hours = models.CharField(max_length=80, blank=True)
    when_to_use = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name"]


class Word(SchoolOwned):
    """The school's own word for a term of the field; terms without a row use the default."""

    key = models.CharField(max_length=40)
    text = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "key"], name="schools_word_once")]


class Rule(SchoolOwned):
    """The school's answer to a point on which policies differ; points without a row use the default."""

    key = models.CharField(max_length=60)
    value = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "key"], name="schools_rule_once")]


class Draft(SchoolOwned):
    """What somebody typed and has not sent, sealed; theirs alone, and gone when it is sent."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=80)
    content = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "user", "form"], name="schools_draft_once")]
