"""The second wall of policies, and rows that are never changed."""

from django.db import migrations

from core.db.operations import AppendOnly, ProtectTable


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0001_initial"),
        ("schools", "0002_walls"),
    ]

    operations = [
        ProtectTable("policy"),
        ProtectTable("sourcefile"),
        # The sweep of reminders finds schools whose reviews come near; it sees no title.
        ProtectTable("policyversion", jobs_columns=("id", "school_id", "state", "next_review_on")),
        ProtectTable("section"),
        ProtectTable("clause"),
        ProtectTable("signingauthority"),
        ProtectTable("signeddocument"),
        ProtectTable("signature"),
        ProtectTable("acknowledgement"),
        ProtectTable("reviewreminder"),
        AppendOnly("signature"),
        AppendOnly("reviewreminder"),
    ]
