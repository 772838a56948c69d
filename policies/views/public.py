"""Pages for people without a sign-in: checking a PDF, and the policies that a school publishes. None sets a cookie."""

from __future__ import annotations

from uuid import UUID

from allauth.core.ratelimit import consume_or_429
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from policies import presenters, selectors
from policies.forms import CheckForm
from policies.views.downloads import attachment


@login_not_required
@csrf_exempt
@transaction.non_atomic_requests
@transaction.non_atomic_requests
@require_http_methods(["GET", "HEAD", "POST"])
def pdf_check(request: HttpRequest) -> HttpResponse:
    """Says of any PDF whether it is as a school here signed it. The file is not kept; there is no session to misuse."""
    refusal = consume_or_429(request, action="check_pdf")
    if refusal is not None:
        return refusal
    form = CheckForm(request.POST or None, request.FILES or None)
    page = {}
    if request.method == "POST" and form.is_valid():
        try:
            found = selectors.verify_document(form.cleaned_data["file"].read())
            page = presenters.verification_page(found)
        except DomainError as error:
            form.add_error("file", str(error))
    return render(request, "public/pdf_check.html", {"form": form, **page})


@login_not_required
@require_safe
def document_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where the code on a signed PDF leads: which version it is, who signed it, and whether it still holds."""
    found = selectors.signed_version(pk)
    if found is None:
        raise Http404
    response = render(request, "public/document_check.html", presenters.signed_version_page(*found))
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def published_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The policies that a school publishes."""
    found = selectors.published(slug)
    if found is None:
        raise Http404
    return render(request, "public/published_list.html", presenters.published_page(found))


@login_not_required
@require_safe
def published_policy(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The text of one published policy, whichever of its versions is in force."""
    found = selectors.published_text(slug, pk)
    if found is None:
        raise Http404
    return render(request, "public/published_policy.html", presenters.published_text_page(found))


@login_not_required
@require_safe
def published_pdf(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """The signed PDF of a published policy, as a download."""
    found = selectors.published_pdf(slug, pk)
    if found is None:
        raise Http404
    version, pdf = found
    return attachment(pdf, presenters.file_name(version), "application/pdf")
