"""What every page knows: the school, its words, and the navigation that this person may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.addresses import address
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import vocabulary

NAVIGATION = (
    ("Home", "reports:home", "home", Permission.HOME),
    ("Log a concern", "incidents:concern_create", "plus", Permission.CONCERN_LOG),
    ("Concerns", "incidents:concern_list", "inbox", Permission.CONCERN_READ),
    ("Find a child", "reports:child_find", "search", Permission.CONCERN_READ),
    ("Concerns about adults", "incidents:adult_concern_list", "shield", Permission.STAFF_CONCERN_READ),
    ("My concerns", "incidents:own_list", "message-square-warning", Permission.CONCERN_LOG),
    (
        "My actions",
        "reports:action_list",
        "list-checks",
        Permission.CONCERN_READ,
        Permission.STAFF_CONCERN_READ,
    ),
    ("Devices", "devices:desk", "phone", Permission.DEVICE_DESK),
    ("Policies", "policies:policy_list", "book", Permission.POLICY_READ),
    ("Registers", "registers:index", "clipboard", Permission.REGISTER_READ),
    ("Term report", "reports:report_list", "chart", Permission.REPORT_READ),
    ("Outside contacts", "schools:agency_list", "telephone", Permission.HOME),
    ("People", "schools:member_list", "people", Permission.PEOPLE_MANAGE),
    ("Set-up", "schools:setup", "gear", Permission.SETTINGS_MANAGE),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """`school`, `words`, `navigation` and `idle` for base.html; `demo` where the demonstration runs."""
    membership = getattr(request, "membership", None)
    if membership is None:
        return {"demo": settings.DEMO}
    school = membership.school
    return {
        "demo": settings.DEMO,
        "school": school,
        "membership": membership,
        "words": SimpleLazyObject(lambda: vocabulary(school)),
        "navigation": [entry for row in NAVIGATION if (entry := _entry(request, membership, *row))],
        "idle": {"minutes": request.session.get("idle_minutes", settings.IDLE_MINUTES)},
    }


def _entry(
    request: HttpRequest, membership: Any, label: str, name: str, icon: str, *permissions: Permission
) -> dict[str, Any] | None:
    if not any(has_permission(membership, one) for one in permissions):
        return None
    url = address(name, membership.school.slug)
    current = request.path == url or (name != "reports:home" and request.path.startswith(url))
    return {"label": label, "url": url, "icon": icon, "current": current}
