"""Where a person starts, finding learners, keeping what is typed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from schools import presenters, selectors, services
from schools.access import SchoolRequest, SignedInRequest, first_password_path, school_view
from schools.enums import Permission
from schools.models import School, Trust


@require_safe
def start(request: SignedInRequest) -> HttpResponse:
    """The person's school or trust, or the choice between several, and invitations to answer."""
    memberships = list(selectors.memberships_of(request.user))
    invitations = list(selectors.invitations_of(request.user))
    trusts = list(selectors.trusts_of(request.user))
    places: list[School | Trust] = [*(membership.school for membership in memberships), *trusts]
    if len(places) == 1 and not invitations:
        return redirect(places[0])
    return render(request, "schools/start.html", presenters.start(places, invitations))


@login_not_required
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads: a first password, or the sign-in; the answer is given once signed in."""
    found = services.read_invitation(token)
    if found is None:
        return render(request, "schools/invitation_gone.html", status=404)
    if request.user.is_authenticated:
        if request.user != found.user:
            return render(request, "schools/invitation_of_another.html", status=403)
        return redirect("schools:start")
    if found.user.has_usable_password():
        return redirect_to_login(reverse("schools:start"))
    return redirect(first_password_path(found.user))


@require_POST
def invitation_accept(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The person's own yes to a school."""
    found = get_object_or_404(selectors.invitations_of(request.user), pk=pk)
    services.accept_invitation(found, by=request.user)
    messages.success(request, f"You now belong to {found.school.name}.")
    return redirect(found.school)


@require_POST
def invitation_decline(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The person's own no."""
    found = get_object_or_404(selectors.invitations_of(request.user), pk=pk)
    services.decline_invitation(found, by=request.user)
    messages.success(request, f"You have declined the invitation of {found.school.name}.")
    return redirect("schools:start")


@school_view(Permission.LEARNER_FIND, methods=("POST",))
def learner_search(request: SchoolRequest) -> HttpResponse:
    """Learners whose name or class holds the words typed; a fragment for the picker.

    A form is sent, and not an address asked for, because addresses stand in the logs of every server on the way.
    """
    name = next((key.removesuffix("_query") for key in request.POST if key.endswith("_query")), "learners")
    query, chosen = request.POST.get(f"{name}_query", ""), request.POST.getlist(name)
    options = presenters.learner_options(request.school, query, chosen)
    context = {
        "name": name,
        "query": query,
        "options": options,
        "chosen": chosen,
        "multiple": "multiple" in request.GET,
    }
    return render(request, "schools/_learner_options.html", context)


@school_view(Permission.HOME, methods=("POST",))
def draft_save(request: SchoolRequest) -> HttpResponse:
    """Keeps what is typed so far. It comes by itself, so it does not count as activity."""
    token = request.POST.get("draft_token", "")
    kept = services.keep_draft(token, dict(request.POST.lists()), by=request.user)
    return HttpResponse(status=204 if kept else 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's safety token did not match, most often because the sign-in ended meanwhile; the text is kept."""
    kept = services.keep_draft(request.POST.get("draft_token", ""), dict(request.POST.lists()))
    return render(request, "errors/csrf.html", {"kept": kept}, status=403)
