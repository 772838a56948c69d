"""The page of one concern, and the forms by which it is worked; every form opens on that page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers

from core.errors import DomainError, SentBefore
from incidents import forms, presenters, services
from incidents.enums import Route, Status
from incidents.models import Concern
from incidents.permissions import READ, WORK
from incidents.selectors import concerns
from incidents.selectors.clocks import SchoolTime
from incidents.selectors.procedures import called_keys
from schools.access import SchoolRequest, View, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import agencies_for, contacts_of, vocabulary
from schools.services import FormDraft

Do = Callable[[Concern, dict[str, Any], Any], Any]
Parts = dict[str, UUID | str]
"""What an address names beside the concern: an entry, an action, or the key of a step."""


@dataclass(frozen=True)
class Act:
    """One thing that can be done with a concern: its form, the service behind it, and what is said afterwards."""

    name: str
    title: str
    form: type[forms.WorkForm]
    do: Do
    said: str


def _triage(concern: Concern, data: dict[str, Any], by: Any) -> None:
    triage = services.Triage(
        **{name: data[name] for name in ("category", "risk", "decision", "reason", "lead", "procedure")}
    )
    services.triage_concern(concern, triage, by=by, version=data["version"])


def _close(concern: Concern, data: dict[str, Any], by: Any) -> None:
    names = ("outcome", "reason", "parents_told", "parents_note", "lessons", "steps_left")
    closing = services.Closing(**{name: data[name] for name in names if name in data})
    services.close_concern(concern, closing, by=by, version=data["version"])


def _reopen(concern: Concern, data: dict[str, Any], by: Any) -> None:
    services.reopen_concern(concern, data["reason"], by=by, version=data["version"])


def _add_entry(concern: Concern, data: dict[str, Any], by: Any) -> None:
    entry = services.NewEntry(data["text"], data["kind"], data["happened_at"], data.get("despite", ""))
    services.add_entry(concern, entry, by=by, client_ref=data["client_ref"])


def _reply(concern: Concern, data: dict[str, Any], by: Any) -> None:
    services.reply_to_reporter(concern, data["text"], by=by, client_ref=data["client_ref"])


def _add_action(concern: Concern, data: dict[str, Any], by: Any) -> None:
    action = services.NewAction(data["text"], data["owner"], data["due_on"])
    services.add_action(concern, action, by=by, client_ref=data["client_ref"])


def _add_person(concern: Concern, data: dict[str, Any], by: Any) -> None:
    services.add_person(concern, data["role"], data["person"], by=by)


def _correct(concern: Concern, data: dict[str, Any], by: Any) -> None:
    services.correct_entry(_part(concern.entries, data["entry"]), data["text"], reason=data["reason"], by=by)


def _mark_error(concern: Concern, data: dict[str, Any], by: Any) -> None:
    services.mark_entered_in_error(_part(concern.entries, data["entry"]), reason=data["reason"], by=by)


def _complete(concern: Concern, data: dict[str, Any], by: Any) -> None:
    services.complete_action(_part(concern.actions, data["action"]), data["note"], by=by)


def _part(parts: Any, pk: UUID) -> Any:
    return get_object_or_404(parts.select_related("concern__school"), pk=pk)


TRIAGE = Act("triage", "Decide", forms.TriageForm, _triage, "The decision is recorded.")
CLOSE = Act(
    "close", "Close this concern", forms.CloseForm, _close, "Closed. The reporter sees that it is closed."
)
REOPEN = Act("reopen", "Reopen this concern", forms.ReopenForm, _reopen, "Reopened.")
ENTRY = Act("entry", "Add to the chronology", forms.EntryForm, _add_entry, "Added to the chronology.")
REPLY = Act(
    "reply",
    "Write back to the reporter",
    forms.ReplyForm,
    _reply,
    "Sent. The reporter has been told by e-mail that there is a reply.",
)
ACTION = Act("action", "Add an action", forms.ActionForm, _add_action, "The action was added.")
DONE = Act("done", "Mark an action as done", forms.DoneForm, _complete, "The action is done.")
PERSON = Act("person", "Add somebody", forms.PersonForm, _add_person, "Added.")
CORRECT = Act(
    "correct", "Correct an entry", forms.CorrectForm, _correct, "The correction stands beside the entry."
)
ERROR = Act("error", "Entered in error", forms.ErrorForm, _mark_error, "Marked as entered in error.")


def pages_of(act: Act) -> tuple[View, View]:
    """The views of one act, for concerns about children and about adults, each behind its own gate."""

    def page_for(route: Route) -> View:
        def view(request: SchoolRequest, pk: UUID, **parts: UUID | str) -> HttpResponse:
            return _work(request, route, act, pk, parts)

        view.__name__ = view.__qualname__ = f"{'' if route == Route.CHILD else 'adult_'}concern_{act.name}"
        gate = school_view(
            WORK[route], methods=("GET", "POST"), reads="concern.read", step_up=route == Route.ADULT
        )
        return gate(view)

    return page_for(Route.CHILD), page_for(Route.ADULT)


concern_triage, adult_concern_triage = pages_of(TRIAGE)
concern_close, adult_concern_close = pages_of(CLOSE)
concern_reopen, adult_concern_reopen = pages_of(REOPEN)
concern_entry, adult_concern_entry = pages_of(ENTRY)
concern_reply, adult_concern_reply = pages_of(REPLY)
concern_action, adult_concern_action = pages_of(ACTION)
concern_done, adult_concern_done = pages_of(DONE)
concern_person, adult_concern_person = pages_of(PERSON)
concern_correct, adult_concern_correct = pages_of(CORRECT)
concern_error, adult_concern_error = pages_of(ERROR)


@school_view(READ[Route.CHILD], reads="concern.read")
def concern_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The page of a concern about a child."""
    return _page(request, _concern(request, Route.CHILD, pk))


@school_view(READ[Route.ADULT], reads="concern.read", step_up=True)
def adult_concern_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The page of a concern about an adult."""
    return _page(request, _concern(request, Route.ADULT, pk))


@school_view(READ[Route.CHILD], reads="contact.read")
def concern_contacts(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Whom to call about the children of a concern: on its page with script, on one of its own without."""
    concern = _concern(request, Route.CHILD, pk)
    learners = {one.learner.pk: one.learner for one in concern.people.all() if one.learner}
    groups = presenters.contact_groups(learners.values(), contacts_of(request.school, learners))
    template = "incidents/_contacts.html" if request.htmx else "incidents/concern_contacts.html"
    response = render(request, template, {"concern": concern, "groups": groups})
    patch_vary_headers(response, ["HX-Request"])
    return response


@school_view(WORK[Route.CHILD], methods=("GET", "POST"))
def concern_assign(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a concern about a child."""
    return _assign(request, Route.CHILD, pk)


@school_view(WORK[Route.ADULT], methods=("GET", "POST"), step_up=True)
def adult_concern_assign(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a concern about an adult."""
    return _assign(request, Route.ADULT, pk)


def _assign(request: SchoolRequest, route: Route, pk: UUID) -> HttpResponse:
    concern = _concern(request, route, pk)
    if request.method == "POST":
        version = request.POST.get("version", "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
        try:
            services.assign_concern(concern, request.membership, by=request.membership, version=seen)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"{concern.reference} is yours.")
        if request.POST.get("back") == "queue":
            return redirect(presenters.queue_url(route, request.school.slug))
    return redirect(concern)


def _concern(request: SchoolRequest, route: Route, pk: UUID) -> Concern:
    """The concern, if this member may read it; otherwise the page of a wrong address."""
    found = concerns.for_page(request.membership, route, pk)
    if found is None:
        raise Http404
    return found


def _work(request: SchoolRequest, route: Route, act: Act, pk: UUID, parts: Parts) -> HttpResponse:
    concern = _concern(request, route, pk)
    _check_parts(concern, parts)
    form = _form(request, act, concern, vocabulary(request.school), str(parts.get("step", "")))
    if form.is_bound and form.is_valid():
        try:
            act.do(concern, {**form.cleaned_data, **parts}, request.membership)
        except SentBefore as error:
            form.show_twice(*presenters.act_sent_twice(error.first, form.cleaned_data))
        except DomainError as error:
            form.add_error(error.about if error.about in form.fields else None, str(error))
            concern = _concern(request, route, pk)
            # The person has read what stands now: the next send is about that.
            form.put(**form.now(concern))
        else:
            _draft(request, act, concern, form.step).drop()
            messages.success(request, act.said)
            return redirect(concern)
    return _page(request, concern, act, form, parts)


def _check_parts(concern: Concern, parts: Parts) -> None:
    if not parts:
        return
    known = {one.pk for one in (*concern.entries.all(), *concern.actions.all())} | called_keys(concern)
    if any(part not in known for part in parts.values()):
        raise Http404


def _draft(request: SchoolRequest, act: Act, concern: Concern, step: str = "") -> FormDraft:
    named = filter(None, ["incidents", act.name, step, str(concern.pk)])
    return FormDraft(request.school, request.user, ".".join(named))


def _form(
    request: SchoolRequest, act: Act, concern: Concern, words: dict[str, str], step: str = ""
) -> forms.WorkForm:
    """The form with what was sent, what is searched for, or what was kept from before."""
    draft = _draft(request, act, concern, step)
    data, typed = draft.begin(request.POST if request.method == "POST" else None, search="people_find")
    form = act.form(
        data, initial={**typed, "me": request.membership.pk}, school=request.school, concern=concern, words=words, step=step,
        readers=concerns.readers(concern), auto_id=f"id_{act.name}_%s",
    )  # fmt: skip
    draft.watch(form)
    form.cancel_url = concern.get_absolute_url()
    if isinstance(form, forms.PersonForm):
        form.can_find = has_permission(request.membership, Permission.LEARNER_FIND)
        form.show_found(
            search_url="", query=request.POST.get("people_query", ""), chosen=request.POST.getlist("people")
        )
    return form


def _page(
    request: SchoolRequest,
    concern: Concern,
    act: Act | None = None,
    form: Any = None,
    parts: Parts | None = None,
) -> HttpResponse:
    if not concern.is_seen:
        services.mark_seen(concern)
    words, slug, by = vocabulary(request.school), request.school.slug, request.membership
    if act is None:
        act = TRIAGE if concern.status == Status.NEW else None
        form = _form(request, act, concern, words) if act else None
    if form is not None and act is not None:
        form.form_action = presenters.url_of(concern, act.name, slug, concern.pk, *(parts or {}).values())
    record = presenters.record(concern, words, SchoolTime(request.school))
    context = {
        **record,
        "outside": agencies_for(request.school, record["steps"]["outside"]),
        "act": act,
        "form": form,
        "readers": form.readers if form else concerns.readers(concern),
        "linked": concerns.linked(concern, by),
        "is_mine": concern.lead_id == by.pk,
    }
    status = 409 if form is not None and form.twice else 200
    return render(request, "incidents/concern_detail.html", context, status=status)
