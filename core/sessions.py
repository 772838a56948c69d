"""Sessions in the database, as Django keeps them, found by a query that is compiled once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db.models import QuerySet
from django.utils import timezone

from core.db.compiled import compiled_once


class SessionStore(db.SessionStore):
    """Every page of somebody who has signed in begins with this query."""

    def _get_session_from_db(self) -> Any:
        found = _live(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


@compiled_once
def _live(*, key: Any, now: Any) -> QuerySet[Any]:
    return SessionStore.get_model_class().objects.filter(session_key=key, expire_date__gt=now)
