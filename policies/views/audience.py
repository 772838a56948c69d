"""Who reads what: a policy's readers, a member's own reading list, and inductions."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.errors import DomainError
from policies import presenters, selectors, services
from policies.forms.audience import AudienceForm, InductionForm
from policies.views.saving import saved
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.models import Membership
from schools.selectors import class_names, members


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def policy_audience(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Says who reads a policy and what they are told before they agree."""
    policy = get_object_or_404(request.school.policies.select_related("school"), pk=pk)
    form = AudienceForm(
        request.POST or None,
        school=request.school,
        classes=class_names(request.school),
        initial=presenters.audience_initial(policy),
    )
    form.cancel_url = policy.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        said = presenters.audience_said(form.cleaned_data)
        if saved(
            policy, form, partial(services.set_owner_and_audience, policy, by=request.membership, **said)
        ):
            messages.success(request, f"Saved who reads “{policy.title}”.")
            return redirect(policy)
    context = {
        "form": form,
        "policy": policy,
        "scope": presenters.scope_facts(policy),
        "stands": presenters.audience_facts(policy) if form.non_field_errors() else [],
    }
    return render(request, "policies/policy_audience.html", context)


@school_view(Permission.POLICY_READ)
def reading_list(request: SchoolRequest) -> HttpResponse:
    """What this member is asked to read, has read, and was gone through with them."""
    member = request.membership
    context = {
        "columns": presenters.READING_COLUMNS,
        "rows": presenters.reading_rows(selectors.reading_list(member)),
        "late_columns": presenters.LATE_COLUMNS,
        "late": presenters.late_rows(selectors.late_readers_of(member), member),
    }
    return render(request, "policies/reading_list.html", context)


@school_view(Permission.POLICY_COLLECT)
def induction_list(request: SchoolRequest) -> HttpResponse:
    """Members who came within a year, and how far their induction is."""
    rows = presenters.newcomer_rows(selectors.newcomers(request.school))
    return render(
        request, "policies/induction_list.html", {"columns": presenters.NEWCOMER_COLUMNS, "rows": rows}
    )


@school_view(Permission.POLICY_COLLECT, methods=("GET", "POST"))
def induction_record(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The reading list of one member, and recording what somebody went through with them."""
    people = members(request.school)
    member = get_object_or_404(people, pk=pk)
    asked = selectors.reading_list(member)
    form = InductionForm(
        request.POST or None,
        school=request.school,
        policies=presenters.still_to_discuss(asked),
        people=[(str(one.pk), one.name) for one in people if one.pk != member.pk],
        initial={"discussed_by": str(request.membership.pk), "on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, member, asked, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "Recorded.")
            return redirect("policies:induction_record", slug=request.school.slug, pk=member.pk)
    own = member.pk == request.membership.pk
    context = {"form": form, "member": member, "own": own, **presenters.induction_page(asked)}
    return render(request, "policies/induction_record.html", context)


def _record(
    request: SchoolRequest, member: Membership, asked: list[selectors.ToRead], said: dict[str, Any]
) -> None:
    services.record_induction(
        member,
        [one.version.policy for one in asked if str(one.version.policy_id) in said["policies"]],
        by=request.membership,
        discussed_by=members(request.school).get(pk=said["discussed_by"]),
        on=said["on"],
    )
