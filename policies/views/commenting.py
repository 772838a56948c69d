"""Consultations, for members who are asked: the draft, and what they think of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError
from policies import services
from policies.forms.consultation import CommentForm
from policies.models import Consulted
from policies.presenters import consultation as presenters
from policies.selectors.consultation import clause_in, draft_of, taking_part
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


def _mine(request: SchoolRequest, pk: UUID) -> Consulted:
    return get_object_or_404(taking_part(request.membership), consultation_id=pk)


@school_view(Permission.POLICY_READ)
def consultation_read(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The draft with the member's own comments; each clause leads to where one is written."""
    mine = _mine(request, pk)

    def address(clause: UUID | None) -> str:
        return _address(request, pk, clause)

    page = presenters.draft_page(mine, *draft_of(mine), address)
    return render(request, "policies/consultation_read.html", {"version": page["version"], "page": page})


def _address(request: SchoolRequest, pk: UUID, clause: UUID | None) -> str:
    name = "comment_clause" if clause else "comment_whole"
    return reverse(f"policies:{name}", args=[request.school.slug, pk, *filter(None, [clause])])


@school_view(Permission.POLICY_READ, methods=("GET", "POST"))
def comment_write(request: SchoolRequest, pk: UUID, clause: UUID | None = None) -> HttpResponse:
    """Takes, changes or takes back what a member thinks of a clause, or of the whole."""
    mine = _mine(request, pk)
    sections, comments = draft_of(mine)
    about = clause_in(sections, clause)
    if clause and about is None and mine.consultation.closed_at is None:
        raise Http404  # once it is closed, the form says so and keeps what was typed
    said = comments.get(clause)
    form = CommentForm(
        request.POST or None, school=request.school, initial={"text": said.text if said else ""}
    )
    anchor = about.anchor if about else "whole"
    back = f"{reverse('policies:consultation_read', args=[request.school.slug, pk])}#{anchor}"
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            kept = services.say(mine, clause=clause, text=form.cleaned_data["text"], by=request.membership)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "Your comment is saved." if kept else "Your comment is taken back.")
            return redirect(back)
    page = presenters.comment_page(mine, about, back)
    return render(request, "policies/comment_write.html", {"form": form, **page})
