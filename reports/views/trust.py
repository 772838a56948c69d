"""The page of whoever looks after a trust."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import scope
from reports.presenters import trust as presenter
from reports.selectors.trust import standings
from schools.access import SignedInRequest
from schools.selectors import trusts_of


@require_safe
def standing(request: SignedInRequest, slug: str) -> HttpResponse:
    """How the trust's schools stand: reviews of policies and term reports, and no record about anybody."""
    trust = get_object_or_404(trusts_of(request.user), slug=slug)
    schools = list(trust.schools.order_by("name"))
    with scope.acting(schools=[school.pk for school in schools], user=request.user.pk), scope.reading():
        found = standings(schools)
    context = {
        "trust": trust,
        "columns": presenter.COLUMNS,
        "rows": presenter.rows(found),
        "overdue": presenter.overdue(found),
    }
    return render(request, "reports/trust.html", context)
