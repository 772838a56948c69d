"""What the queue says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from core.templatetags.ui import school_days
from incidents.enums import Route, Status
from incidents.models import ConcernPerson
from incidents.presenters.shared import ABOUT, clock_of, kind_of, name_of, risk_of, status_of, url_of
from incidents.selectors.clocks import SchoolTime
from incidents.selectors.lists import QueuePage
from schools.models import Membership

TAB_LABELS = {
    "active": "Open", "unseen": "Not yet read", "triage": "To triage", "mine": "Mine", "overdue": "Overdue", "closed": "Closed",
}  # fmt: skip


def who(people: Iterable[ConcernPerson]) -> str:
    """Whom a concern is about, for one cell of the queue."""
    about = [one for one in people if one.role in ABOUT]
    names = [name_of(one) for one in about[:2]]
    more = len(about) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "") if names else "Not sure who"


def queue_rows(
    page: QueuePage, route: Route, by: Membership, words: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The rows of one page of the queue of one route."""
    time, now = SchoolTime(by.school), timezone.now()
    slug = by.school.slug
    return [
        {
            "url": url_of(concern, "detail", slug),
            "assign_url": url_of(concern, "assign", slug),
            "reference": concern.reference,
            "version": concern.version,
            "unseen": not concern.is_seen,
            "danger": concern.immediate_danger and concern.status == Status.NEW,
            "status": status_of(concern),
            "risk": risk_of(concern),
            "kind": kind_of(concern, words),
            "who": who(page.people[concern.pk]),
            "age": school_days(time.days(concern.recorded_at, now)),
            "clock": clock_of(concern, time, now),
            "lead": concern.lead.name if concern.lead else "",
            "is_mine": concern.lead_id == by.pk,
            "can_take": concern.is_active and concern.lead_id != by.pk,
        }
        for concern in page.rows
    ]


def tabs(counts: Mapping[str, int], current: str, limit: int) -> list[dict[str, Any]]:
    """Tabs of the queue with their counts; a count at the limit says that there are more."""
    return [
        {
            "label": TAB_LABELS[tab],
            "url": f"?tab={tab}",
            "count": f"{limit - 1}+" if count >= limit else count,
            "current": tab == current,
            "urgent": bool(count) and tab in ("unseen", "overdue"),
        }
        for tab, count in counts.items()
    ]
