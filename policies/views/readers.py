"""Who has read a version and who has not; and taking the word of a class, or of a list on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from core.errors import DomainError
from core.pdf import render_pdf
from policies import exports, presenters, selectors, services
from policies.forms.readers import ClassFilter, ClassForm, MistakenForm, PaperForm, ReadersFilter
from policies.models import PolicyVersion
from policies.permissions import may_take_back
from policies.views.downloads import attachment
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import class_names, contacts_by_ids, learners_by_ids, members, post_names


def _version(request: SchoolRequest, pk: UUID) -> PolicyVersion:
    return get_object_or_404(selectors.visible_versions(request.membership), pk=pk)


def _readers(
    request: SchoolRequest, version: PolicyVersion
) -> tuple[list[selectors.Reader], list[selectors.Reader], ReadersFilter]:
    """Everybody who is asked, those of them whom the address asks for, and the form that said so."""
    everybody = selectors.readers_of(version, request.membership)
    who = presenters.who_choices(everybody, post_names(request.school))
    form = ReadersFilter(request.GET or None, who=who)
    wanted = selectors.Wanted(**form.cleaned_data) if form.is_valid() else selectors.Wanted()
    return everybody, [one for one in everybody if wanted.holds(one)], form


@school_view(Permission.POLICY_STANDING)
def version_readers(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Who of the audience has read a version and who has not, in numbers by group and class, and by name."""
    version = _version(request, pk)
    everybody, shown, form = _readers(request, version)
    rows = presenters.reader_rows(shown, post_names(request.school), request.membership)
    context = {
        "version": version,
        "asked": len(everybody),
        "done": sum(one.given is not None for one in everybody),
        "may_collect": has_permission(request.membership, Permission.POLICY_COLLECT),
        "form": form,
        "active": len(form.changed_data) if form.is_bound else 0,
        "query": request.GET.urlencode(),
        "columns": presenters.reader_columns(rows),
        "rows": rows,
        "mistaken_columns": presenters.MISTAKEN_COLUMNS,
        "mistaken": presenters.mistaken_rows(selectors.mistaken_of(version, request.membership)),
        "summary_columns": presenters.SUMMARY_COLUMNS,
        "summary": presenters.summary_rows(everybody, version),
    }
    return render(request, "policies/version_readers.html", context)


@school_view(Permission.POLICY_STANDING, reads="policy_version.readers_exported")
def version_readers_csv(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The same list as a file for a spreadsheet."""
    version = _version(request, pk)
    lines = presenters.reader_lines(_readers(request, version)[1], post_names(request.school))
    heading = [column["label"] for column in presenters.READER_COLUMNS]
    return attachment(exports.csv_file(heading, lines), _file_name(version, "csv"), "text/csv")


@school_view(Permission.POLICY_STANDING, reads="policy_version.readers_exported")
def version_readers_pdf(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The same list to print."""
    version = _version(request, pk)
    lines = presenters.reader_lines(_readers(request, version)[1], post_names(request.school))
    pdf = render_pdf("pdf/readers.html", presenters.readers_pdf(version, lines), title="Who has read it")
    return attachment(pdf, _file_name(version, "pdf"), "application/pdf")


def _file_name(version: PolicyVersion, kind: str) -> str:
    return presenters.file_name(version).replace(".pdf", f"-readers.{kind}")


@school_view(Permission.POLICY_CLASS, methods=("GET", "POST"))
def version_class(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """A class agrees together at its teacher's screen."""
    version = _version(request, pk)
    classes = [one for one in class_names(request.school) if services.asks_class(version.policy, one)]
    asked = ClassFilter(request.POST or request.GET, classes=classes)
    chosen = asked.cleaned_data["class_name"] if asked.is_valid() else ""
    learners = selectors.readers_of_class(version, chosen) if chosen else []
    form = ClassForm(
        request.POST or None,
        school=request.school,
        learners=[(str(one.pk), one.name) for one in learners if one.given is None],
        initial={"class_name": chosen},
    )
    if request.method == "POST" and form.is_valid():
        ticked = learners_by_ids(request.school, form.cleaned_data["learners"])
        try:
            count = services.collect_from_class(version, chosen, ticked, by=request.membership)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Recorded for {count} of class {chosen}.")
            return redirect(f"{request.path}?{urlencode({'class_name': chosen})}")
    context = {
        **presenters.class_page(version, classes, chosen, learners, request.membership),
        "form": form,
    }
    return render(request, "policies/version_class.html", context)


@school_view(Permission.POLICY_COLLECT, methods=("GET", "POST"))
def version_paper(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Enters a list that was signed on paper: many at once, with the day and who collected it."""
    version = _version(request, pk)
    _, shown, narrow = _readers(request, version)
    people = members(request.school)
    form = PaperForm(
        request.POST or None,
        school=request.school,
        people=presenters.paper_choices(shown, post_names(request.school)),
        collectors=[(str(one.pk), one.name) for one in people],
        initial={"on": timezone.localdate(), "collected_by": str(request.membership.pk)},
    )
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            count = _enter(request, version, form.cleaned_data)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"Entered for {count}.")
            return redirect("policies:version_readers", slug=request.school.slug, pk=version.pk)
    context = {"version": version, "form": form, "narrow": narrow, "anybody": bool(shown)}
    return render(request, "policies/version_paper.html", context)


def _enter(request: SchoolRequest, version: PolicyVersion, said: dict[str, Any]) -> int:
    people, ticked = members(request.school), said["people"]
    return services.collect_on_paper(
        version,
        [
            *(one for one in people if str(one.pk) in ticked),
            *learners_by_ids(request.school, ticked),
            *contacts_by_ids(request.school, ticked),
        ],
        by=request.membership,
        collected_by=people.get(pk=said["collected_by"]),
        on=said["on"],
    )


@school_view(Permission.POLICY_CLASS, methods=("GET", "POST"))
def acknowledgement_mistaken(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Marks an agreement that somebody collected as entered in error, with the reason."""
    entries = request.school.acknowledgements.select_related(
        "version__policy", "version__school", "member", "learner", "contact", "collected_by"
    )
    given = get_object_or_404(entries, pk=pk)
    if not may_take_back(request.membership, given):
        raise Http404
    form = MistakenForm(request.POST or None, school=request.school)
    form.cancel_url = presenters.collected_at(given, request.membership)
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_mistaken(given, by=request.membership, reason=form.cleaned_data["reason"])
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "Marked as entered in error. It counts no more.")
            return redirect(form.cancel_url)
    return render(
        request, "policies/acknowledgement_mistaken.html", {"form": form, **presenters.mistaken_page(given)}
    )
