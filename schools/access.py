"""The only gate: a view is reached through the school, with the permission, and its reads are audited."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from core import audit, crypto
from schools import services
from schools.enums import Permission
from schools.models import Membership, School, User
from schools.permissions import has_permission
from schools.selectors import user_by_id

View = Callable[..., HttpResponse]
SIGN_IN = audit.Job("sign-in")
SUSPENDED = "suspended_form"


class SignedInRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User  # type: ignore[assignment]


class SchoolRequest(SignedInRequest):
    """A request inside a school, as views receive it."""

    school: School
    membership: Membership
    htmx: Any


@dataclass(frozen=True)
class Gate:
    """What stands before a view; the access matrix and docs/permissions.md are made from these."""

    permission: Permission
    methods: tuple[str, ...]
    reads: str
    step_up: bool


def school_view(
    permission: Permission, *, methods: tuple[str, ...] = ("GET",), reads: str = "", step_up: bool = False
) -> Callable[[View], View]:
    """Lets a member with the permission through; 403 to other members, decided before any object is looked up.

    `reads` names the audit action of a page that shows what somebody wrote about another person: one entry is
    appended after the page was made, in its transaction, and without the entry there is no page. `step_up` asks for a
    second factor given in the last minutes.
    """
    gate = Gate(permission, methods, reads, step_up)

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: SchoolRequest, *, slug: str, **kwargs: Any) -> HttpResponse:
            gate: Gate = gated.gate  # type: ignore[attr-defined]
            refusal = _refusal(request, gate)
            if refusal is not None:
                return refusal
            response = view(request, **kwargs)
            if gate.reads and response.status_code in (200, 409):
                _record_read(request, gate.reads, kwargs)
            return response

        gated.gate = gate  # type: ignore[attr-defined]
        return gated

    return decorate


def _refusal(request: SchoolRequest, gate: Gate) -> HttpResponse | None:
    """The answer of a closed gate; None where it opens. Decided before any object is looked up."""
    if not has_permission(request.membership, gate.permission):
        return render(request, "errors/403.html", {"permission": gate.permission}, status=403)
    allowed = (*gate.methods, "HEAD") if "GET" in gate.methods else gate.methods
    if request.method not in allowed:
        return HttpResponseNotAllowed(allowed)
    if gate.step_up and not stepped_up(request):
        return ask_for_second_factor(request)
    return None


def _record_read(request: SchoolRequest, action: str, kwargs: dict[str, Any]) -> None:
    target = audit.Reference(action.partition(".")[0], kwargs.get("pk", ""))
    with transaction.atomic(savepoint=False):  # no entry, no page: there is nothing to go back to
        audit.record(action, by=request.membership, school_id=request.school.pk, target=target)


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened or raised with a second factor."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def stepped_up(request: HttpRequest) -> bool:
    """Whether a second factor was given within the last STEP_UP_MINUTES."""
    return _given_lately(request, ("mfa",))


def _given_lately(request: HttpRequest, methods: tuple[str, ...]) -> bool:
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records if record.get("method") in methods), default=0)
    return bool(time.time() - newest <= settings.STEP_UP_MINUTES * 60)


def ask_for_second_factor(request: HttpRequest) -> HttpResponse:
    """Sends the person to give a second factor, or to set one up, and brings them back with what they had sent."""
    if request.method == "POST" and not request.FILES:
        body = request.POST.urlencode().encode()
        sealed = base64.b64encode(crypto.seal(crypto.SYSTEM, _suspended(request), body)).decode()
        request.session[SUSPENDED] = {"path": request.path, "at": time.time(), "body": sealed}
    page = "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"
    return redirect_to_login(request.get_full_path(), reverse(page), "next")


def resume_post(request: HttpRequest) -> None:
    """Goes on with the form that was sent before the second factor was asked for, once it has been given.

    The form passed its safety check when it was sent, and passes it again: its token is among what was kept.
    """
    kept = request.session.get(SUSPENDED)
    if kept is None or request.method != "GET" or kept["path"] != request.path or not stepped_up(request):
        return
    del request.session[SUSPENDED]
    if time.time() - kept["at"] <= settings.STEP_UP_MINUTES * 60:
        body = crypto.unseal(crypto.SYSTEM, _suspended(request), base64.b64decode(kept["body"]))
        request.method = "POST"
        request.POST = QueryDict(body)  # type: ignore[misc,assignment]
        request._files = MultiValueDict()  # type: ignore[attr-defined] # noqa: SLF001 - or reading FILES would parse the body again


def _suspended(request: HttpRequest) -> tuple[str, str]:
    """Ties a form that waits to its person."""
    return "schools.suspended", str(request.user.pk)


def first_password_path(user: User) -> str:
    """The page on which a person who has been invited chooses a first password; good for PASSWORD_RESET_TIMEOUT."""
    names = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return reverse("account_reset_password_from_key", kwargs=names)


class SignInBackend(AuthenticationBackend):
    """allauth's own; every page of somebody who has signed in asks it who that is, by a query that is compiled once."""

    def get_user(self, user_id: UUID) -> User | None:  # type: ignore[override]
        """The person of a session, unless the account was switched off."""
        user = user_by_id(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    """People are invited, never self-registered; what happens to a sign-in is audited, and mailed through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Signed in, second factor included."""
        services.record_sign_in_event(user, "person.signed_in", by=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password for an address that is known. For others there is no school to tell."""
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        if user is not None:
            services.record_sign_in_event(user, "person.sign_in_failed", by=SIGN_IN)

    def logout(self, request: HttpRequest) -> None:
        """Signed out, by hand or because the time was over."""
        if isinstance(request.user, User):
            services.record_sign_in_event(request.user, "person.signed_out", by=request.user)
        super().logout(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every e-mail of ours is written in the transaction that causes it, names nobody and is sent by a worker."""
        raise RuntimeError(f"{template_prefix} is not sent: e-mails go through the outbox.")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """The link, made from PUBLIC_URL: nothing of the request reaches it."""
        names = {"uidb36": context["uid"], "key": context["key"]}
        path = reverse("account_reset_password_from_key", kwargs=names)
        services.mail_about_sign_in(user, "schools/password_reset", cause=context["key"], path=path)

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """The person is told, and their schools' audit too, that a password or second factor was changed."""
        what = template_prefix.rpartition("/")[2]
        services.record_sign_in_event(user, f"person.{what}", by=user)
        cause, path = f"{what}:{uuid4()}", reverse("mfa_index")
        services.mail_about_sign_in(user, "schools/sign_in_changed", cause=cause, path=path)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor proves themselves with it; a password alone is not enough any more."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] != "reauthenticate"] or methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A password given minutes ago opens the setting up of a second factor; later only the factor itself counts."""
        request = context.request
        if is_mfa_enabled(request.user):
            return not stepped_up(request)
        return not _given_lately(request, ("password", "mfa"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second-factor secrets belong to people, who may be in several schools: they are sealed with the system's key."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal(crypto.SYSTEM, ("mfa.authenticator",), text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(crypto.SYSTEM, ("mfa.authenticator",), base64.b64decode(encrypted_text)).decode()
