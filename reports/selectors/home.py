"""What waits for one person, across the school's work: titles and counts that they may see, never a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone

from devices.selectors import uncollected
from incidents.enums import Route
from incidents.models import Action, ShutOut
from incidents.permissions import READ
from incidents.selectors.concerns import readable
from policies.selectors import library, waiting_for
from registers import selectors as registers
from reports.enums import ReportState
from reports.models import TermReport
from schools.enums import Permission
from schools.models import Membership, Term
from schools.permissions import has_permission

REPORT_NEWS = timedelta(days=42)
"""For how long a published report counts as news."""


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: what to do, about what, where, since when and until when."""

    what: str
    title: str
    url: str
    since: date
    due: date | None = None
    icon: str = "circle-dot"


def waiting(by: Membership) -> list[Waiting]:
    """Everything that waits for this member: what has a day by its day, so that the longest overdue stands first.

    What has none follows, newest first.
    """
    parts = (_unseen, _actions, _policies, _devices, _termly, _news)
    found = [one for part in parts for one in part(by)]
    newest_first = sorted(found, key=lambda one: one.since, reverse=True)
    return sorted(newest_first, key=lambda one: one.due or date.max)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _unseen(by: Membership) -> Iterator[Waiting]:
    for route, name in ((Route.CHILD, "concern_list"), (Route.ADULT, "adult_concern_list")):
        if has_permission(by, READ[route]):
            unseen = readable(by, route).filter(is_seen=False)
            found = unseen.aggregate(n=Count("pk"), newest=Max("recorded_at"), due=Min("due_at"))
            if found["n"]:
                title = _counted(found["n"], "concern", "concerns") + " nobody has read yet"
                url = reverse(f"incidents:{name}", args=[by.school.slug]) + "?tab=unseen"
                yield Waiting("Read", title, url, _day(found["newest"]), _day(found["due"]), "inbox")


def own_actions(by: Membership) -> QuerySet[Action]:
    """What this member has undertaken and not done, by its day; never about a concern that they are shut out of.

    `may_read` says whether they may open the concern: only then is the text for them.
    """
    hidden = ShutOut.objects.filter(user_id=by.user_id).values("concern_id")
    may_read = [Exists(readable(by, route).filter(pk=OuterRef("concern_id"))) for route in Route]
    mine = Action.objects.filter(owner=by, done_at=None).exclude(concern_id__in=hidden)
    return mine.annotate(may_read=may_read[0] | may_read[1]).select_related("concern").order_by("due_on")


def _actions(by: Membership) -> Iterator[Waiting]:
    found = own_actions(by).aggregate(n=Count("pk"), newest=Max("created_at"), due=Min("due_on"))
    if found["n"]:
        url = reverse("reports:action_list", args=[by.school.slug])
        title = _counted(found["n"], "action is", "actions are") + " yours to do"
        yield Waiting("Do", title, url, _day(found["newest"]), found["due"], "list-checks")


def _policies(by: Membership) -> Iterator[Waiting]:
    """What to read, ratify and sign; for those who look after policies without ratifying them, reviews as well."""
    today = timezone.localdate()
    if has_permission(by, Permission.POLICY_MANAGE) and not has_permission(by, Permission.POLICY_RATIFY):
        yield from _looked_after(by, today)
        return
    for one in waiting_for(by):
        yield Waiting(one.what, one.title, one.url, min(one.due or today, today), one.due, "book")


def _looked_after(by: Membership, today: date) -> Iterator[Waiting]:
    for one in library(by):
        version = one.in_force
        if version is None:
            continue
        url = version.get_absolute_url()
        if one.to_acknowledge:
            due = one.acknowledge_by
            yield Waiting(
                "Read and acknowledge", one.policy.title, url, min(due or today, today), due, "book"
            )
        if one.overdue or one.due_soon:
            due = version.next_review_on
            yield Waiting("Review", one.policy.title, url, min(due or today, today), due, "history")


def _devices(by: Membership) -> Iterator[Waiting]:
    if not has_permission(by, Permission.DEVICE_DESK):
        return
    found = uncollected(by.school).aggregate(n=Count("pk"), newest=Max("taken_at"))
    if found["n"]:
        title = _counted(found["n"], "device has", "devices have") + " not been collected"
        url = reverse("devices:desk", args=[by.school.slug])
        yield Waiting("Hand back", title, url, _day(found["newest"]), icon="phone")


def _termly(by: Membership) -> Iterator[Waiting]:
    """What each term asks for: the report about the last one, and entries in registers."""
    prepares = has_permission(by, Permission.REPORT_PREPARE)
    if not prepares and not registers.is_reminded(by):
        return
    terms = list(Term.objects.filter(school_id=by.school_id).annotate(report_state=F("reports__state")))
    if prepares:
        yield from _report_to_write(by, terms)
    for one in registers.to_do(by, terms=terms):
        url = reverse("registers:entry_create", args=[by.school.slug, one.asks.slug])
        since = min(one.due_on or date.max, timezone.localdate())
        yield Waiting("Add to the register", one.asks.title, url, since, one.due_on, "clipboard")


def _report_to_write(by: Membership, terms: list[Any]) -> Iterator[Waiting]:
    over = [term for term in terms if term.ends_on < timezone.localdate()]
    if over and over[-1].report_state != ReportState.PUBLISHED:
        url = reverse("reports:report_list", args=[by.school.slug])
        yield Waiting("Write", f"Term report: {over[-1].name}", url, over[-1].ends_on, icon="chart")


def _news(by: Membership) -> Iterator[Waiting]:
    if not has_permission(by, Permission.REPORT_READ) or has_permission(by, Permission.REPORT_PREPARE):
        return
    news = TermReport.objects.filter(
        school_id=by.school_id, state=ReportState.PUBLISHED, published_at__gte=timezone.now() - REPORT_NEWS
    )
    for report in news.select_related("term", "school")[:1]:
        yield Waiting(
            "Read",
            f"Term report: {report.term.name}",
            report.get_absolute_url(),
            _day(report.published_at or report.frozen_at),
            icon="chart",
        )
