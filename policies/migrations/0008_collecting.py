"""Acknowledgements of learners, and those that somebody collected."""

import django.db.models.deletion
from django.db import migrations, models

from core.db.operations import KeepKeysInSchool


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0007_calendar_feed'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.AddField(
            model_name='acknowledgement',
            name='collected_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements_collected', to='schools.membership'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='learner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='schools.learner'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='way',
            field=models.CharField(choices=[('browser', 'In the browser'), ('class', 'With the class'), ('paper', 'On paper')], default='browser', max_length=8),
        ),
        migrations.AlterField(
            model_name='acknowledgement',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='schools.membership'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(fields=('version', 'learner'), name='policies_acknowledgement_learner_once'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('learner', None), ('member__isnull', False)), models.Q(('learner__isnull', False), ('member', None)), _connector='OR'), name='policies_acknowledgement_by_one'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(('way', 'browser'), ('collected_by__isnull', False), _connector='OR'), name='policies_acknowledgement_collected_by_somebody'),
        ),
        KeepKeysInSchool("acknowledgement"),
    ]
