"""Background work of the ground: sending what the outbox owes. Celery only wakes it; the rows are the truth."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import Task, shared_task

from core import mail, scope


class SchoolTask(Task):  # type: ignore[misc]
    """A task for one school: it refuses to run without `school_id` and sees that school's rows alone."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        school_id = kwargs.get("school_id")
        if not school_id:
            raise ValueError(f"{self.name} was called without school_id.")
        with scope.acting(schools=[UUID(str(school_id))]):
            return super().__call__(*args, **kwargs)


@shared_task
def deliver_mail() -> int:
    """Sends every mail that is due; returns how many went out."""
    sent = 0
    while rows := mail.claim():
        sent += sum(mail.deliver(school_id, mail_id) for school_id, mail_id in rows)
    return sent
