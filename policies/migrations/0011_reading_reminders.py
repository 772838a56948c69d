"""The days on which a school's readers were reminded."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import AppendOnly, ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0010_own_certificates'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadingReminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('on', models.DateField()),
                ('reminded', models.PositiveIntegerField(verbose_name='members who were written to')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('school', 'on'), name='policies_readingreminder_once')],
            },
        ),
        ProtectTable("readingreminder"),
        AppendOnly("readingreminder"),
    ]
