"""Pages of registers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError, SentBefore
from registers import presenters, selectors, services
from registers.enums import Register
from registers.forms import CorrectionForm, EntryForm
from registers.models import RegisterEntry
from registers.permissions import can_read_notes, check_can_write, keeps
from registers.procedures import BY_SLUG, REGISTERS, Asks
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.selectors import fill, vocabulary
from schools.services import FormDraft

PAGE_SIZE = 30


@school_view(Permission.REGISTER_READ)
def index(request: SchoolRequest) -> HttpResponse:
    """Every register, what is due on top."""
    rows = presenters.index_rows(request.membership, selectors.standings(request.school))
    return render(request, "registers/index.html", {"rows": rows})


@school_view(Permission.REGISTER_READ)
def entry_list(request: SchoolRequest, register: str) -> HttpResponse:
    """One register, newest first."""
    asks = _asks(register)
    found = Paginator(selectors.entries(request.school, asks.register), PAGE_SIZE)
    page = found.get_page(request.GET.get("page"))
    context = {
        "asks": asks,
        "page": page,
        "purpose": fill(asks.purpose, vocabulary(request.school)),
        "columns": presenters.columns(asks.register),
        "rows": presenters.rows(page),
        "may_write": keeps(request.membership, asks.register),
    }
    return render(request, "registers/entry_list.html", context)


@school_view(Permission.REGISTER_ADD, methods=("GET", "POST"))
def entry_create(request: SchoolRequest, register: str) -> HttpResponse:
    """Adds an entry."""
    asks = _asks(register)
    check_can_write(request.membership, request.school.pk, asks.register)
    draft = FormDraft(request.school, request.user, f"registers.{asks.slug}")
    data, typed = draft.begin(request.POST if request.method == "POST" else None)
    form = EntryForm(data, school=request.school, register=asks.register, initial=typed)
    draft.watch(form)

    def add(ref: UUID) -> RegisterEntry:
        return services.add_entry(request.school, form.entry(), by=request.membership, client_ref=ref)

    if made := _made(form, add):
        draft.drop()
        messages.success(request, "Added to the register.")
        return redirect(made)
    context = {"form": form, "asks": asks}
    return render(request, "registers/entry_create.html", context, status=409 if form.twice else 200)


def _made(form: EntryForm, write: Callable[[UUID], RegisterEntry]) -> RegisterEntry | None:
    """The entry that the form makes; None where something stands against it, which the form then says."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return write(form.cleaned_data["client_ref"])
    except SentBefore as error:
        both = presenters.sent_twice(error.first, form.entry(), form.cleaned_data.get("reason", ""))
        form.show_twice(*both)
    except DomainError as error:
        form.add_error(None, str(error))
    return None


@school_view(Permission.REGISTER_READ, reads="register.read")
def entry_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """One entry with its corrections beside it."""
    entry = get_object_or_404(selectors.entry_of(request.school), pk=pk)
    history = selectors.history(entry)
    context = {
        "entry": entry,
        "asks": REGISTERS[Register(entry.register)],
        "facts": presenters.facts(history[-1]),
        "story": presenters.story(history, request.membership),
        "newest": history[-1],
        "may_correct": keeps(request.membership, entry.register),
        "may_read": can_read_notes(request.membership, entry),
    }
    return render(request, "registers/entry_detail.html", context)


@school_view(Permission.REGISTER_ADD, methods=("GET", "POST"), reads="register.read")
def entry_correct(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Puts a corrected entry beside one."""
    entry = get_object_or_404(selectors.entry_of(request.school), pk=pk)
    check_can_write(request.membership, request.school.pk, entry.register)
    draft = FormDraft(request.school, request.user, f"registers.correct.{entry.pk}")
    data, typed = draft.begin(request.POST if request.method == "POST" else None)
    initial = {**presenters.initial(entry), **typed}
    form = CorrectionForm(data, school=request.school, register=Register(entry.register), initial=initial)
    form.cancel_url = entry.get_absolute_url()
    draft.watch(form)

    def correct(ref: UUID) -> RegisterEntry:
        reason = form.cleaned_data["reason"]
        return services.correct_entry(
            entry, form.entry(), by=request.membership, reason=reason, client_ref=ref
        )

    if made := _made(form, correct):
        draft.drop()
        messages.success(request, "The correction stands beside the entry.")
        return redirect(made)
    context = {"form": form, "entry": entry}
    return render(request, "registers/entry_correct.html", context, status=409 if form.twice else 200)


def _asks(slug: str) -> Asks:
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]
