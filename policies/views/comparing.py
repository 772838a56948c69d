"""What changed between two versions of a policy."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from policies.forms import ChangesForm
from policies.models import PolicyVersion
from policies.permissions import may_open
from policies.presenters import comparing as presenters
from policies.selectors import comparing as selectors
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_READ)
def version_changes(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Compares a version with the one that `since` names, otherwise with the one before it, from old to new."""
    version = get_object_or_404(selectors.comparable_versions(request.membership), pk=pk)
    others = selectors.comparable_with(version, request.membership)
    since = _chosen(request.GET.get("since"), version, others)
    context: dict[str, object] = {"version": version}
    if since:
        old, new = sorted((version, since), key=lambda one: one.place)
        readable = [one for one in (old, new) if may_open(request.membership, one)]
        changes = selectors.changes_between(old, new)
        context |= presenters.changes_page(old, new, changes, readable)
        context["form"] = ChangesForm(presenters.version_choices(others), initial={"since": str(since.pk)})
    return render(request, "policies/version_changes.html", context)


def _chosen(
    since: str | None, version: PolicyVersion, others: list[selectors.Earlier]
) -> PolicyVersion | None:
    if since is None:
        return selectors.version_before(version, others)
    found = next((one.version for one in others if str(one.version.pk) == since), None)
    if found is None:
        raise Http404
    return found
