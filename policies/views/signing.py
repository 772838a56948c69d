"""Signing a ratified version, and its signed PDF."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import Conflict, DomainError
from policies import presenters, selectors, services
from policies.forms import SignForm
from policies.forms.paper import ScanForm
from policies.views.downloads import attachment
from policies.views.saving import stamp
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_SIGN, methods=("GET", "POST"), step_up=True)
def version_sign(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Adds the next signature. The PDF was made when the version was ratified; where not, it is made now."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    facts = selectors.reading_facts(version, request.membership)
    form = SignForm(request.POST or None, school=request.school, initial={"signed": len(facts.signatures)})
    form.signer, form.cancel_url = request.membership.name, version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_version(version, by=request.membership, after=form.cleaned_data["signed"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"You have signed “{version.title}”, version {version.label}.")
            return redirect(version)
    made = selectors.document_is_made(version)
    page = presenters.signing_page(version, facts, document_made=made)
    summary = presenters.check_summary(version, selectors.page_findings(version, facts))
    return render(request, "policies/version_sign.html", {"form": form, "summary": summary, **page})


@school_view(Permission.POLICY_READ)
def document_download(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The signed PDF, as a download."""
    version = get_object_or_404(
        selectors.visible_versions(request.membership).select_related("document"), pk=pk
    )
    document = getattr(version, "document", None)
    if document is None or not document.signed:
        raise Http404
    return attachment(bytes(document.pdf), presenters.file_name(version), "application/pdf")


@school_view(Permission.POLICY_RATIFY, methods=("GET", "POST"))
def version_paper_signed(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Attaches the scan of a version that was signed on paper."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    paper = selectors.paper_of(version)
    initial = (
        {"head": paper.head, "chair": paper.chair, "on": paper.on, "seen": stamp(paper)} if paper else {}
    )
    form = ScanForm(request.POST or None, request.FILES or None, school=request.school, initial=initial)
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        given = services.OnPaper(**{name: form.cleaned_data[name] for name in ("head", "chair", "on")})
        scan, seen = form.cleaned_data["file"].read(), form.cleaned_data["seen"]
        try:
            services.attach_paper(version, scan, given, by=request.membership, seen=seen)
        except DomainError as error:
            form.add_error(error.about, str(error))
            if isinstance(error, Conflict):
                form.put(seen=stamp(selectors.paper_of(version)))
        else:
            messages.success(request, "The scan is attached.")
            return redirect(version)
    return render(
        request, "policies/version_step.html", {"form": form, "version": version, **presenters.ON_PAPER}
    )


@school_view(Permission.POLICY_READ)
def paper_download(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The scan, as a download."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    paper = selectors.paper_of(version)
    if paper is None:
        raise Http404
    return attachment(bytes(paper.content), presenters.file_name(version), "application/pdf")
