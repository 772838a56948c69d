"""The queue of each route."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from incidents import presenters
from incidents.enums import Route
from incidents.forms import QueueFilter
from incidents.selectors import concerns, lists
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.selectors import vocabulary


@school_view(Permission.CONCERN_READ)
def concern_list(request: SchoolRequest) -> HttpResponse:
    """Concerns about children: unseen first, then by clock."""
    return _queue(request, Route.CHILD)


@school_view(Permission.STAFF_CONCERN_READ, reads="concern.listed", step_up=True)
def adult_concern_list(request: SchoolRequest) -> HttpResponse:
    """Concerns about adults: unseen first, then by clock. That there is one says something about somebody already."""
    return _queue(request, Route.ADULT)


def _queue(request: SchoolRequest, route: Route) -> HttpResponse:
    by, words = request.membership, vocabulary(request.school)
    tab = request.GET.get("tab", "active")
    tab = tab if tab in lists.TABS else "active"
    form = _filter(request, route, words)
    wanted = form.wanted if form else {}
    key = {name: request.GET.get(name, "") for name in ("after", "before")}
    if wanted or any(key.values()):
        shown = lists.filtered(lists.in_tab(concerns.readable(by, route), tab, by), wanted)
        page = lists.page(shown, tab=tab, **key)
    else:
        page = lists.first_page(by, route, tab=tab)
    context: dict[str, Any] = {
        "is_adult": route == Route.ADULT,
        "tab": tab,
        "tabs": presenters.tabs(lists.counts(by, route), tab, lists.COUNT_LIMIT),
        "filter": form,
        "active_filters": len(wanted),
        "rows": presenters.queue_rows(page, route, by, words),
        "page": page,
        "reset_url": f"?tab={tab}",
    }
    template = "incidents/_queue.html" if request.htmx else "incidents/concern_list.html"
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _filter(request: SchoolRequest, route: Route, words: dict[str, str]) -> QueueFilter | None:
    """The filters, where they are in use or asked for; the folded form would cost every page two queries."""
    if not request.GET.keys() & QueueFilter.names():
        return None
    leads = concerns.route_readers(request.membership, route)
    return QueueFilter(request.GET, route=route, words=words, leads=leads)
