"""The school's words and rules."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from core.errors import DomainError
from schools import presenters, selectors, services
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.forms import RuleForm, WordForm


@school_view(Permission.SETTINGS_MANAGE)
def setup(request: SchoolRequest) -> HttpResponse:
    """The school's words and rules, each with its default."""
    return render(request, "schools/setup.html", presenters.setup(request.school))


@school_view(Permission.SETTINGS_MANAGE, methods=("GET", "POST"))
def word_edit(request: SchoolRequest, key: str) -> HttpResponse:
    """The school's own word for one term."""
    if key not in selectors.default_words():
        raise Http404
    form = WordForm(
        request.POST or None, school=request.school, initial={"text": selectors.word(request.school, key)}
    )
    if request.method == "POST" and form.is_valid():
        services.set_word(request.school, key, form.cleaned_data["text"], by=request.membership)
        messages.success(request, "Saved. Pages, e-mails and PDFs use it from now on.")
        return redirect("schools:setup", request.school.slug)
    return render(request, "schools/word_edit.html", {"form": form, "what": selectors.word_meanings()[key]})


@school_view(Permission.SETTINGS_MANAGE, methods=("GET", "POST"))
def rule_edit(request: SchoolRequest, key: str) -> HttpResponse:
    """The school's answer to one rule."""
    question = selectors.rule_questions().get(key)
    if question is None:
        raise Http404
    words, answer = selectors.vocabulary(request.school), selectors.rule(request.school, key)
    form = RuleForm(
        request.POST or None, school=request.school, question=question, words=words, initial={"value": answer}
    )
    if request.method == "POST" and form.is_valid():
        value, source = str(form.cleaned_data["value"]), form.cleaned_data["source"]
        try:
            services.set_rule(request.school, key, value, by=request.membership, source=source)
        except DomainError as error:
            form.add_error("value", str(error))
        else:
            messages.success(request, "Saved.")
            return redirect("schools:setup", request.school.slug)
    context = {
        "form": form,
        "question": selectors.fill(question.question, words),
        "why": question.why,
        "source": question.source,
        "acts": question.acts,
    }
    return render(request, "schools/rule_edit.html", context)
