"""The short check of understanding: its questions, for those who write policies; answering them, for those who read."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from policies import presenters, selectors, services
from policies.forms.questions import AnswersForm, QuestionsForm
from policies.models import PolicyVersion
from policies.selectors.questions import clauses_by_id, own_acknowledgement, questions_of
from policies.views.saving import saved
from schools.access import SchoolRequest, school_view
from schools.enums import Permission


@school_view(Permission.POLICY_MANAGE, methods=("GET", "POST"))
def policy_questions(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Writes what is asked after reading."""
    policy = get_object_or_404(request.school.policies.select_related("school"), pk=pk)
    version = selectors.version_to_read(policy, request.membership)
    form = QuestionsForm(
        request.POST or None,
        school=request.school,
        clauses=selectors.clause_choices(version) if version else [],
        initial=presenters.questions_initial(policy),
    )
    form.cancel_url = policy.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        save = partial(services.set_questions, policy, form.questions(), by=request.membership)
        if saved(policy, form, save):
            messages.success(request, "Saved the questions.")
            return redirect(policy)
    return render(request, "policies/policy_questions.html", {"form": form, "policy": policy})


@school_view(Permission.POLICY_READ, methods=("GET", "POST"))
def version_questions(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """A member answers a few questions about what they have read, as often as it takes."""
    version = get_object_or_404(selectors.visible_versions(request.membership), pk=pk)
    questions = questions_of(version.policy)
    given = own_acknowledgement(version, request.membership)
    if not questions or given is None or given.passed_at:
        return redirect(version)
    form = AnswersForm(request.POST or None, school=request.school, questions=questions)
    form.cancel_url, form.cancel_label = version.get_absolute_url(), "Later"
    if request.method == "POST" and form.is_valid() and _answered(request, version, form):
        messages.success(request, "All right. Thank you for reading it well.")
        return redirect(version)
    return render(request, "policies/version_questions.html", {"form": form, "version": version})


def _answered(request: SchoolRequest, version: PolicyVersion, form: AnswersForm) -> bool:
    """Whether all answers are right; else the form says at each wrong one where the answer stands."""
    questions = questions_of(version.policy)
    wrong = services.answer_questions(version, form.answers(), by=request.membership)
    clauses = clauses_by_id(version, questions)
    for place in wrong:
        clause = clauses.get(questions[place].clause)
        form.add_error(f"answer_{place}", presenters.not_quite(clause))
    return not wrong
