"""Work on policies that nobody waits for: the PDF to be signed, and reminders of reviews."""

from __future__ import annotations

import logging
from uuid import UUID

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core import scope
from core.errors import DomainError
from core.tasks import SchoolTask
from policies import services
from policies.models import PolicyVersion
from policies.states import SIGNABLE
from schools.models import School

logger = logging.getLogger(__name__)


@shared_task(base=SchoolTask)
def prepare_document(*, school_id: str, version_id: str) -> None:
    """Makes the PDF of a ratified version, so that signing need not wait for it. Running it again changes nothing.

    A text that is too much for a PDF is logged here; whoever signs is told why on the page.
    """
    versions = PolicyVersion.objects.select_related("policy", "school").filter(state__in=SIGNABLE)
    with scope.reading():  # on SQLite no transaction: rendering takes seconds, and others want to write
        version = versions.filter(pk=UUID(version_id)).first()
        if version is None:
            return
        try:
            services.ensure_document(version)
        except DomainError as error:
            logger.warning("a PDF to sign was not made", extra={"version_id": version_id, "why": str(error)})


@shared_task
def remind_of_reviews() -> int:
    """Reminds every school of the reviews that come near or are late; how many mails it queued. Beat wakes it hourly."""
    return services.remind_all(timezone.localdate())


@shared_task
def remind_of_reading() -> int:
    """Writes to newcomers at once, and to everybody with something to read as often as their school says, parents too; how many mails.

    Beat wakes it hourly. A school that fails is logged and tried again with the next run; it keeps no other waiting.
    """
    with scope.acting_as_jobs(), scope.reading():
        schools = list(School.objects.order_by("pk").values_list("pk", flat=True))
    queued, today = 0, timezone.localdate()
    for school_id in schools:
        try:
            with scope.acting(schools=[school_id]), transaction.atomic():
                school = School.objects.get(pk=school_id)
                queued += services.remind_readers(school, today) + services.remind_parents(school, today)
        except Exception:
            logger.exception("readers of a school were not reminded", extra={"school_id": school_id})
    return queued


@shared_task
def erase_old_visits() -> int:
    """Erases the visits that each school keeps no longer; how many. Beat wakes it nightly; a school that fails waits for the next."""
    with scope.acting_as_jobs(), scope.reading():
        schools = list(School.objects.order_by("pk").values_list("pk", flat=True))
    erased, today = 0, timezone.localdate()
    for school_id in schools:
        try:
            with scope.acting(schools=[school_id]), transaction.atomic():
                erased += services.erase_visits(School.objects.get(pk=school_id), today)
        except Exception:
            logger.exception("old visits of a school were not erased", extra={"school_id": school_id})
    return erased


@shared_task
def remind_of_comments() -> int:
    """Reminds those who have not answered of consultations that end soon, once; how many people.

    Beat wakes it hourly. A school that fails is logged and tried again with the next run.
    """
    reminded = 0
    for school_id, pk in services.ending_soon(timezone.localdate()):
        try:
            with scope.acting(schools=[school_id]), transaction.atomic():
                reminded += services.remind_once(pk)
        except Exception:
            logger.exception("people were not reminded of a consultation", extra={"school_id": school_id})
    return reminded
