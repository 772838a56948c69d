"""The steps of a version's life: ratify, bring into force, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.errors import DomainError
from policies import presenters, selectors, services
from policies.forms import RatifyForm, StepForm, WithdrawForm
from policies.forms.life import MinorForm
from policies.models import PolicyVersion
from policies.presenters.approval import advice_rows
from policies.selectors.checking import CHECKED
from policies.selectors.comparing import changes_with
from policies.selectors.record import advice_on
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_RATIFY, methods=("GET", "POST"))
def version_ratify(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Records which body ratified a version, and when."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    form = RatifyForm(request.POST or None, school=request.school, initial=presenters.ratify_initial(version))
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("body", "on", "minute_reference", "next_review")}
        version.revision = form.cleaned_data["revision"]
        try:
            services.ratify_version(version, by=request.membership, **typed)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(
                request, f"“{version.title}” is ratified. It can be signed, and brought into force."
            )
            return redirect(version)
    advice = advice_rows(advice_on(version), version, may_manage=False)
    context = {"form": form, "version": version, "summary": _summary(version), "advice": advice}
    context |= presenters.RATIFYING
    return render(request, "policies/version_step.html", context)


def _summary(version: PolicyVersion) -> dict[str, Any] | None:
    """What the policy check finds today in a version that has its life before it."""
    if version.state not in CHECKED:
        return None
    return presenters.check_summary(version, selectors.check_stored(version, timezone.localdate()))


@school_view(Permission.POLICY_RATIFY, methods=("GET", "POST"))
def version_start(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Brings a version into force, once the person has seen who agreed to it and what it changes."""

    def start(version: PolicyVersion) -> str:
        version = services.bring_into_force(version, by=request.membership)
        public = " It is on the public page." if version.published_at else ""
        asked = "" if version.minor else " Those whom it covers are asked to read it."
        return f"“{version.title}” is in force.{asked}{public}"

    if request.method == "POST":
        return _step(request, pk, start)
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    facts = selectors.reading_facts(version, request.membership)
    if not facts.may_start:
        return redirect(version)
    form = StepForm(school=request.school, initial={"revision": version.revision})
    form.submit_label, form.cancel_url = presenters.STARTING["heading"], version.get_absolute_url()
    page = {
        "form": form,
        "summary": presenters.check_summary(version, selectors.page_findings(version, facts)),
        "changed": _changed(version),
        **presenters.start_page(version, facts),
    }
    return render(request, "policies/version_step.html", page)


def _changed(version: PolicyVersion) -> dict[str, Any] | None:
    old, changes = changes_with(version)
    return presenters.comparison(old, version, changes)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def version_withdraw(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a version out of use, with a reason."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    form = WithdrawForm(request.POST or None, school=request.school, initial={"revision": version.revision})
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        version.revision = form.cleaned_data["revision"]
        try:
            services.withdraw_version(version, by=request.membership, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Version {version.label} of “{version.title}” is withdrawn.")
            return redirect(version)
    return render(
        request, "policies/version_step.html", {"form": form, "version": version, **presenters.WITHDRAWING}
    )


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def version_minor(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Says that a draft is a minor version, and why."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    start = {"revision": version.revision, "reason": version.minor_reason}
    form = MinorForm(request.POST or None, school=request.school, initial=start)
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        version.revision = form.cleaned_data["revision"]
        try:
            made = services.make_minor(version, by=request.membership, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"“{version.title}” is a minor version now: {made.label}.")
            return redirect(version)
    context = {"form": form, "version": version, "changed": _changed(version), **presenters.MAKING_MINOR}
    return render(request, "policies/version_step.html", context)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def version_major(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Makes the next major version of a minor draft."""

    def make(version: PolicyVersion) -> str:
        made = services.make_major(version, by=request.membership)
        return f"“{version.title}” is a major version now: {made.label}."

    return _step(request, pk, make)


def _step(request: SchoolRequest, pk: UUID, act: Callable[[PolicyVersion], str]) -> HttpResponse:
    """A step without words, on the version as the person saw it; `act` takes it and says what has come of it."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    form = StepForm(request.POST, school=request.school)
    if form.is_valid():
        version.revision = form.cleaned_data["revision"]
        try:
            said = act(version)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
    return redirect(version)
