"""Guidance with its editions, and the policies that the school is expected to have."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from core.errors import DomainError
from policies import presenters, selectors, services
from policies.check.catalogue import Statutory
from policies.forms.catalogue import EditionForm, ExpectedForm
from policies.models import ExpectedPolicy
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission


@school_view(Permission.POLICY_READ)
def guidance_list(request: SchoolRequest) -> HttpResponse:
    """Which edition of each document holds, and which policies here name it."""
    facts = selectors.guidance_list(request.membership, timezone.localdate())
    context = {
        "rows": presenters.guidance_rows(facts),
        "may_manage": has_permission(request.membership, Permission.POLICY_MANAGE),
    }
    return render(request, "policies/guidance_list.html", context)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def guidance_add(request: SchoolRequest) -> HttpResponse:
    """Notes an edition; the address may name the document."""
    form = EditionForm(
        request.POST or None,
        school=request.school,
        documents=selectors.guidance_documents(request.school),
        initial={"guidance": request.GET.get("document", "")},
    )
    if form.is_bound and form.is_valid():
        try:
            row = services.note_edition(request.school, form.said(), by=request.membership)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"Noted: {row}. The policy check goes by it from now on.")
            return redirect("policies:guidance_list", request.school.slug)
    return render(request, "policies/guidance_add.html", {"form": form})


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def guidance_forget(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes back an edition that the school noted."""
    row = selectors.own_edition(request.school, pk)
    if row is None:
        raise Http404
    services.forget_edition(row, by=request.membership)
    messages.success(request, f"Taken back: {row}.")
    return redirect("policies:guidance_list", request.school.slug)


@school_view(Permission.POLICY_READ)
def expected_list(request: SchoolRequest) -> HttpResponse:
    """The policies that a school of this kind is expected to have, and how they stand here."""
    facts = selectors.expected_list(request.membership)
    may_manage = has_permission(request.membership, Permission.POLICY_MANAGE)
    context = {
        "columns": presenters.EXPECTED_COLUMNS,
        "rows": presenters.expected_rows(facts, request.school, may_manage=may_manage),
        "said": presenters.missing_said(facts),
        "may_manage": may_manage,
    }
    return render(request, "policies/expected_list.html", context)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def expected_edit(request: SchoolRequest, key: str = "") -> HttpResponse:
    """Decides about one policy of the list, or, without a key, adds one that the school needs."""
    policy, own = _expected(request, key)
    form = ExpectedForm(
        request.POST or None,
        school=request.school,
        policy=policy,
        initial=presenters.expected_initial(policy, own),
    )
    if form.is_bound and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            services.decide_expected(request.school, form.said(), seen=seen, by=request.membership)
        except DomainError as error:
            form.add_error(error.about, str(error))
            policy, own = _expected(request, key)
            form.put(seen=presenters.expected_initial(policy, own).get("seen", ""))
        else:
            messages.success(request, "Saved.")
            return redirect("policies:expected_list", request.school.slug)
    return render(request, "policies/expected_form.html", {"form": form, "policy": policy, "own": own})


def _expected(request: SchoolRequest, key: str) -> tuple[Statutory | None, ExpectedPolicy | None]:
    found = selectors.expected_policy(request.school, key) if key else (None, None)
    if found is None:
        raise Http404
    return found
