"""A member's own calendar address, and the calendar that it leads to."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from policies import selectors, services
from policies.exports import calendar_file
from policies.views.secret import live, secret_page, show_once, shown_once
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_READ)
def calendar(request: SchoolRequest) -> HttpResponse:
    """What the calendar would hold, and whether there is an address for it."""
    page = {"feed": selectors.feed_of(request.membership), "days": selectors.due_days(request.membership)}
    address = shown_once(request, "calendar")
    return render(request, "policies/calendar.html", {**page, "address": address})


@school_view(Permission.POLICY_READ, methods=("POST",))
def calendar_renew(request: SchoolRequest) -> HttpResponse:
    """Makes the address, or a new one; the page that follows shows it this once."""
    token = services.renew_calendar(by=request.membership)
    show_once(request, "calendar", f"{settings.PUBLIC_URL}{reverse('calendar_file', args=[token])}")
    return redirect("policies:calendar", request.school.slug)


@school_view(Permission.POLICY_READ, methods=("POST",))
def calendar_close(request: SchoolRequest) -> HttpResponse:
    """Closes the address."""
    services.close_calendar(by=request.membership)
    messages.success(request, "The address is closed. Calendars that used it will show nothing new.")
    return redirect("policies:calendar", request.school.slug)


@secret_page()
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address, for the calendar program that asks for it."""
    days = live(selectors.calendar_of(token))
    content = calendar_file(days, address=settings.PUBLIC_URL, now=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
