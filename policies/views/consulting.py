"""Consultations, for those who ask: opened, read, answered and closed."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.errors import DomainError
from core.pdf import render_pdf
from policies import selectors, services
from policies.forms.consultation import AnswerForm, AskMoreForm, ConsultForm, UnansweredForm, WordForm
from policies.models import Comment, Consultation
from policies.presenters import consultation as presenters
from policies.presenters import file_name
from policies.selectors.consultation import came_of, readable_consultations
from policies.views.downloads import attachment
from policies.views.saving import saved_row, stamp
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.permissions import has_permission
from schools.selectors import members, post_names

STEP = "policies/version_step.html"


def _consultation(request: SchoolRequest, pk: UUID) -> Consultation:
    return get_object_or_404(readable_consultations(request.membership), pk=pk)


def _results(consultation: Consultation) -> HttpResponse:
    return redirect("policies:consultation_detail", slug=consultation.version.school.slug, pk=consultation.pk)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def consultation_open(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Asks people what they think of a draft."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    people = members(request.school)
    form = ConsultForm(
        request.POST or None,
        school=request.school,
        initial={"revision": version.revision},
        posts=post_names(request.school),
        people=list(people),
    )
    form.cancel_url = version.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("question", "until", "posts")}
        chosen = [one for one in people if str(one.pk) in form.cleaned_data["members"]]
        version.revision = form.cleaned_data["revision"]
        try:
            made = services.open_consultation(version, by=request.membership, members=chosen, **said)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"“{version.title}” is out for consultation.")
            return _results(made)
    return render(request, STEP, {"form": form, "version": version, **presenters.CONSULTING})


@school_view(Permission.POLICY_RECORD)
def consultation_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """What was asked, of whom, what came and what was done about it."""
    return render(request, "policies/consultation_detail.html", _page(request, pk))


@school_view(Permission.POLICY_RECORD, reads="consultation.exported")
def consultation_pdf(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """The same to print and to keep."""
    page = presenters.results_page(came_of(_consultation(request, pk)), may_manage=False)
    pdf = render_pdf("pdf/consultation.html", {**page, "school": request.school}, title="Consultation")
    name = file_name(page["version"]).replace(".pdf", "-consultation.pdf")
    return attachment(pdf, name, "application/pdf")


def _page(request: SchoolRequest, pk: UUID) -> dict[str, Any]:
    may_manage = has_permission(request.membership, Permission.POLICY_MANAGE)
    return presenters.results_page(came_of(_consultation(request, pk)), may_manage=may_manage)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def consultation_ask(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Asks further members while a consultation runs."""
    consultation = _consultation(request, pk)
    people = list(members(request.school).exclude(consulted_about__consultation=consultation))
    form = AskMoreForm(request.POST or None, school=request.school, people=people)
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in people if str(one.pk) in form.cleaned_data["members"]]
        try:
            count = services.ask_more(consultation, chosen, by=request.membership)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, f"{count} more {'is' if count == 1 else 'are'} asked.")
            return _results(consultation)
    return _step(request, consultation, form, presenters.ASKING_MORE)


@school_view(Permission.POLICY_MANAGE, methods=("POST",))
def consultation_close(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Ends a consultation; the version is a draft again."""
    consultation = _consultation(request, pk)
    try:
        services.close_consultation(consultation, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The consultation is closed. The version is a draft again.")
    return _results(consultation)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def consultation_word(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Enters what people said another way."""
    consultation = _consultation(request, pk)
    clauses = selectors.clause_choices(consultation.version)
    form = WordForm(request.POST or None, school=request.school, clauses=clauses)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "stake", "text")}
        clause = form.cleaned_data["clause"]
        said["clause"] = UUID(clause) if clause else None
        try:
            services.record_word(consultation, by=request.membership, **said)
        except DomainError as error:
            form.add_error(error.about, str(error))
        else:
            messages.success(request, "Entered.")
            return _results(consultation)
    return _step(request, consultation, form, presenters.ENTERING)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def consultation_unanswered(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Says why comments stay without an answer."""
    consultation = _consultation(request, pk)
    start = {"reason": consultation.unanswered_reason, "seen": stamp(consultation)}
    form = UnansweredForm(request.POST or None, school=request.school, initial=start)
    if request.method == "POST" and form.is_valid():
        said = {"reason": form.cleaned_data["reason"]}
        save = partial(services.leave_unanswered, consultation, by=request.membership, **said)
        if saved_row(consultation, form, save):
            messages.success(request, "Saved. The version can go on.")
            return _results(consultation)
    return _step(request, consultation, form, presenters.UNANSWERED)


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def comment_answer(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Says what was done about a comment, and why."""
    comments = request.school.comments.select_related("consulted__member")  # type: ignore[attr-defined]
    comment: Comment = get_object_or_404(comments, pk=pk)
    consultation = _consultation(request, comment.consulted.consultation_id)
    start = {"answer": comment.answer, "reason": comment.reason, "seen": stamp(comment)}
    form = AnswerForm(request.POST or None, school=request.school, initial=start)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("answer", "reason")}
        if saved_row(comment, form, partial(services.answer_comment, comment, by=request.membership, **said)):
            messages.success(request, "Saved.")
            return _results(consultation)
    lead = f"What {comment.consulted.called} said of {comment.about or 'the policy as a whole'}"
    page = {"heading": "Answer a comment", "lead": lead, "quote": comment.text}
    return _step(request, consultation, form, page)


def _step(
    request: SchoolRequest, consultation: Consultation, form: Any, page: dict[str, str]
) -> HttpResponse:
    form.cancel_url = _results(consultation).url  # type: ignore[attr-defined]
    return render(request, STEP, {"form": form, "version": consultation.version, **page})
