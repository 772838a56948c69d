"""People of a school and their posts."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from core.errors import DomainError
from schools import presenters, selectors, services
from schools.access import SchoolRequest, school_view
from schools.enums import Permission
from schools.forms import MemberForm, PostForm
from schools.models import Membership


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
