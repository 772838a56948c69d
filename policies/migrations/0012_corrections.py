"""Agreements that were entered in error, and which state of its readers somebody changes."""

import core.fields
import django.db.models.deletion
from django.db import migrations, models

from core.db.operations import KeepKeysInSchool


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0011_reading_reminders'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='acknowledgement',
            name='policies_acknowledgement_once',
        ),
        migrations.RemoveConstraint(
            model_name='acknowledgement',
            name='policies_acknowledgement_learner_once',
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='error_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='marked as entered in error'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='error_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements_corrected', to='schools.membership'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='error_reason',
            field=core.fields.EncryptedTextField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='policy',
            name='revision',
            field=models.PositiveIntegerField(default=0, verbose_name='of who reads it'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(condition=models.Q(('error_at', None)), fields=('version', 'member'), name='policies_acknowledgement_once'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(condition=models.Q(('error_at', None)), fields=('version', 'learner'), name='policies_acknowledgement_learner_once'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('error_at', None), ('error_by', None)), models.Q(('error_at__isnull', False), ('error_by__isnull', False)), _connector='OR'), name='policies_acknowledgement_error_says_who'),
        ),
        KeepKeysInSchool("acknowledgement"),
    ]
