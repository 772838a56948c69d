"""Only the states that a version can really take."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0002_walls'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='policyversion',
            name='policies_policyversion_one_in_force',
        ),
        migrations.RemoveConstraint(
            model_name='policyversion',
            name='policies_policyversion_known_state',
        ),
        migrations.RemoveConstraint(
            model_name='policyversion',
            name='policies_policyversion_ratified_by_somebody',
        ),
        migrations.RemoveConstraint(
            model_name='policyversion',
            name='policies_policyversion_in_force_from_a_day',
        ),
        migrations.AlterField(
            model_name='policyversion',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('ratified', 'Ratified'), ('in_force', 'In force'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('policy',), name='policies_policyversion_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'ratified', 'in_force', 'superseded', 'withdrawn'])), name='policies_policyversion_known_state'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['ratified', 'in_force']), _negated=True), models.Q(models.Q(('ratifying_body', ''), _negated=True), models.Q(('ratified', ''), _negated=True)), _connector='OR'), name='policies_policyversion_ratified_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('in_force_from__isnull', False), _connector='OR'), name='policies_policyversion_in_force_from_a_day'),
        ),
    ]
