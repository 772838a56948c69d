"""A secret address for each member's own calendar."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import LetPublicSee, ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0006_life'),
        ('schools', '0004_reminders'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_feed', to='schools.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        ProtectTable("calendarfeed"),
        # Whose calendar it is that somebody asks for: by the digest of its address.
        LetPublicSee("calendarfeed", ("id", "school_id", "member_id", "digest"), rows="true"),
    ]
