"""Parents without an account: their link as the office keeps it, and the pages that it leads to."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from policies import presenters, services
from policies.forms.readers import ContactEmailForm, ParentForm
from policies.selectors import parents
from policies.views.saving import saved_row, stamp
from policies.views.secret import live, secret_page
from schools import services as people
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.models import LearnerContact


def _contact(request: SchoolRequest, pk: UUID) -> LearnerContact:
    return get_object_or_404(request.school.learnercontacts.select_related("learner", "school"), pk=pk)


@school_view(Permission.POLICY_COLLECT, methods=("GET", "POST"))
def parent(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """A parent's e-mail address, and the link by which they agree."""
    contact = _contact(request, pk)
    form = ContactEmailForm(
        request.POST or None,
        school=request.school,
        initial={"email": contact.email or "", "seen": stamp(contact)},
    )
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if saved_row(contact, form, partial(people.set_contact_email, contact, email, by=request.membership)):
            messages.success(request, "Saved.")
            return redirect("policies:parent", request.school.slug, contact.pk)
    page = presenters.parent_page(contact, parents.links_of(request.school), parents.Reach(request.school))
    return render(request, "policies/parent.html", {"form": form, "contact": contact, **page})


@school_view(Permission.POLICY_COLLECT, methods=("POST",))
def parent_send(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Sends a parent a new link; the one before leads nowhere any more."""
    contact = _contact(request, pk)
    try:
        services.send_link(contact, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "A new link is on its way. The one before leads nowhere any more.")
    return redirect("policies:parent", request.school.slug, contact.pk)


@school_view(Permission.POLICY_COLLECT, methods=("POST",))
def parent_close(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Closes a parent's link."""
    contact = _contact(request, pk)
    services.close_link(contact, by=request.membership)
    messages.success(request, "The link is closed. They get a paper copy.")
    return redirect("policies:parent", request.school.slug, contact.pk)


# --- Behind the link --------------------------------------------------------------------------------------------------


@secret_page()
def parent_reading(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that the holder of a link is asked to read and agree to."""
    found = live(parents.behind_link(token))
    return render(request, "public/parent_reading.html", presenters.parent_reading(found, token))


@secret_page("POST")
def parent_policy(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """One policy to read, and agreeing to it."""
    found = live(parents.parent_text(token, pk))
    form = ParentForm(request.POST or None, agree=found.told.agree)
    if request.method == "POST" and form.is_valid() and _agreed(form, token, pk):
        return redirect("parent_reading", token)
    page: dict[str, Any] = {**presenters.parent_policy(found, token), "form": form}
    return render(request, "public/parent_policy.html", page)


def _agreed(form: ParentForm, token: str, pk: UUID) -> bool:
    try:
        return services.agree_by_link(token, pk, name=form.cleaned_data["name"])
    except DomainError as error:
        form.add_error(None, str(error))
        return False
