"""What somebody typed and has not sent, kept sealed for them alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction

from core import scope
from schools.models import Draft, School, User

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


def draft_owner(token: str) -> UUID | None:
    """The person a draft token belongs to; None when it is not one of ours."""
    whose = _draft_address(token)
    return whose[0] if whose else None


def keep_draft(token: str, fields: Mapping[str, Sequence[str]]) -> bool:
    """Keeps what was typed, sealed, for the person the token names. False when the token is not one of ours.

    `fields` holds every value of every field, as `request.POST.lists()` gives them. It is no write to any record and shows nothing to whoever sent it, so it needs no sign-in.
    """
    whose = _draft_address(token)
    if whose is None:
        return False
    user_id, school_id, form = whose
    typed = {
        name: values[0] if len(values) == 1 else list(values)
        for name, values in fields.items()
        if name not in ("csrfmiddlewaretoken", "draft_token")
    }
    with scope.acting(schools=[school_id], user=user_id), transaction.atomic():
        Draft.objects.update_or_create(
            school_id=school_id, user_id=user_id, form=form, defaults={"content": json.dumps(typed)}
        )
    return True


def typed_text(draft: Draft) -> dict[str, Any]:
    """The fields of a draft: a text each, or a list where several were chosen."""
    return dict(json.loads(draft.content))


def discard_draft(school: School, user: User, form: str) -> None:
    """Forgets a draft once its form was sent."""
    Draft.objects.filter(school=school, user=user, form=form).delete()
