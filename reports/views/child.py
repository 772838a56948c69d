"""The page of a child, and the way to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from incidents.enums import Route
from incidents.permissions import READ
from incidents.presenters import contact_groups
from reports.presenters import child as presenter
from reports.selectors.child import chronology
from schools.access import SchoolRequest, school_view
from schools.selectors import contacts_of, find_learners, vocabulary

FOUND_AT_MOST = 20


@school_view(READ[Route.CHILD], methods=("GET", "POST"))
def child_find(request: SchoolRequest) -> HttpResponse:
    """Children whose name or class holds the words typed, those who have left too.

    A form is sent, and not an address asked for, because addresses stand in the logs of every server on the way.
    """
    query = request.POST.get("query", "").strip()
    found = find_learners(request.school, query, limit=FOUND_AT_MOST + 1, left=True)
    context = {
        "query": query,
        "rows": presenter.found_rows(found[:FOUND_AT_MOST], request.school.slug),
        "more": len(found) > FOUND_AT_MOST,
    }
    return render(request, "reports/child_find.html", context)


@school_view(READ[Route.CHILD], reads="child.read", step_up=True)
def child_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """One child: who it is, whom to call, and all that this reader may read about them."""
    learner = get_object_or_404(request.school.learners, pk=pk)
    before = request.GET.get("before", "")
    found = chronology(request.membership, learner, before=before)
    context = {
        "child": learner,
        "facts": presenter.facts(learner),
        "contacts": contact_groups([learner], contacts_of(request.school, [learner.pk])),
        "story": presenter.story(found, vocabulary(request.school), request.school.slug),
        "older": found.older,
        "is_first": not before,
    }
    return render(request, "reports/child_detail.html", context)
