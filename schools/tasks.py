"""Nightly work of tenancy: the end of each school's audit chain goes to people outside the system."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from core import scope
from core.mail import queue_mail
from core.models import AuditHead
from schools.enums import Role
from schools.models import School
from schools.selectors import people_with_role

WITNESSES = (Role.CHAIR, Role.HEADTEACHER)
"""They keep the end of the chain, so that whoever runs the server cannot cut it off unseen. Never the IT technician alone."""


@shared_task
def send_audit_heads() -> int:
    """Owes each witness of each school one e-mail a day with school, number and hash; returns how many."""
    with scope.acting_as_jobs(), scope.reading():
        school_ids = list(School.objects.values_list("pk", flat=True))
    owed = 0
    for school_id in school_ids:
        with scope.acting(schools=[school_id]), transaction.atomic():
            school = School.objects.get(pk=school_id)
            head = AuditHead.objects.get(school_id=school_id)
            line, day = f"{school_id} {head.seq} {head.hash}", timezone.localdate()
            for witness in people_with_role(school, *WITNESSES):
                mail = queue_mail(
                    "schools/audit_head",
                    to=witness.user.email,
                    school_id=school_id,
                    cause=f"audit-head:{day}",
                    reference=line,
                )
                owed += mail is not None
    return owed
