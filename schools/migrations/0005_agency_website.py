"""Bodies that take reports on a web page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0004_reminders")]

    operations = [migrations.AddField("agency", "website", models.URLField(blank=True))]
