"""The second wall of concerns: schools apart, reports and chronology sealed, people shut out of what is about them."""

from django.db import migrations

from core.db.operations import ProtectTable, SealedColumns, Statements

SHUT_OUT = "SELECT concern_id FROM incidents_shutout WHERE user_id = (SELECT app_user())"
TABLES = (("concern", "id"), ("concernperson", "concern_id"), ("chronologyentry", "concern_id"), ("action", "concern_id"))


class Migration(migrations.Migration):
    """Without row-level security (SQLite) only the seals stand; the start says so."""

    dependencies = [("incidents", "0001_initial"), ("core", "0002_walls"), ("schools", "0002_walls")]

    operations = [
        ProtectTable("concern"),
        ProtectTable("concernperson"),
        ProtectTable("shutout"),
        ProtectTable("chronologyentry"),
        ProtectTable("action"),
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
        SealedColumns(
            "chronologyentry",
            columns=[("text", "text_digest"), ("reason", "reason_digest")],
            key_version="key_version",
            frozen=[
                "id", "school_id", "concern_id", "client_ref", "kind", "author_id", "happened_at", "recorded_at", "corrects_id",
                "created_at",
            ],
        ),
        SealedColumns(
            "action",
            columns=[("text", "text_digest")],
            key_version="key_version",
            frozen=["id", "school_id", "concern_id", "client_ref", "owner_id", "due_on", "created_at"],
        ),
        Statements(
            "whoever a concern is about",
            postgresql=[
                f"CREATE POLICY not_about_me ON incidents_{table} AS RESTRICTIVE USING ({column} NOT IN ({SHUT_OUT}))"
                for table, column in TABLES
            ],
            sqlite=[],
            undo=[],
        ),
    ]
