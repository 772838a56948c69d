"""Secret addresses: of a member's calendar, and of what a parent is asked to read. Only their digests are kept."""

from __future__ import annotations

from django.db import models

from core.fields import EncryptedTextField
from schools.models import Membership, SchoolOwned


class CalendarFeed(SchoolOwned):
    """The digest of a secret address under which a member's calendar may be fetched; the address itself is not kept."""

    member = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()


class ReadingLink(SchoolOwned):
    """The link by which one e-mail address reads and agrees, for however many children: good until a day, or until it is closed.

    The secret follows from the row and `turn` (services.parents); a new turn makes a new one, and the old leads nowhere.
    """

    address = EncryptedTextField()
    turn = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    mailed_at = models.DateTimeField()
    expires_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
