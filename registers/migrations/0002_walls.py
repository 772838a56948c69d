"""The second wall of registers, and entries that nobody changes."""

from django.db import migrations

from core.db.operations import ProtectTable, SealedColumns


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial"), ("schools", "0002_walls")]

    operations = [
        ProtectTable("registerentry"),
        SealedColumns(
            "registerentry",
            columns=[("notes", "notes_digest"), ("actions", "actions_digest"), ("reason", "reason_digest")],
            key_version="key_version",
            frozen=[
                "id", "school_id", "register", "client_ref", "happened_on", "recorded_at", "recorded_by_id", "done_by_id",
                "second_id", "checked", "result", "corrects_id", "created_at",
            ],
        ),
    ]
