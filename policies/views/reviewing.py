"""Reviews: opened with a reason, and concluded where no new version comes of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from core.errors import DomainError
from policies import presenters, selectors, services
from policies.forms.life import ConcludeForm, ReviewForm
from policies.states import BINDING
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def review_open(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Records why a policy is reviewed; what is in force stays in force meanwhile."""
    versions = selectors.visible_versions(request.membership)
    version = get_object_or_404(versions, policy_id=pk, state__in=BINDING)
    form = ReviewForm(
        request.POST or None,
        school=request.school,
        clauses=selectors.clause_choices(version),
        initial={"on": timezone.localdate()},
    )
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        said["clause"] = UUID(said["clause"]) if said["clause"] else None
        chosen = {name: said[name] for name in ("kind", "what", "on", "clause")}
        try:
            services.open_review(version.policy, by=request.membership, **chosen)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"“{version.title}” is under review. It stays in force meanwhile.")
            return redirect(version)
    return render(
        request, "policies/version_step.html", {"form": form, "version": version, **presenters.REVIEWING}
    )


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def review_conclude(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Answers a reason to review in words, where no new version is needed."""
    triggers = request.school.reviewtriggers.select_related("policy__school")
    trigger = get_object_or_404(triggers, pk=pk)
    version = selectors.version_to_read(trigger.policy, request.membership)
    ratifies = has_permission(request.membership, Permission.POLICY_RATIFY)
    form = ConcludeForm(request.POST or None, school=request.school, ratifies=ratifies)
    form.cancel_url = trigger.policy.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data.get(name, "") for name in ("outcome", "next_review")}
        try:
            services.conclude_review(trigger, by=request.membership, **said)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "The review is concluded.")
            return redirect(trigger.policy)
    context = {"form": form, "version": version, **presenters.CONCLUDING}
    return render(request, "policies/version_step.html", context)
