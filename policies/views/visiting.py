"""Visitors: who is on site and which tablets are open, for the office; and the pages of a tablet, for whoever comes."""

from __future__ import annotations

import time
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError
from policies import presenters, services
from policies.enums import VisitorKind
from policies.forms.visiting import ArrivalForm, DeskForm
from policies.selectors import visiting
from policies.views.secret import live, secret_page, show_once, shown_once
from schools.access import SchoolRequest, school_view
from schools.enums import Permission

BACK_AFTER = {"start": 3600, "arrival": 300, "policy": 1200, "done": 12}
"""Seconds after which each page of a tablet goes back to its start by itself."""

SAME_PERSON = 15
"""Seconds in which a refused form that comes again was sent twice by the same person."""

CLOSED = "public/desk_closed.html"


@school_view(Permission.POLICY_COLLECT)
def visitor_list(request: SchoolRequest) -> HttpResponse:
    """Who is on site, to read or to print; who left today; the tablets."""
    return _page(request, DeskForm(school=request.school), shown_once(request, "desk"))


@school_view(Permission.POLICY_COLLECT, methods=("POST",))
def desk_open(request: SchoolRequest) -> HttpResponse:
    """Makes an address for a tablet; the page that follows shows it this once."""
    form = DeskForm(request.POST, school=request.school)
    if not form.is_valid():
        return _page(request, form)
    token = services.open_desk(form.cleaned_data["place"], by=request.membership)
    show_once(request, "desk", f"{settings.PUBLIC_URL}{reverse('desk', args=[token])}")
    return redirect("policies:visitor_list", request.school.slug)


@school_view(Permission.POLICY_COLLECT, methods=("POST",))
def desk_close(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Closes a tablet."""
    services.close_desk(get_object_or_404(request.school.desks, pk=pk), by=request.membership)
    messages.success(request, "Closed. The tablet leads nowhere any more.")
    return redirect("policies:visitor_list", request.school.slug)


@school_view(Permission.POLICY_COLLECT, methods=("POST",))
def visit_leave(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Signs a visitor out."""
    services.sign_out_visitor(get_object_or_404(request.school.visits, pk=pk), by=request.membership)
    messages.success(request, "Signed out.")
    return redirect("policies:visitor_list", request.school.slug)


def _page(request: SchoolRequest, form: DeskForm, address: str = "") -> HttpResponse:
    school = request.school
    form.form_action = reverse("policies:desk_open", args=[school.slug])
    context = {
        "form": form,
        "address": address,
        "now": timezone.now(),
        "rows": presenters.visit_rows(visiting.on_site(school), school.slug),
        "gone": presenters.visit_rows(visiting.left_today(school), school.slug),
        "desks": visiting.open_desks(school),
    }
    return render(request, "policies/visitor_list.html", context)


# --- On the tablet ----------------------------------------------------------------------------------------------------


@secret_page(gone=CLOSED)
def desk(request: HttpRequest, token: str) -> HttpResponse:
    """The start of a tablet: as what somebody comes."""
    found = live(visiting.at_desk(token))
    page = render(request, "public/desk.html", presenters.desk_start(found, token))
    return _back(page, token, "start")


@secret_page("POST", gone=CLOSED)
def desk_arrival(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    """A visitor says who they are and agrees."""
    found = live(visiting.at_desk(token, kind) if kind in VisitorKind.values else None)
    form = ArrivalForm(
        request.POST or None, school=found.school, agree=found.told.agree, asks_car=found.asks_car
    )
    if request.method == "POST":
        if form.is_valid() and _signed_in(form, token, VisitorKind(kind)):
            return redirect("desk_done", token)
        if _sent_long_before(form):
            return redirect("desk_arrival", token, kind)
        form.put(client_ref=uuid4())
    page = {**presenters.desk_arrival(found, token, VisitorKind(kind)), "form": form}
    return _back(render(request, "public/desk_arrival.html", page), token, "arrival")


@secret_page(gone=CLOSED)
def desk_policy(request: HttpRequest, token: str, kind: str, pk: UUID) -> HttpResponse:
    """One policy to read on the tablet."""
    found = live(visiting.desk_text(token, kind, pk) if kind in VisitorKind.values else None)
    page = presenters.desk_policy(found, token, VisitorKind(kind))
    return _back(render(request, "public/desk_policy.html", page), token, "policy")


@secret_page(gone=CLOSED)
def desk_done(request: HttpRequest, token: str) -> HttpResponse:
    """Thanks, without a word of what was said, and back to the start."""
    found = live(visiting.at_desk(token))
    page = {"school": found.school, "start": reverse("desk", args=[token])}
    return _back(render(request, "public/desk_done.html", page), token, "done")


def _sent_long_before(form: ArrivalForm) -> bool:
    """Whether this very form was refused a while ago: then somebody else reloads, and must not see what was typed."""
    ref, now = form.data.get("client_ref", ""), time.time()
    name = f"desk_refused:{sha256(ref.encode()).hexdigest()}"
    first = cache.get_or_set(name, now, BACK_AFTER["start"]) if ref else now
    return now - float(first or now) > SAME_PERSON


def _signed_in(form: ArrivalForm, token: str, kind: VisitorKind) -> bool:
    said = {
        name: " ".join(form.cleaned_data.get(name, "").split()) for name in ("name", "company", "host", "car")
    }
    try:
        return services.sign_in_visitor(
            token, services.Arrival(kind, **said), client_ref=form.cleaned_data["client_ref"]
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return False


def _back(response: HttpResponse, token: str, page: str) -> HttpResponse:
    """By a header, so that it needs no script; a page that is left standing shows nothing of whoever stood there."""
    response["Refresh"] = f"{BACK_AFTER[page]}; url={reverse('desk', args=[token])}"
    return response
