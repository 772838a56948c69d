"""Publishing a version, and recording where attention was drawn to it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from policies import presenters, selectors, services
from policies.forms import AnnouncementForm
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def version_publish(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Puts a version in force on the school's public page."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    try:
        services.publish_version(version, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{version.title}” is on the public page. Anybody can read it.")
    return redirect(version)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def version_unpublish(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a version off the public page."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    try:
        services.unpublish_version(version, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{version.title}” is not on the public page any more.")
    return redirect(version)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def version_announce(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Records where and when people's attention was drawn to a version."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    form = AnnouncementForm(request.POST or None, school=request.school)
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("place", "on", "note")}
        try:
            services.record_announcement(version, by=request.membership, **typed)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Recorded.")
            return redirect(version)
    return render(
        request, "policies/version_step.html", {"form": form, "version": version, **presenters.ANNOUNCING}
    )
