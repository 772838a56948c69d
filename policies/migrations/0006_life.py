"""The whole life of a version, and minor versions."""

from django.db import migrations, models

from core.db.operations import LetPublicSeeMore

WAS = "published_at IS NOT NULL AND state = 'in_force'"
PUBLISHED = "published_at IS NOT NULL AND state IN ('in_force', 'under_review')"


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0005_rounds'),
        ('schools', '0003_invitations'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='policyversion',
            options={'ordering': ['-number', '-amendment']},
        ),
        migrations.RemoveConstraint(
            model_name='policyversion',
            name='policies_policyversion_one_number',
        ),
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
        migrations.AddField(
            model_name='policyversion',
            name='amendment',
            field=models.PositiveIntegerField(default=0, verbose_name='number of the minor version in it'),
        ),
        migrations.AddField(
            model_name='policyversion',
            name='minor',
            field=models.BooleanField(default=False, verbose_name='needs no ratification and no re-reading'),
        ),
        migrations.AddField(
            model_name='policyversion',
            name='minor_reason',
            field=models.TextField(blank=True, verbose_name='why that is so'),
        ),
        migrations.AlterField(
            model_name='policyversion',
            name='number',
            field=models.PositiveIntegerField(verbose_name='number of the major version'),
        ),
        migrations.AlterField(
            model_name='policyversion',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('consultation', 'Out for consultation'), ('approval', 'With the approvers'), ('ratified', 'Ratified'), ('in_force', 'In force'), ('under_review', 'Under review'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.UniqueConstraint(fields=('policy', 'number', 'amendment'), name='policies_policyversion_one_label'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('in_force', 'under_review'))), fields=('policy',), name='policies_policyversion_one_binding'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'consultation', 'approval', 'ratified', 'in_force', 'under_review', 'superseded', 'withdrawn'])), name='policies_policyversion_known_state'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('ratified', 'in_force', 'under_review')), _negated=True), models.Q(models.Q(('ratifying_body', ''), _negated=True), models.Q(('ratified', ''), _negated=True)), _connector='OR'), name='policies_policyversion_ratified_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('in_force', 'under_review')), _negated=True), ('in_force_from__isnull', False), _connector='OR'), name='policies_policyversion_in_force_from_a_day'),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amendment', 0), ('minor', False)), models.Q(('amendment__gt', 0), ('minor', True), models.Q(('minor_reason', ''), _negated=True), models.Q(('state', 'ratified'), _negated=True)), _connector='OR'), name='policies_policyversion_minor_says_why'),
        ),
        LetPublicSeeMore("policyversion", ("amendment", "minor"), rows=PUBLISHED, was=WAS),
    ]
