"""Beginning a policy or a new version of one, and taking a version away as a Word file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError
from policies import selectors, services
from policies.enums import VersionState
from policies.forms.writing import PolicyForm
from policies.presenters import writing as presenters
from policies.selectors import exporting
from policies.selectors.outlines import starting_points
from policies.services import DraftDetails
from policies.views.downloads import attachment
from schools.access import SchoolRequest, school_view
from schools.enums import Permission

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def policy_create(request: SchoolRequest) -> HttpResponse:
    """Begins a new policy, to be written here."""
    outlines = starting_points(request.school)
    chosen = request.GET.get("outline", "")
    begun = outlines.get(chosen)
    form = PolicyForm(
        request.POST or None,
        school=request.school,
        outlines=outlines,
        initial={"outline": chosen, **({"title": begun.title, "kind": begun.kind} if begun else {})},
    )
    form.cancel_url = reverse("policies:policy_list", args=[request.school.slug])
    if request.method == "POST" and form.is_valid():
        names = ("title", "kind", "owner_role", "audience")
        details = DraftDetails(**{name: form.cleaned_data[name] for name in names})
        try:
            outline = outlines.get(form.cleaned_data["outline"])
            version = services.start_policy(request.school, details, by=request.membership, outline=outline)
        except DomainError as error:
            form.add_error("title", str(error))
        else:
            return redirect("policies:version_write", slug=request.school.slug, pk=version.pk)
    return render(request, "policies/policy_create.html", {"form": form})


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def policy_revise(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Begins a new version of a policy; where somebody has begun one, leads to that."""
    policy = get_object_or_404(request.school.policies, pk=pk)
    version = services.start_version(policy, by=request.membership)
    if version.state == VersionState.DRAFT:
        return redirect("policies:version_write", slug=request.school.slug, pk=version.pk)
    messages.info(request, f"Version {version.number} is being prepared already, and its text rests.")
    return redirect("policies:version_detail", slug=request.school.slug, pk=version.pk)


@school_view(Permission.POLICY_MANAGE)
def version_word(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """A version as a Word file, as a download; read in again it is the same."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    return attachment(exporting.word_file(version), presenters.word_name(version), WORD)
