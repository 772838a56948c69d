"""The term report: begun, written, published, read and printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from core.errors import DomainError
from core.pdf import render_pdf
from reports import services
from reports.forms import BeginForm, PublishForm, WordsForm
from reports.models import TermReport
from reports.presenters import term as presenter
from reports.selectors import term_reports as selectors
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import draft_of
from schools.services import discard_draft, draft_token, typed_text


@school_view(Permission.REPORT_READ)
def report_list(request: SchoolRequest) -> HttpResponse:
    """Published reports; for whoever prepares them, drafts and the terms that wait for a report."""
    school, prepares = request.school, has_permission(request.membership, Permission.REPORT_PREPARE)
    context: dict[str, Any] = {
        "rows": presenter.report_rows(selectors.published(school)),
        "columns": presenter.COLUMNS,
        "prepares": prepares,
    }
    if prepares:
        context["drafts"] = presenter.report_rows(selectors.drafts(school))
        context["begin"] = presenter.to_begin(selectors.terms_without_report(school), school.slug, BeginForm)
    return render(request, "reports/report_list.html", context)


@school_view(Permission.REPORT_PREPARE, methods=("POST",))
def report_create(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Freezes the figures of a term that is over."""
    term = get_object_or_404(request.school.terms.select_related("school"), pk=pk)
    form = BeginForm(request.POST, school=request.school)
    if not form.is_valid():
        return redirect("reports:report_list", request.school.slug)
    try:
        report = services.begin_report(
            term, by=request.membership, client_ref=form.cleaned_data["client_ref"]
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("reports:report_list", request.school.slug)
    return redirect("reports:report_prepare", request.school.slug, report.pk)


@school_view(Permission.REPORT_PREPARE, methods=("GET", "POST"))
def report_prepare(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The words of a draft beside its figures."""
    report = get_object_or_404(selectors.drafts(request.school), pk=pk)
    form, kept = _words_form(request, report)
    if form.is_bound and form.is_valid():
        words = services.Words(**form.words())
        try:
            services.write_words(report, words, by=request.membership, version=form.cleaned_data["version"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            discard_draft(request.school, request.user, _draft_name(report))
            return redirect(report)
    context = presenter.report_page(report, selectors.before(report), selectors.trend(report))
    return render(request, "reports/report_prepare.html", {**context, "form": form, "kept": kept})


def _draft_name(report: TermReport) -> str:
    return f"reports.words.{report.pk.hex}"


def _words_form(request: SchoolRequest, report: TermReport) -> tuple[WordsForm, bool]:
    """The form with what was sent now, kept from before, or saved; and whether it was kept."""
    name, initial = _draft_name(report), presenter.words_initial(report)
    draft = draft_of(request.school, request.user.pk, name) if request.method == "GET" else None
    if draft:
        initial |= {
            key: value for key, value in typed_text(draft).items() if key in initial and key != "version"
        }
    initial["draft_token"] = draft_token(request.user, request.school, name)
    form = WordsForm(request.POST or None, school=request.school, initial=initial)
    form.autosave_url = reverse("schools:draft_save", args=[request.school.slug])
    return form, draft is not None


@school_view(Permission.REPORT_PREPARE, methods=("POST",))
def report_publish(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Shows a report to those who govern."""
    report = get_object_or_404(selectors.readable(request.membership), pk=pk)
    form = PublishForm(request.POST, school=request.school)
    if form.is_valid():
        try:
            report = services.publish_report(
                report, by=request.membership, version=form.cleaned_data["version"]
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Published. Those who govern have been told.")
            return redirect(report)
    return _page(request, report, form)


@school_view(Permission.REPORT_READ)
def report_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """One term on one page; a draft as governors will see it, for whoever prepares it."""
    report = get_object_or_404(selectors.readable(request.membership), pk=pk)
    form = PublishForm(school=request.school, initial={"version": report.version})
    return _page(request, report, form)


def _page(request: SchoolRequest, report: TermReport, form: PublishForm) -> HttpResponse:
    context = presenter.report_page(report, selectors.before(report), selectors.trend(report))
    if not report.is_published:
        form.form_action = reverse("reports:report_publish", args=[request.school.slug, report.pk])
        context["form"] = form
    return render(request, "reports/report_detail.html", context)


@school_view(Permission.REPORT_READ)
def report_pdf(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The published report as a PDF that looks the same."""
    report = get_object_or_404(selectors.published(request.school), pk=pk)
    context = presenter.report_page(report, selectors.before(report), selectors.trend(report))
    try:
        pdf = render_pdf(
            "pdf/term_report.html", {**context, "school": request.school, "dated": presenter.dated(report)},
            title=context["title"],
        )  # fmt: skip
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(report)
    disposition = content_disposition_header(True, presenter.file_name(report))
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": disposition})
