"""What somebody typed and has not sent, kept sealed for them alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone

from core import scope
from schools.models import Draft, Membership, School, User
from schools.selectors import late_draft

DRAFT_SALT = "schools.draft"
DRAFT_TOKEN_DAYS = 2


def draft_token(user: User, school: School, form: str) -> str:
    """Signed words for a form's hidden field: whose text it is, should the sign-in have ended when it arrives."""
    return signing.dumps([user.pk.hex, school.pk.hex, form], salt=DRAFT_SALT)


def _draft_address(token: str) -> tuple[UUID, UUID, str] | None:
    """(person, school, form) of a token that is one of ours."""
    try:
        user, school, form = signing.loads(token, salt=DRAFT_SALT, max_age=DRAFT_TOKEN_DAYS * 86400)
    except signing.BadSignature:
        return None
    return UUID(user), UUID(school), form


def keep_draft(token: str, fields: Mapping[str, Sequence[str]], *, by: User | None = None) -> bool:
    """Keeps what was typed, sealed, for the person the token names. False when the token is not theirs to use.

    `fields` holds every value of every field, as `request.POST.lists()` gives them. `by` is who is signed in. What comes
    when nobody is (None) is kept beside the person's own draft and never over it, and only while they belong to the
    school; it shows nothing to whoever sent it.
    """
    whose = _draft_address(token)
    if whose is None or (by is not None and by.pk != whose[0]):
        return False
    user_id, school_id, form = whose
    typed = {
        name: values[0] if len(values) == 1 else list(values)
        for name, values in fields.items()
        if name not in ("csrfmiddlewaretoken", "draft_token")
    }
    with scope.acting(schools=[school_id], user=user_id), transaction.atomic():
        live = Membership.objects.on(timezone.localdate())
        if not live.filter(school_id=school_id, user_id=user_id, user__is_active=True).exists():
            return False
        named = form if by else late_draft(form)
        Draft.objects.update_or_create(
            school_id=school_id, user_id=user_id, form=named, defaults={"content": json.dumps(typed)}
        )
    return True


def typed_text(draft: Draft) -> dict[str, Any]:
    """The fields of a draft: a text each, or a list where several were chosen."""
    return dict(json.loads(draft.content))


def discard_draft(school: School, user: User, form: str) -> None:
    """Forgets a draft once its form was sent, and what came late for it."""
    Draft.objects.filter(school=school, user=user, form__in=[form, late_draft(form)]).delete()
