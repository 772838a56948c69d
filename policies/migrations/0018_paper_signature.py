"""Scans of versions that were signed on paper."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0017_approval_and_advice'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperSignature',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('head', models.CharField(max_length=120, verbose_name='headteacher, as signed')),
                ('chair', models.CharField(max_length=120, verbose_name='chair, as signed')),
                ('on', models.DateField(verbose_name='day of the later signature')),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_signatures', to='schools.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='policies.policyversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        ProtectTable("papersignature"),
    ]
