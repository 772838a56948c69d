"""The library, the reading page, and acknowledging."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from policies import presenters, selectors, services
from policies.forms import AcknowledgeForm
from policies.models import PolicyVersion
from policies.permissions import sees_preparation
from policies.presenters.outlines import offers_panel
from policies.selectors import comparing
from policies.selectors.outlines import followed_by, offers
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import post_names, rule


@school_view(Permission.POLICY_READ)
def policy_list(request: SchoolRequest) -> HttpResponse:
    """The library, what needs attention first."""
    prepares = sees_preparation(request.membership)
    page = presenters.library(
        selectors.library(request.membership),
        posts=post_names(request.school),
        prepares=prepares,
        privacy=rule(request.school, "privacy_notice_address"),
    )
    may_import = has_permission(request.membership, Permission.POLICY_MANAGE)
    may_collect = has_permission(request.membership, Permission.POLICY_COLLECT)
    offered = offers_panel(offers(request.school), request.school) if may_import else []
    context = {**page, "may_import": may_import, "may_collect": may_collect, "offered": offered}
    return render(request, "policies/policy_list.html", context)


@school_view(Permission.POLICY_READ)
def policy_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Leads to the version in force, which is what a link to a policy means."""
    policy = get_object_or_404(request.school.policies, pk=pk)
    version = selectors.version_to_read(policy, request.membership)
    if version is None:
        raise Http404
    return redirect(version)


@school_view(Permission.POLICY_READ)
def version_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The reading page: contents, key details, every clause with its own link, and acknowledging at the end."""
    version = selectors.visible_versions(request.membership).filter(pk=pk).first()
    if version is None:
        return _lead_on(request, pk)
    return render(request, "policies/version_detail.html", _reading_page(request, version, None))


def _lead_on(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """An old link to a clause: what the member may not open any more leads to the same clause of what is in force now."""
    old = get_object_or_404(comparing.comparable_versions(request.membership), pk=pk)
    version = selectors.version_to_read(old.policy, request.membership)
    if version is None:
        raise Http404
    messages.info(request, f"Version {old.label} was replaced. This is version {version.label}.")
    return redirect(version)


@school_view(Permission.POLICY_READ, methods=("POST",))
def version_acknowledge(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a member's word that they have read a version in force."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    told = selectors.told_before(version.policy)
    form = AcknowledgeForm(request.POST, school=request.school, agree=told.agree)
    if not form.is_valid():
        return render(request, "policies/version_detail.html", _reading_page(request, version, form))
    services.acknowledge_version(version, by=request.membership)
    messages.success(request, f"Recorded: you have read “{version.title}”, version {version.label}.")
    if version.policy.questions:
        return redirect("policies:version_questions", request.school.slug, version.pk)
    return redirect(version)


def _reading_page(
    request: SchoolRequest, version: PolicyVersion, form: AcknowledgeForm | None
) -> dict[str, object]:
    facts = selectors.reading_facts(version, request.membership)
    form = form or AcknowledgeForm(agree=facts.told.agree)
    form.form_action = presenters.acknowledge_url(version)
    findings = selectors.page_findings(version, facts)
    life = presenters.life_panel(version, selectors.life_facts(version, request.membership))
    page = {**presenters.reading_page(version, facts, findings), "life": life, "form": form}
    found = followed_by(version.policy) if version.follows_id and facts.may_manage else None
    return {**page, "outline": found[1] if found and found[0].pk != found[1].pk else None}
