"""Writing a draft: the page with its text, one form at a time, and each change as an address of its own."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError
from policies import selectors, services
from policies.fields import to_typed
from policies.forms import RevisionForm
from policies.forms.writing import ClauseForm, DetailsForm, InPlaceForm, MoveForm, SectionForm
from policies.models import PolicyVersion
from policies.permissions import check_writable
from policies.presenters import writing as presenters
from policies.presenters.writing import Opened
from policies.selectors.fields import all_fields, field_values, show_fields, values_for
from policies.selectors.outlines import mark_common
from policies.services import Heading
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.services import FormDraft

WRITES = ("GET", "POST")


@school_view(Permission.POLICY_MANAGE)
def version_write(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The text of a draft with a way to change each part."""
    return _page(request, _draft(request, pk))


@school_view(Permission.POLICY_MANAGE, methods=WRITES)
def version_details(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """What stands at the head of a draft."""
    version = _draft(request, pk)
    draft = FormDraft(request.school, request.user, f"policies.details.{version.pk}")
    data, typed = draft.begin(request.POST if request.method == "POST" else None)
    initial = {**presenters.details_initial(version), **typed}
    form = DetailsForm(data, school=request.school, initial=initial)
    form.cancel_url = _url("version_write", version)
    draft.watch(form)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.save_details(seen, presenters.details_of(sent), by=request.membership)

    if _saved(form, version, save):
        draft.drop()
        messages.success(request, "The details are saved.")
        return redirect(_url("version_write", version))
    return render(request, "policies/version_details.html", {"form": form, "version": version})


@school_view(Permission.POLICY_MANAGE, methods=WRITES)
def clause_edit(request: SchoolRequest, pk: UUID, clause: UUID) -> HttpResponse:
    """Opens a clause in its place, and saves its label and text."""
    version = _draft(request, pk)
    found = _found(request, version.clauses.filter(stable_id=clause))
    initial = {"label": found.label, "text": to_typed(found.text)} if found else {}
    form = _form(request, version, ClauseForm, initial)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.reword_clause(seen, (sent["label"], sent["text"]), by=request.membership, clause=clause)

    title = f"Clause {found.label}" if found and found.label else "This clause"
    return _in_place(request, version, Opened(form, found, "in", title), save)


@school_view(Permission.POLICY_MANAGE, methods=WRITES)
def clause_add(request: SchoolRequest, pk: UUID, clause: UUID, place: str) -> HttpResponse:
    """Opens a new clause above or below another one, and saves it."""
    version = _draft(request, pk)
    beside = _found(request, version.clauses.select_related("section").filter(stable_id=clause))
    above = place == "above"
    if place not in ("above", "below"):
        raise Http404
    label = presenters.label_below(beside, beside.section.clauses.all()) if beside and not above else ""
    form = _form(request, version, ClauseForm, {"label": label})

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.add_clause(
            seen, (sent["label"], sent["text"]), by=request.membership, beside=clause, above=above
        )

    return _in_place(request, version, Opened(form, beside, place, "A new clause"), save)


@school_view(Permission.POLICY_MANAGE, methods=WRITES)
def clause_begin(request: SchoolRequest, pk: UUID, section: UUID) -> HttpResponse:
    """Opens a new first clause of a section, and saves it."""
    version = _draft(request, pk)
    found = _found(request, version.sections.filter(pk=section))
    label = presenters.first_label(found) if found and not found.clauses.exists() else ""
    form = _form(request, version, ClauseForm, {"label": label})

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.add_first_clause(seen, (sent["label"], sent["text"]), by=request.membership, section=section)

    return _in_place(request, version, Opened(form, found, "below", "A new clause"), save)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def clause_move(request: SchoolRequest, pk: UUID, clause: UUID) -> HttpResponse:
    """Moves a clause up or down, in or out; it stays open, to be moved on."""
    version = _draft(request, pk)
    form = MoveForm(request.POST, school=request.school)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.move_clause(seen, sent["direction"], by=request.membership, clause=clause)

    return _step(request, version, form, save, _url("clause_edit", version, clause))


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def clause_delete(request: SchoolRequest, pk: UUID, clause: UUID) -> HttpResponse:
    """Takes a clause out."""
    version = _draft(request, pk)
    form = RevisionForm(request.POST, school=request.school)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.delete_clause(seen, by=request.membership, clause=clause)

    return _step(request, version, form, save, _url("version_write", version))


@school_view(Permission.POLICY_MANAGE, methods=WRITES)
def section_edit(request: SchoolRequest, pk: UUID, section: UUID) -> HttpResponse:
    """Opens a heading in its place, and saves it."""
    version = _draft(request, pk)
    found = _found(request, version.sections.filter(pk=section))
    names = ("label", "heading", "level", "status")
    initial = {name: getattr(found, name) for name in names} if found else {}
    initial["heading"] = to_typed(initial.get("heading", ""))
    form = _form(request, version, SectionForm, initial)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.change_section(seen, _heading(sent), by=request.membership, section=section)

    return _in_place(request, version, Opened(form, found, "in", "This section"), save)


@school_view(Permission.POLICY_MANAGE, methods=WRITES)
def section_add(request: SchoolRequest, pk: UUID, section: UUID | None = None) -> HttpResponse:
    """Opens a new section behind another one, or at the end, and saves it."""
    version = _draft(request, pk)
    before = _found(request, version.sections.filter(pk=section)) if section else None
    label = presenters.next_section_label(list(version.sections.all())) if before is None else ""
    initial = {"label": label, "level": before.level if before else 1}
    form = _form(request, version, SectionForm, initial)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.add_section(seen, _heading(sent), by=request.membership, after=section)

    return _in_place(request, version, Opened(form, before, "after", "A new section"), save)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def section_move(request: SchoolRequest, pk: UUID, section: UUID) -> HttpResponse:
    """Moves a section with its clauses; it stays open, to be moved on."""
    version = _draft(request, pk)
    form = MoveForm(request.POST, school=request.school)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.move_section(seen, sent["direction"], by=request.membership, section=section)

    return _step(request, version, form, save, _url("section_edit", version, section))


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def section_delete(request: SchoolRequest, pk: UUID, section: UUID) -> HttpResponse:
    """Takes a heading out; its clauses go to the section above."""
    version = _draft(request, pk)
    form = RevisionForm(request.POST, school=request.school)

    def save(seen: PolicyVersion, sent: dict[str, Any]) -> None:
        services.delete_section(seen, by=request.membership, section=section)

    return _step(request, version, form, save, _url("version_write", version))


# --- What they have in common ----------------------------------------------------------------------------------------

Save = Callable[[PolicyVersion, dict[str, Any]], None]


def _draft(request: SchoolRequest, pk: UUID) -> PolicyVersion:
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    check_writable(version)
    return version


def _found(request: SchoolRequest, rows: QuerySet[Any]) -> Any:
    """The clause or section that a form is about. What was typed about one that somebody deleted is not lost: None."""
    found = rows.first()
    if found is None and request.method != "POST":
        raise Http404
    return found


def _url(name: str, version: PolicyVersion, *parts: UUID) -> str:
    return reverse(f"policies:{name}", args=[version.school.slug, version.pk, *parts])


def _heading(sent: dict[str, Any]) -> Heading:
    return Heading(**{name: sent[name] for name in ("label", "heading", "level", "status")})


def _form(
    request: SchoolRequest, version: PolicyVersion, form_class: type[InPlaceForm], initial: dict[str, Any]
) -> Any:
    """The form that opens in the text, with what was sent or kept; it keeps itself while somebody types."""
    # The ids in the address are more than the name of a draft holds.
    place = sha256(request.path.encode()).hexdigest()[:32]
    draft = FormDraft(request.school, request.user, f"policies.write.{place}")
    data, typed = draft.begin(request.POST if request.method == "POST" else None)
    form: Any = form_class(
        data, school=request.school, initial={**initial, **typed, "revision": version.revision}
    )
    form.form_action, form.cancel_url = request.path, _url("version_write", version)
    draft.watch(form)
    form.draft = draft
    return form


def _saved(form: Any, version: PolicyVersion, save: Save) -> bool:
    """Whether the form was sent and what it says is stored; the form says why not."""
    if not (form.is_bound and form.is_valid()):
        return False
    version.revision = form.cleaned_data["revision"]
    try:
        save(version, form.cleaned_data)
    except DomainError as error:
        form.add_error(error.about, str(error))
        # The person reads what stands now: the next send is about that.
        version.refresh_from_db(fields=["revision"])
        form.put(revision=version.revision)
        return False
    return True


def _in_place(request: SchoolRequest, version: PolicyVersion, opened: Opened, save: Save) -> HttpResponse:
    if _saved(opened.form, version, save):
        opened.form.draft.drop()
        anchor = opened.at.anchor if opened.at else "writing"
        return redirect(f"{_url('version_write', version)}#{anchor}")
    return _page(request, version, opened)


def _step(request: SchoolRequest, version: PolicyVersion, form: Any, save: Save, then: str) -> HttpResponse:
    """A change without words; what stands against it is said on the page."""
    if not _saved(form, version, save):
        messages.error(request, next(iter(form.non_field_errors()), "Choose where it goes."))
    return redirect(then)


def _page(request: SchoolRequest, version: PolicyVersion, opened: Opened | None = None) -> HttpResponse:
    sections = selectors.sections_of(version)
    mark_common(version, sections)
    show_fields(sections, values_for(request.school, sections))
    page = presenters.writing_page(version, sections, opened)
    if opened:
        page["fields"] = presenters.field_groups(field_values(request.school, all_fields()))
    return render(request, "policies/version_write.html", page)
