"""Consultations by link: people without an account as those who ask see them, and the pages that their link leads to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError
from policies import services
from policies.forms.consultation import GuestCommentForm, GuestForm
from policies.models import Consulted
from policies.presenters import consultation as presenters
from policies.selectors.consultation import clause_in, draft_of, readable_consultations
from policies.selectors.guests import guest_of
from policies.views.secret import live, secret_page
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def guest_invite(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Asks a person without an account."""
    consultation = get_object_or_404(readable_consultations(request.membership), pk=pk)
    results = reverse("policies:consultation_detail", args=[request.school.slug, pk])
    form = GuestForm(request.POST or None, school=request.school)
    form.cancel_url = results
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "email", "stake")}
        try:
            services.invite_guest(consultation, by=request.membership, **said)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "Their link is on its way.")
            return redirect(results)
    page = {"form": form, "version": consultation.version, **presenters.INVITING}
    return render(request, "policies/version_step.html", page)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def guest_remove(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Takes a link back; what came by it stays."""
    guests = request.school.consulteds.filter(member=None)  # type: ignore[attr-defined]
    guest: Consulted = get_object_or_404(guests, pk=pk)
    services.remove_guest(guest, by=request.membership)
    messages.success(request, "The link leads nowhere any more. What came by it stays.")
    return redirect("policies:consultation_detail", slug=request.school.slug, pk=guest.consultation_id)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def consultation_remind(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Reminds everybody who has not answered."""
    consultation = get_object_or_404(readable_consultations(request.membership), pk=pk)
    try:
        count = services.remind_silent(consultation, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{count} who have not answered are reminded, each once a day at most.")
    return redirect("policies:consultation_detail", slug=request.school.slug, pk=pk)


# --- Behind the link --------------------------------------------------------------------------------------------------


@secret_page()
def guest_draft(request: HttpRequest, token: str) -> HttpResponse:
    """The draft that the holder of a link is asked about, with what they have said of it."""
    with guest_of(token) as found:
        guest = live(found)
        page = presenters.draft_page(guest, *draft_of(guest), lambda clause: _address(token, clause))
        context = {"page": page, "version": page["version"], "school": page["version"].school}
        return render(request, "public/consultation.html", context)


def _address(token: str, clause: UUID | None) -> str:
    return reverse("guest_clause", args=[token, clause]) if clause else reverse("guest_whole", args=[token])


@secret_page("POST")
def guest_comment(request: HttpRequest, token: str, clause: UUID | None = None) -> HttpResponse:
    """Takes, changes or takes back what the holder of a link thinks."""
    with guest_of(token) as found:
        return _comment(request, token, live(found), clause)


def _comment(request: HttpRequest, token: str, guest: Consulted, clause: UUID | None) -> HttpResponse:
    sections, comments = draft_of(guest)
    about, said = clause_in(sections, clause), comments.get(clause)
    if clause and about is None:
        raise Http404
    back = f"{reverse('guest_draft', args=[token])}#{about.anchor if about else 'whole'}"
    form = GuestCommentForm(request.POST or None, initial={"text": said.text if said else ""})
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            services.say(guest, clause=clause, text=form.cleaned_data["text"])
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            return redirect(back)
    page = presenters.comment_page(guest, about, back)
    context = {"form": form, "school": page["version"].school, **page}
    return render(request, "public/consultation_comment.html", context)
