"""The directory of outside contacts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from schools import presenters, selectors, services
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.forms import AgencyForm
from schools.models import Agency
from schools.permissions import has_permission


@school_view(Permission.HOME)
def agency_list(request: SchoolRequest) -> HttpResponse:
    """Whom the school turns to outside: role, phone, hours, and when."""
    may_manage = has_permission(request.membership, Permission.AGENCY_MANAGE)
    found = list(selectors.agencies(request.school))
    context = {
        "groups": presenters.agency_groups(found),
        "missing": presenters.missing_agencies(request.school, found) if may_manage else [],
        "may_manage": may_manage,
    }
    return render(request, "schools/agency_list.html", context)


@school_view(Permission.AGENCY_MANAGE, methods=("GET", "POST"))
def agency_create(request: SchoolRequest) -> HttpResponse:
    """Adds a contact; the address may name a kind that is shipped with its purpose."""
    shipped = selectors.agency_kinds().get(request.GET.get("kind", ""))
    form = AgencyForm(
        request.POST or None, school=request.school, initial=shipped.suggestion if shipped else {}
    )
    if form.is_bound and form.is_valid():
        try:
            services.add_agency(request.school, by=request.membership, **form.details())
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            return _done(request, "Added. Everybody in the school can see it.")
    return render(request, "schools/agency_form.html", {"form": form})


@school_view(Permission.AGENCY_MANAGE, methods=("GET", "POST"))
def agency_edit(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Changes a contact. Of two people at once one wins; the other sees what stands now."""
    agency = _agency(request, pk)
    form = AgencyForm(request.POST or None, school=request.school, initial=presenters.agency_answers(agency))
    if form.is_bound and form.is_valid():
        seen, details = form.cleaned_data["version"], form.details()
        try:
            services.change_agency(agency, by=request.membership, seen=seen, **details)
        except DomainError as error:
            form.add_error(error.about, str(error))
            agency = _agency(request, pk)
            form.put(version=presenters.agency_answers(agency)["version"])
        else:
            return _done(request, "Saved.")
    return render(request, "schools/agency_form.html", {"form": form, "agency": agency})


@school_view(Permission.AGENCY_MANAGE, methods=("POST",))
def agency_remove(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a contact out of the directory."""
    services.remove_agency(_agency(request, pk), by=request.membership)
    return _done(request, "Removed.")


def _agency(request: SchoolRequest, pk: UUID) -> Agency:
    found: Any = request.school.agencies
    return get_object_or_404(found.select_related("school"), pk=pk)


def _done(request: SchoolRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("schools:agency_list", request.school.slug)
