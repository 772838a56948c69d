"""A person's own calendar address in one school."""

from __future__ import annotations

from django.db import models

from schools.models import Membership, SchoolOwned


class CalendarFeed(SchoolOwned):
    """The digest of a secret address under which a member's calendar may be fetched; the address itself is not kept."""

    member = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
