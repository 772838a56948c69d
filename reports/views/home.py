"""The page that answers: what now?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from reports.presenters import home as presenter
from reports.selectors.home import own_actions, waiting
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.HOME)
def home(request: SchoolRequest) -> HttpResponse:
    """What this person does most, and what waits for them."""
    by = request.membership
    context = {"actions": presenter.actions(by), "waiting": presenter.rows(waiting(by)), "name": by.name}
    return render(request, "reports/home.html", context)


@school_view(Permission.HOME, reads="action.read")
def action_list(request: SchoolRequest) -> HttpResponse:
    """What this person has undertaken to do in concerns."""
    rows = presenter.action_rows(own_actions(request.membership), request.school.slug)
    return render(request, "reports/action_list.html", {"rows": rows, "columns": presenter.ACTION_COLUMNS})
