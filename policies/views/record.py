"""How a version came about: consultation, approval, and the advice of specialists."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from policies import selectors, services
from policies.forms.approval import AdviceForm, DoneForm
from policies.models import Advice
from policies.permissions import sees_preparation
from policies.presenters import approval as presenters
from policies.presenters.consultation import consultation_links
from policies.presenters.words import status_of
from policies.selectors.approval import rounds_of
from policies.selectors.consultation import consultations_of
from policies.selectors.record import advice_on, recorded_versions
from policies.views.saving import saved_row, stamp
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission

STEP = "policies/version_step.html"


@school_view(Permission.POLICY_RECORD)
def version_record(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Who was asked about a version, who approved it, and what specialists advised."""
    by = request.membership
    version = get_object_or_404(recorded_versions(by), pk=pk)
    manages = has_permission(by, Permission.POLICY_MANAGE)
    page = {
        "version": version,
        "status": status_of(version),
        "consultations": consultation_links(consultations_of(version, by), version),
        "rounds": presenters.rounds_page(rounds_of(version), version, by, may_manage=manages),
        "advice": presenters.advice_rows(advice_on(version), version, may_manage=manages),
        "may_manage": manages,
        "opens": version.is_binding or sees_preparation(by),
    }
    return render(request, "policies/version_record.html", page)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def advice_add(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Records what a specialist advised on a version."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    form = AdviceForm(request.POST or None, school=request.school, clauses=selectors.clause_choices(version))
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        names = ("adviser", "organisation", "capacity", "on", "text", "done")
        said = {name: form.cleaned_data[name] for name in names}
        clause = form.cleaned_data["clause"]
        given = services.NewAdvice(**said, clause=UUID(clause) if clause else None)
        try:
            services.record_advice(version, given, by=request.membership)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "The advice is recorded.")
            return redirect("policies:version_record", slug=request.school.slug, pk=version.pk)
    return render(request, STEP, {"form": form, "version": version, **presenters.ADVISING})


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def advice_done(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Says what was done about advice."""
    found = request.school.advices.select_related("version__policy", "version__school")  # type: ignore[attr-defined]
    advice: Advice = get_object_or_404(found, pk=pk)
    form = DoneForm(
        request.POST or None, school=request.school, initial={"done": advice.done, "seen": stamp(advice)}
    )
    if request.method == "POST" and form.is_valid():
        said = {"done": form.cleaned_data["done"]}
        if saved_row(
            advice, form, partial(services.say_what_was_done, advice, by=request.membership, **said)
        ):
            messages.success(request, "Saved.")
            return redirect("policies:version_record", slug=request.school.slug, pk=advice.version_id)
    page = {
        "heading": "What was done about advice",
        "lead": f"{advice.adviser} advised:",
        "quote": advice.text,
    }
    return render(request, STEP, {"form": form, "version": advice.version, **page})
