"""Outlines of a trust: the lead writes and offers them outside any school, a school takes over a newer issue."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from policies import services
from policies.forms.outlines import OfferForm, OutlineBeginForm, OutlineForm
from policies.models import TrustOutline
from policies.presenters import comparing
from policies.presenters import outlines as presenters
from policies.selectors import outlines as selectors
from schools.access import SchoolRequest, SignedInRequest, school_view
from schools.enums import Permission
from schools.models import Trust
from schools.selectors import trusts_of


@require_safe
def outline_list(request: SignedInRequest, slug: str) -> HttpResponse:
    """The outlines of the person's own trust."""
    trust = _trust(request, slug)
    rows = presenters.outline_rows(trust.outlines.prefetch_related("issues"), slug)
    page = {"trust": trust, "columns": presenters.COLUMNS, "rows": rows}
    return render(request, "policies/outline_list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def outline_create(request: SignedInRequest, slug: str) -> HttpResponse:
    """Begins an outline, from a file or empty."""
    trust = _trust(request, slug)
    form = OutlineBeginForm(request.POST or None, request.FILES or None)
    form.cancel_url = reverse("outline_list", args=[slug])
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            sections = services.read_outline(sent["file"].read(), sent["file"].name) if sent["file"] else ()
            outline = services.start_outline(
                trust, by=request.user, title=sent["title"], kind=sent["kind"], sections=sections
            )
        except DomainError as error:
            form.add_error(error.about or "file", str(error))
        else:
            return redirect("outline_edit", slug=slug, pk=outline.pk)
    return render(request, "policies/outline_create.html", {"form": form, "trust": trust})


@require_http_methods(["GET", "HEAD", "POST"])
def outline_edit(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """The text of an outline with what is local in it, and offering it."""
    trust = _trust(request, slug)
    outline = get_object_or_404(trust.outlines, pk=pk)
    form = OutlineForm(request.POST or None, initial=presenters.outline_initial(outline))
    form.cancel_url = reverse("outline_list", args=[slug])
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        outline.revision = sent["revision"]
        try:
            services.write_outline(
                outline, by=request.user, title=sent["title"], kind=sent["kind"], sections=sent["text"]
            )
        except DomainError as error:
            form.add_error(error.about, str(error))
            outline.refresh_from_db(fields=["revision"])
            form.put(revision=outline.revision)
        else:
            messages.success(request, "The text is saved. The schools see it once you offer it.")
            return redirect("outline_edit", slug=slug, pk=pk)
    return _outline_page(request, trust, outline, form)


@require_http_methods(["POST"])
def outline_offer(request: SignedInRequest, slug: str, pk: UUID) -> HttpResponse:
    """Offers the text as it stands to every school of the trust."""
    trust = _trust(request, slug)
    outline = get_object_or_404(trust.outlines, pk=pk)
    form = OfferForm(request.POST)
    if form.is_valid():
        outline.revision = form.cleaned_data["revision"]
        try:
            issue = services.offer_outline(outline, by=request.user, note=form.cleaned_data["note"])
        except DomainError as error:
            outline.refresh_from_db()
            form.add_error(None, str(error))
            form.put(revision=outline.revision)
        else:
            messages.success(
                request, f"Issue {issue.number} of “{issue.title}” is with every school of the trust."
            )
            return redirect("outline_list", slug=slug)
    return _outline_page(
        request, trust, outline, OutlineForm(initial=presenters.outline_initial(outline)), form
    )


def _trust(request: SignedInRequest, slug: str) -> Trust:
    return get_object_or_404(trusts_of(request.user), slug=slug)


def _outline_page(
    request: SignedInRequest, trust: Trust, outline: TrustOutline, form: Any, offer: Any = None
) -> HttpResponse:
    offer = offer or OfferForm(initial={"revision": outline.revision})
    offer.form_action = reverse("outline_offer", args=[trust.slug, outline.pk])
    page = {
        "trust": trust,
        "outline": outline,
        "form": form,
        "offer": offer,
        "newest": outline.issues.first(),
        "schools": trust.schools.count(),
    }
    return render(request, "policies/outline_edit.html", page)


@school_view(Permission.POLICY_MANAGE)
def outline_changes(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """What the trust's newest issue changes in the outline that a policy follows."""
    policy = get_object_or_404(request.school.policies, pk=pk)
    found = selectors.followed_by(policy)
    page: dict[str, Any] = {"policy": policy, "found": found}
    if found:
        old, new = found
        page |= {"old": old, "new": new, **comparing.changes_shown(selectors.changes_of(old, new))}
    return render(request, "policies/outline_changes.html", page)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def outline_take_over(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes the trust's newest issue over into a draft, which keeps the school's own parts."""
    policy = get_object_or_404(request.school.policies, pk=pk)
    try:
        version = services.take_over(policy, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("policies:outline_changes", slug=request.school.slug, pk=pk)
    messages.success(
        request, "The trust's text is in this draft, and so is what your school wrote. Look it over."
    )
    return redirect("policies:version_write", slug=request.school.slug, pk=version.pk)
