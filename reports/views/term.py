"""The term report: begun, written, published, read and printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from core.errors import Conflict, DomainError
from core.forms import HouseForm
from core.pdf import render_pdf
from reports import services
from reports.forms import BeginForm, PublishForm, WordsForm
from reports.models import TermReport
from reports.presenters import term as presenter
from reports.selectors import term_reports as selectors
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.services import FormDraft


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
    """The words of a draft beside its figures. What is sent too late comes back beside what stands now."""
    sent = request.POST if request.method == "POST" else None
    reports = selectors.drafts(request.school) if sent is None else selectors.readable(request.membership)
    report = get_object_or_404(reports, pk=pk)
    draft = FormDraft(request.school, request.user, f"reports.words.{report.pk.hex}")
    data, typed = draft.begin(sent)
    form = WordsForm(data, school=request.school, initial={**presenter.words_initial(report), **typed})
    draft.watch(form)
    opened = report
    if form.is_bound and form.is_valid():
        words = services.Words(**form.words())
        try:
            services.write_words(report, words, by=request.membership, version=form.cleaned_data["version"])
        except DomainError as error:
            report = _as_it_stands(request, report, form, error)
        else:
            draft.drop()
            return redirect(report)
    context = presenter.report_page(report, selectors.before(report), selectors.trend(report))
    # Whoever sends now has what others wrote since before their eyes.
    context["stands"] = presenter.written(report) if report is not opened or form.kept else []
    return render(request, "reports/report_prepare.html", {**context, "form": form})


def _as_it_stands(
    request: SchoolRequest, report: TermReport, form: HouseForm, error: DomainError
) -> TermReport:
    """After a Conflict the report as it is now: the person sees it beside what they sent, and their next send is about that."""
    form.add_error(None, str(error))
    if isinstance(error, Conflict):
        report = get_object_or_404(selectors.readable(request.membership), pk=report.pk)
        form.put(version=report.version, checked="")
    return report


@school_view(Permission.REPORT_PREPARE, methods=("POST",))
def report_publish(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Shows a report to those who govern. When somebody changed it meanwhile it is read again first."""
    report = get_object_or_404(selectors.readable(request.membership), pk=pk)
    form = PublishForm(request.POST, school=request.school)
    if form.is_valid():
        try:
            report = services.publish_report(
                report, by=request.membership, version=form.cleaned_data["version"]
            )
        except DomainError as error:
            report = _as_it_stands(request, report, form, error)
            if report.is_published:
                messages.error(request, str(error))
                return redirect(report)
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
