"""Logging a concern, its receipt, and what the reporter may follow."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError, SentBefore
from incidents import presenters, services
from incidents.enums import Route
from incidents.forms import AdultConcernForm, ConcernForm, adult_options
from incidents.selectors import concerns
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import agencies_for, vocabulary
from schools.services import FormDraft

DRAFTS = {Route.CHILD: "incidents.concern", Route.ADULT: "incidents.adult_concern"}
FORMS: dict[Route, type[ConcernForm]] = {Route.CHILD: ConcernForm, Route.ADULT: AdultConcernForm}


@school_view(Permission.CONCERN_LOG, methods=("GET", "POST"))
def concern_create(request: SchoolRequest) -> HttpResponse:
    """Logs a concern about a child."""
    return _create(request, Route.CHILD)


@school_view(Permission.CONCERN_LOG, methods=("GET", "POST"))
def adult_concern_create(request: SchoolRequest) -> HttpResponse:
    """Logs a concern about an adult who works or helps here."""
    return _create(request, Route.ADULT)


def _create(request: SchoolRequest, route: Route) -> HttpResponse:
    words = vocabulary(request.school)
    draft = FormDraft(request.school, request.user, DRAFTS[route])
    form = _form(request, route, words, draft)
    if form.is_bound and form.is_valid():
        report = services.NewConcern(**form.report())
        try:
            concern = services.log_concern(
                request.school, report, by=request.membership, client_ref=form.cleaned_data["client_ref"]
            )
        except SentBefore as error:
            form.show_twice(*presenters.sent_twice(error.first, report, words))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            draft.drop()
            return redirect("incidents:concern_receipt", request.school.slug, concern.pk)
    readers = concerns.first_readers(request.school, route)
    context = {
        "form": form,
        "is_adult": route == Route.ADULT,
        "readers_line": presenters.readers_line(readers, route, words),
        "on_duty": presenters.on_duty(readers, request.school.phone, words),
        "outside": agencies_for(request.school, presenters.OUTSIDE[route]),
    }
    return render(request, "incidents/concern_create.html", context, status=409 if form.twice else 200)


def _form(request: SchoolRequest, route: Route, words: dict[str, str], draft: FormDraft) -> ConcernForm:
    """The form with what was typed: sent now, or kept from before."""
    can_find = route == Route.ADULT or has_permission(request.membership, Permission.LEARNER_FIND)
    data, typed = draft.begin(request.POST if request.method == "POST" else None, search="people_find")
    form = FORMS[route](data, initial=typed, school=request.school, words=words, can_find=can_find)
    draft.watch(form)
    shown = form["people"].value() or []
    form.show_found(
        search_url=_search_url(request, route),
        query=request.POST.get("people_query", typed.get("people_query", "")),
        chosen=[shown] if isinstance(shown, str) else shown,
    )
    return form


def _search_url(request: SchoolRequest, route: Route) -> str:
    name = "schools:learner_search" if route == Route.CHILD else "incidents:adult_search"
    return f"{reverse(name, args=[request.school.slug])}?multiple=1"


@school_view(Permission.CONCERN_LOG, methods=("POST",))
def adult_search(request: SchoolRequest) -> HttpResponse:
    """Members of the school whose name or job holds the words typed; a fragment for the picker."""
    chosen, query = request.POST.getlist("people"), request.POST.get("people_query", "")
    context = {
        "name": "people", "id": "id_people", "query": query, "chosen": chosen, "multiple": "multiple" in request.GET,
        "options": adult_options(request.school, query, chosen),
    }  # fmt: skip
    return render(request, "components/picker_options.html", context)


@school_view(Permission.CONCERN_LOG)
def concern_receipt(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """That a concern was received, and what happens next; made to be printed."""
    concern = get_object_or_404(concerns.own(request.membership), pk=pk)
    words = vocabulary(request.school)
    recipients = concerns.told(concern)
    context = {
        "concern": concern,
        "is_adult": concern.route == Route.ADULT,
        "next": presenters.what_happens_next(concern, recipients, words),
        "lines": [{"label": "From", "value": request.membership.name}],
        "on_duty": presenters.on_duty(recipients, request.school.phone, words),
    }
    return render(request, "incidents/concern_receipt.html", context)


@school_view(Permission.CONCERN_LOG)
def own_list(request: SchoolRequest) -> HttpResponse:
    """What this member has reported, and whether it was read and closed."""
    rows = [
        {"concern": concern, "progress": presenters.progress(concern), "has_reply": concern.has_reply}
        for concern in concerns.own_with_replies(request.membership)
    ]
    return render(request, "incidents/own_list.html", {"rows": rows})


@school_view(Permission.CONCERN_LOG, reads="concern_reply.read")
def own_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Where one's own concern stands and what was written back; nothing else."""
    concern = get_object_or_404(concerns.own(request.membership), pk=pk)
    context = {
        "concern": concern,
        "is_adult": concern.route == Route.ADULT,
        "progress": presenters.progress(concern),
        "replies": concerns.replies(concern).select_related("author"),
    }
    return render(request, "incidents/own_detail.html", context)
