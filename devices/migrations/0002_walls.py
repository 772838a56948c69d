"""The second wall of custody, and a chain that nobody changes."""

from django.db import migrations

from core.db.operations import ProtectTable, SealedColumns


class Migration(migrations.Migration):
    dependencies = [("devices", "0001_initial"), ("schools", "0002_walls")]

    operations = [
        ProtectTable("device"),
        ProtectTable("movement"),
        ProtectTable("release"),
        SealedColumns(
            "movement",
            columns=[("note", "note_digest")],
            key_version="key_version",
            frozen=["id", "school_id", "device_id", "seq", "step", "by_id", "from_place", "to_place", "at", "created_at"],
        ),
        SealedColumns(
            "release",
            columns=[("collector_name", "name_digest"), ("signature", ""), ("early_reason", "")],
            key_version="key_version",
            frozen=["id", "school_id", "device_id", "by_id", "collector", "identified", "at", "created_at"],
        ),
    ]
