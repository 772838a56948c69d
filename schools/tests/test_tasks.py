"""The end of the audit chain leaves the system every night."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from core import mail as outbox
from core.models import OutgoingMail
from schools.enums import Role
from schools.tasks import send_audit_heads
from schools.tests.factories import make_member

pytestmark = pytest.mark.django_db


def test_witnesses_get_the_head_once_a_day(school):
    chair, head = make_member(school, Role.CHAIR), make_member(school, Role.HEADTEACHER)
    make_member(school, Role.IT)

    owed = [send_audit_heads(), send_audit_heads()]

    assert owed == [2, 0]
    assert set(OutgoingMail.objects.values_list("recipient", flat=True)) == {
        chair.user.email,
        head.user.email,
    }


def test_saved_mail_is_what_the_command_compares_with(school, tmp_path, capsys):
    make_member(school, Role.CHAIR)
    send_audit_heads()
    saved = tmp_path / "mail.txt"
    saved.write_text(outbox.render_mail(OutgoingMail.objects.get()).body)

    call_command("verify_audit", school=school.slug, against=str(saved))

    assert "whole" in capsys.readouterr().out
