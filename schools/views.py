"""Pages of tenancy: where a person starts, finding learners, keeping what is typed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from schools import presenters, selectors, services
from schools.access import SchoolRequest, SignedInRequest, first_password_path, school_view
from schools.enums import Permission
from schools.forms import MemberForm, PostForm, RuleForm, WordForm
from schools.models import Membership, School, Trust


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


@school_view(Permission.PEOPLE_MANAGE)
def member_list(request: SchoolRequest) -> HttpResponse:
    """Everybody who belongs to the school today or has been invited, with their posts."""
    rows = presenters.member_rows([*selectors.invited(request.school), *selectors.members(request.school)])
    return render(request, "schools/member_list.html", {"columns": presenters.MEMBER_COLUMNS, "rows": rows})


@school_view(Permission.PEOPLE_MANAGE, methods=("GET", "POST"), step_up=True)
def member_create(request: SchoolRequest) -> HttpResponse:
    """Invites a person and gives them their first post."""
    form = MemberForm(request.POST or None, school=request.school)
    if request.method == "POST" and form.is_valid():
        details = {name: form.cleaned_data[name] for name in ("email", "name", "role", "group", "job_title")}
        try:
            membership = services.invite_member(request.school, by=request.membership, **details)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Invited. They belong to the school once they have said yes.")
            return redirect("schools:member_detail", request.school.slug, membership.pk)
    return render(request, "schools/member_create.html", {"form": form})


@school_view(Permission.PEOPLE_MANAGE)
def member_detail(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """One person's posts, past and present."""
    return _member_page(request, _member(request, pk), PostForm(school=request.school))


@school_view(Permission.PEOPLE_MANAGE, methods=("POST",), step_up=True)
def post_give(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Gives a member another post."""
    member = _member(request, pk)
    form = PostForm(request.POST, school=request.school)
    if not form.is_valid():
        return _member_page(request, member, form)
    details = {name: form.cleaned_data[name] for name in ("role", "starts_on", "is_lead")}
    try:
        services.appoint(member, by=request.membership, **details)
        messages.success(request, "The post was given.")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("schools:member_detail", request.school.slug, member.pk)


@school_view(Permission.PEOPLE_MANAGE, methods=("POST",), step_up=True)
def post_end(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Ends a post; its rights are gone with the next request."""
    post = get_object_or_404(request.school.roleappointments, pk=pk)
    try:
        services.end_appointment(post, by=request.membership)
        messages.success(request, "The post has ended.")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("schools:member_detail", request.school.slug, post.membership_id)


@school_view(Permission.PEOPLE_MANAGE, methods=("POST",), step_up=True)
def member_end(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Ends a person's belonging to the school, or withdraws their invitation."""
    member = _member(request, pk)
    try:
        services.end_membership(member, by=request.membership)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("schools:member_detail", request.school.slug, member.pk)
    messages.success(request, "They no longer belong to the school.")
    return redirect("schools:member_list", request.school.slug)


@school_view(Permission.PEOPLE_MANAGE, methods=("POST",), step_up=True)
def member_invite_again(request: SchoolRequest, pk: UUID) -> HttpResponse:
    """Sends an invitation that waits once more."""
    member = _member(request, pk)
    try:
        services.send_invitation_again(member, by=request.membership)
        messages.success(request, "The invitation was sent again.")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("schools:member_detail", request.school.slug, member.pk)


def _member_page(request: SchoolRequest, member: Membership, form: PostForm) -> HttpResponse:
    posts = presenters.posts_of(member)
    form.form_action = reverse("schools:post_give", args=[request.school.slug, member.pk])
    return render(request, "schools/member_detail.html", {"member": member, "posts": posts, "form": form})


def _member(request: SchoolRequest, pk: UUID) -> Membership:
    return get_object_or_404(request.school.memberships.select_related("user", "school"), pk=pk)


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
