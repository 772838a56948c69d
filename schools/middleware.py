"""Session limits, text that outlives a sign-in, and the school of a request."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from core import scope
from schools import services
from schools.access import ask_for_second_factor, has_second_factor, resume_post
from schools.models import Membership
from schools.permissions import needs_second_factor
from schools.selectors import live_membership, rule_number

GetResponse = Callable[[HttpRequest], HttpResponse]
SCHOOL_PATH = re.compile(r"^/s/([-a-zA-Z0-9_]+)/")


class SessionLimitsMiddleware:
    """Ends a session after idle minutes and, whatever happens, after some hours. Polling and autosave are no activity."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        started = session.setdefault("started", now)
        idle = now - session.get("active", now)
        limit = session.get("idle_minutes", settings.IDLE_MINUTES) * 60
        if idle > limit or now - started > settings.SESSION_HOURS * 3600:
            logout(request, show_message=False)
        elif "X-Background" not in request.headers and (idle > 30 or "active" not in session):
            session["active"] = now
        response = self.get_response(request)
        if not request.user.is_authenticated:
            response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response


class KeepTypedTextMiddleware:
    """A form that arrives after the sign-in has ended is kept for the person it belongs to."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Keeps the text and asks for the sign-in, which leads back to the form."""
        token = request.POST.get("draft_token") if request.method == "POST" else None
        if (
            token
            and not request.user.is_authenticated
            and services.keep_draft(token, dict(request.POST.lists()))
        ):
            # What a page sends by itself has no page to lead back to.
            return (
                HttpResponse(status=204)
                if "X-Background" in request.headers
                else redirect_to_login(request.path)
            )
        return None


class SchoolMiddleware:
    """Finds the school of the address and the person's live membership; strangers get the page of a wrong address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match = SCHOOL_PATH.match(request.path)
        if not request.user.is_authenticated:
            return self.get_response(request)
        if not match:
            with scope.acting(user=request.user.pk):
                return self.get_response(request)
        with scope.acting(user=request.user.pk):
            membership = live_membership(request.user, match[1])
        if membership is None:
            raise Http404
        request.membership, request.school = membership, membership.school  # type: ignore[attr-defined]
        _keep_idle_minutes(request, membership)
        if needs_second_factor(membership.roles) and not has_second_factor(request):
            return ask_for_second_factor(request)
        resume_post(request)
        with scope.acting(schools=[membership.school_id], user=request.user.pk):
            return self.get_response(request)


def _keep_idle_minutes(request: HttpRequest, membership: Membership) -> None:
    """Holds the session to the school's own idle minutes: never longer than the hub's, nor than in a school visited before.

    The rule is read on entering a school and whenever the session is stored anyway, at most twice a minute, so that
    most pages cost no query for it. What a school lengthens again holds from the next sign-in.
    """
    session, school = request.session, str(membership.school_id)
    if session.get("idle_asked_of") == school and not session.modified:
        return
    narrative = needs_second_factor(membership.roles)
    most = settings.IDLE_MINUTES_NARRATIVE if narrative else settings.IDLE_MINUTES
    with scope.acting(schools=[membership.school_id], user=membership.user_id), scope.reading():
        own = rule_number(membership.school, "idle_minutes_narrative" if narrative else "idle_minutes")
    session["idle_asked_of"] = school
    session["idle_minutes"] = min(most, own, session.get("idle_minutes", most))
