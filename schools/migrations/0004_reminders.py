"""What the sweep of reminders sees of all schools: ids, dates, posts and the two rules that say how many days; no name."""

from django.db import migrations

from core.db.operations import LetJobsSee

RULES = ("policy_review_reminder_days", "policy_overdue_reminder_days")


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_invitations")]

    operations = [
        LetJobsSee("user", ("id", "is_active")),
        LetJobsSee("membership", ("id", "school_id", "user_id", "accepted_at", "starts_on", "ends_on"), rows="true"),
        LetJobsSee("roleappointment", ("id", "school_id", "membership_id", "role", "starts_on", "ends_on"), rows="true"),
        LetJobsSee("rule", ("id", "school_id", "key", "value"), rows=f"key IN {RULES}"),
    ]
