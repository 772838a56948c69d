"""Approvers of a version, what specialists advised on it, and the state of a version that its approvers let go on."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0016_visitors'),
        ('schools', '0007_contact_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('clause', models.UUIDField(blank=True, null=True, verbose_name='stable id of the clause it is about')),
                ('about', models.CharField(blank=True, max_length=140)),
                ('adviser', models.CharField(max_length=120, verbose_name='name')),
                ('organisation', models.CharField(blank=True, max_length=120)),
                ('capacity', models.CharField(choices=[('safeguarding', 'Safeguarding adviser of the council'), ('dpo', 'Data protection officer'), ('it', 'IT or filtering provider'), ('legal', 'Legal adviser'), ('senco', 'Special educational needs co-ordinator'), ('hr', 'Human resources adviser or union'), ('health', 'Health professional'), ('police', 'Police'), ('other', 'Other specialist')], max_length=12)),
                ('on', models.DateField(verbose_name='when it was given')),
                ('text', models.TextField(verbose_name='the advice')),
                ('done', models.TextField(blank=True, verbose_name='what was done about it')),
            ],
            options={
                'verbose_name_plural': 'advice',
                'ordering': ['on', 'created_at'],
            },
        ),
        migrations.CreateModel(
            name='ApprovalRound',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('in_order', models.BooleanField(default=True, verbose_name='one after the other')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='its approvals count no more since')),
                ('ended_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='Approver',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('decision', models.CharField(blank=True, choices=[('approved', 'Approved'), ('sent_back', 'Sent back')], max_length=9)),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('replaced_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['position', 'created_at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='policyversion',
            name='policies_policyversion_known_state',
        ),
        migrations.AlterField(
            model_name='policyversion',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('consultation', 'Out for consultation'), ('approval', 'With the approvers'), ('approved', 'Approved'), ('ratified', 'Ratified'), ('in_force', 'In force'), ('under_review', 'Under review'), ('superseded', 'Superseded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='policyversion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'consultation', 'approval', 'approved', 'ratified', 'in_force', 'under_review', 'superseded', 'withdrawn'])), name='policies_policyversion_known_state'),
        ),
        migrations.AddField(
            model_name='advice',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='advice_recorded', to='schools.membership'),
        ),
        migrations.AddField(
            model_name='advice',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school'),
        ),
        migrations.AddField(
            model_name='advice',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='policies.policyversion'),
        ),
        migrations.AddField(
            model_name='approvalround',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school'),
        ),
        migrations.AddField(
            model_name='approvalround',
            name='started_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approvals_started', to='schools.membership'),
        ),
        migrations.AddField(
            model_name='approvalround',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approval_rounds', to='policies.policyversion'),
        ),
        migrations.AddField(
            model_name='approver',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='schools.membership'),
        ),
        migrations.AddField(
            model_name='approver',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvers', to='policies.approvalround'),
        ),
        migrations.AddField(
            model_name='approver',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__in', ['safeguarding', 'dpo', 'it', 'legal', 'senco', 'hr', 'health', 'police', 'other'])), name='policies_advice_known_capacity'),
        ),
        migrations.AddConstraint(
            model_name='approvalround',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('version',), name='policies_approvalround_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='approvalround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_reason', '')), models.Q(('ended_at__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='policies_approvalround_ends_with_words'),
        ),
        migrations.AddConstraint(
            model_name='approver',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('round', 'position'), name='policies_approver_one_a_place'),
        ),
        migrations.AddConstraint(
            model_name='approver',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('round', 'member'), name='policies_approver_once'),
        ),
        migrations.AddConstraint(
            model_name='approver',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision', '')), models.Q(('decision__in', ['approved', 'sent_back']), ('decided_at__isnull', False)), _connector='OR'), name='policies_approver_decided_at_a_moment'),
        ),
        ProtectTable("approvalround"),
        ProtectTable("approver"),
        ProtectTable("advice"),
    ]
