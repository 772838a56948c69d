"""How a version came about."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from policies.presenters.consultation import consultation_links
from policies.presenters.words import status_of
from policies.selectors.consultation import consultations_of
from policies.selectors.record import recorded_versions
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_RECORD)
def version_record(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Who was asked about a version."""
    version = get_object_or_404(recorded_versions(request.membership), pk=pk)
    page = {
        "version": version,
        "status": status_of(version),
        "consultations": consultation_links(consultations_of(version, request.membership), version),
    }
    return render(request, "policies/version_record.html", page)
