"""The approvers of a version: chosen, asked, replaced, and each one's own word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.errors import DomainError
from policies import presenters as pages
from policies import selectors, services
from policies.enums import Decision
from policies.forms.approval import ApproversForm, DecideForm, ReplaceForm, TakeBackForm
from policies.models import Approver, PolicyVersion
from policies.presenters import approval as presenters
from policies.selectors import approval
from policies.selectors.comparing import changes_with
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.selectors import members

STEP = "policies/version_step.html"


def _version(request: SchoolRequest, pk: UUID) -> PolicyVersion:
    return get_object_or_404(selectors.visible_versions(request.membership), pk=pk)


def _people(request: SchoolRequest) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in members(request.school)]


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def approval_ask(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Sends a draft to its approvers; the school's own route is filled in."""
    version = _version(request, pk)
    proposed = approval.proposed_approvers(request.school)
    start = presenters.approvers_initial(version, proposed, in_order=approval.in_order(request.school))
    form = ApproversForm(request.POST or None, school=request.school, people=_people(request), initial=start)
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        version.revision, chosen = form.cleaned_data["revision"], form.chosen
        found = {str(one.pk): one for one in members(request.school).filter(pk__in=chosen)}
        approvers, in_order = [found[one] for one in chosen], form.cleaned_data["order"] == "in_order"
        try:
            services.ask_for_approval(version, approvers, by=request.membership, in_order=in_order)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"“{version.title}” is with its approvers.")
            return redirect(version)
    return render(request, STEP, {"form": form, "version": version, **presenters.ASKING})


@school_view(Permission.POLICY_READ, methods=("GET", "POST"))
def version_decide(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """An approver's own word: yes, or back with a reason. What the check found and what changes stand above it."""
    version = _version(request, pk)
    if not approval.placed_in(request.membership).filter(version=version).exists():
        raise Http404
    form = DecideForm(request.POST or None, school=request.school, initial={"revision": version.revision})
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        version.revision = form.cleaned_data["revision"]
        try:
            said = _decide(request, version, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, said)
            return redirect("reports:home", request.school.slug)
    old, changes = changes_with(version)
    page = {
        "summary": pages.check_summary(version, selectors.check_stored(version, timezone.localdate())),
        "changed": pages.comparison(old, version, changes),
        "read_url": version.get_absolute_url(),
    }
    return render(request, STEP, {"form": form, "version": version, **page, **presenters.DECIDING})


def _decide(request: SchoolRequest, version: PolicyVersion, typed: dict[str, Any]) -> str:
    if typed["decision"] == Decision.SENT_BACK:
        services.send_back(version, by=request.membership, reason=typed["reason"])
        return f"“{version.title}” is sent back."
    services.approve_version(version, by=request.membership, note=typed["reason"])
    return f"You have approved “{version.title}”."


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def approval_take_back(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Makes a draft again of a version that is with its approvers, or approved."""
    version = _version(request, pk)
    form = TakeBackForm(request.POST or None, school=request.school, initial={"revision": version.revision})
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        version.revision = form.cleaned_data["revision"]
        try:
            services.take_back(version, by=request.membership, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"“{version.title}” is a draft again.")
            return redirect(version)
    return render(request, STEP, {"form": form, "version": version, **presenters.TAKING_BACK})


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def approver_replace(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Gives the place of an approver to somebody else."""
    places = request.school.approvers.select_related("round", "member")  # type: ignore[attr-defined]
    approver: Approver = get_object_or_404(places, pk=pk)
    version = _version(request, approver.round.version_id)
    form = ReplaceForm(request.POST or None, school=request.school, people=_people(request))
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        member = members(request.school).get(pk=form.cleaned_data["member"])
        reason = form.cleaned_data["reason"]
        try:
            services.replace_approver(approver, member, by=request.membership, reason=reason)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"{member.name} is asked in place of {approver.member.name}.")
            return redirect(version)
    return render(request, STEP, {"form": form, "version": version, **presenters.REPLACING})
