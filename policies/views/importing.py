"""From a file to a draft: upload, look over what was read, save."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError, SentBefore
from policies import presenters, selectors, services
from policies.forms import UploadForm
from policies.forms.importing import DraftForm
from policies.models import PolicyVersion, SourceFile
from policies.services import DraftDetails
from policies.views.downloads import attachment
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.services import FormDraft


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def document_upload(request: SchoolRequest) -> HttpResponse:
    """Takes a file and reads it; what cannot be read is refused with a sentence and not kept."""
    form = UploadForm(request.POST or None, request.FILES or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        upload, ref = form.cleaned_data["file"], form.cleaned_data["client_ref"]
        try:
            source = services.import_document(
                request.school, upload.read(), upload.name, by=request.membership, client_ref=ref
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect("policies:document_preview", slug=request.school.slug, pk=source.pk)
    return render(request, "policies/document_upload.html", {"form": form})


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def document_preview(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """What was read in one document of a file, beside its findings; saving makes a draft and leads to the next one."""
    source = get_object_or_404(request.school.sourcefiles.defer("content"), pk=pk)
    documents, position = source.reading["documents"], _position(request, source)
    if position is None:
        return redirect(_where_it_went(request, source))
    draft = FormDraft(request.school, request.user, f"policies.import.{source.pk}.{position}")
    data, typed = draft.begin(request.POST if request.method == "POST" else None)
    form = _form(request, documents[position], data, typed)
    form.let_stand(source.versions.select_related("policy").filter(source_position=position).first())
    form.form_action = f"{request.path}?document={position + 1}"
    form.cancel_url = _next_url(request, source, position)
    draft.watch(form)
    if data is not None and form.is_valid():
        try:
            version = _save(request, source, position, dict(form.cleaned_data))
        except SentBefore as error:
            sent = presenters.corrected(documents[position], form.cleaned_data)
            form.show_twice(*presenters.saved_first(error.first, sent, form))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            draft.drop()
            messages.success(request, f"“{version.title}” is saved as a draft, version {version.label}.")
            return redirect("policies:document_preview", slug=request.school.slug, pk=pk)
    page = presenters.preview(source, position, request.school)
    context = {"form": form, "source": source, **page}
    return render(request, "policies/document_preview.html", context, status=409 if form.twice else 200)


def _form(request: SchoolRequest, read: dict[str, Any], data: Any, typed: dict[str, Any]) -> DraftForm:
    """The form with what was read, and over it what was typed before."""
    policies = selectors.policy_choices(request.school)
    initial = presenters.draft_initial(read, policies)
    missing = presenters.not_found(initial)
    return DraftForm(
        data, school=request.school, policies=policies, missing=missing, initial={**initial, **typed}
    )


def _position(request: SchoolRequest, source: SourceFile) -> int | None:
    """The document asked for in the address (counted from 1), or the first that was not saved yet."""
    asked = request.GET.get("document", "")
    if asked.isdecimal() and len(asked) < 4:
        if not 1 <= int(asked) <= len(source.reading["documents"]):
            raise Http404
        return int(asked) - 1
    return next(iter(selectors.unsaved_documents(source)), None)


def _where_it_went(request: SchoolRequest, source: SourceFile) -> str:
    version = source.versions.select_related("school").order_by("source_position").last()
    return (
        version.get_absolute_url() if version else reverse("policies:policy_list", args=[request.school.slug])
    )


def _next_url(request: SchoolRequest, source: SourceFile, position: int) -> str:
    if position + 1 < len(source.reading["documents"]):
        return f"{request.path}?document={position + 2}"
    return reverse("policies:policy_list", args=[request.school.slug])


def _save(request: SchoolRequest, source: SourceFile, position: int, typed: dict[str, Any]) -> PolicyVersion:
    chosen = typed.pop("policy")
    policy = get_object_or_404(request.school.policies, pk=chosen) if chosen else None
    details = DraftDetails(**{name: typed[name] for name in DraftDetails.__dataclass_fields__})
    corrected = presenters.corrected(source.reading["documents"][position], typed)
    return services.save_draft(
        source, position, details, by=request.membership, policy=policy, corrected=corrected
    )


@school_view(Permission.POLICY_MANAGE)
def source_download(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The file as it was uploaded, as a download."""
    source = get_object_or_404(request.school.sourcefiles, pk=pk)
    return attachment(bytes(source.content), source.name)
