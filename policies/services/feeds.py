"""The secret address of a member's calendar: made, renewed and closed by the person alone."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from core import audit
from core.crypto import token_digest
from policies.models import CalendarFeed
from schools.enums import Permission
from schools.models import Membership
from schools.permissions import check_actor


def renew_calendar(*, by: Membership) -> str:
    """A new secret for this member's calendar, told this once; an earlier one leads nowhere from now on."""
    check_actor(by, Permission.POLICY_READ, by.school_id)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        values = {"school_id": by.school_id, "digest": token_digest(token), "made_at": timezone.now()}
        feed, _ = CalendarFeed.objects.update_or_create(member=by, defaults=values)
        audit.record("calendar.renewed", by=by, school_id=by.school_id, target=feed)
    return token


def close_calendar(*, by: Membership) -> None:
    """Closes the address; where there is none, nothing changes."""
    with transaction.atomic():
        feed = CalendarFeed.objects.filter(member=by).first()
        if feed is not None:
            reference = audit.Reference("policies.calendarfeed", feed.pk)
            feed.delete()
            audit.record("calendar.closed", by=by, school_id=by.school_id, target=reference)
