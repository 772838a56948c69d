"""What the sweep of reminders sees and writes: who owns a policy, since when a version holds, and rows of reminders."""

from django.db import migrations

from core.db.operations import LetJobsSee

ROW = ("id", "created_at", "updated_at", "school_id", "version_id", "recipient_id", "rule", "stage", "due_on", "state")


class Migration(migrations.Migration):
    dependencies = [("policies", "0003_publishing"), ("schools", "0004_reminders")]

    operations = [
        LetJobsSee("policy", ("id", "school_id", "owner_id", "owner_role"), rows="true"),
        LetJobsSee("policyversion", ("policy_id", "in_force_from")),
        LetJobsSee("reviewreminder", ROW, rows="true", insert=ROW),
    ]
