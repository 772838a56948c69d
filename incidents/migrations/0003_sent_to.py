"""Who was told of a concern when it was sent, kept for the receipt as it was then."""

from django.db import migrations, models

from core.db.operations import SealedColumns


class Migration(migrations.Migration):
    """The seals of concerns are set again: SQLite rebuilds the table, and the new column is frozen too."""

    dependencies = [("incidents", "0002_walls")]

    operations = [
        migrations.AddField("concern", "sent_to", models.JSONField(default=list, editable=False)),
        SealedColumns(
            "concern",
            columns=[
                ("narrative", "narrative_digest"),
                ("already_done", "already_done_digest"),
                ("happened_note", "happened_note_digest"),
                ("place_note", "place_note_digest"),
            ],
            key_version="key_version",
            frozen=[
                "id", "school_id", "reference", "client_ref", "route", "reporter_id", "is_self_report", "sent_to", "happened_at",
                "place", "service", "told_in_person", "immediate_danger", "may_involve_imagery", "recorded_at", "created_at",
            ],
        ),
    ]
