"""The procedure that a concern began with and what became of its steps: behind the walls, and never changed."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import AppendOnly, KeepKeysInSchool, ProtectTable, SealedColumns, Statements

SHUT_OUT = "SELECT concern_id FROM incidents_shutout WHERE user_id = (SELECT app_user())"


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0002_walls'),
        ('schools', '0007_contact_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProcedureVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('key', models.CharField(max_length=40)),
                ('digest', models.CharField(max_length=64)),
                ('body', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='StepRecord',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('step', models.CharField(max_length=28)),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('done', 'Done'), ('not_needed', 'Not needed')], max_length=10)),
                ('answer', models.CharField(blank=True, max_length=28)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='chronologyentry',
            name='incidents_entry_known_kind',
        ),
        migrations.AddField(
            model_name='concern',
            name='step_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='chronologyentry',
            name='kind',
            field=models.CharField(choices=[('note', 'Note'), ('talk', 'Conversation with the child'), ('wishes', "The child's wishes"), ('contact', 'Contact with parents, carers or others'), ('agency', 'Agency: advice or referral'), ('meeting', 'Meeting'), ('reply', 'Reply to the person who reported'), ('action', 'Action'), ('action_done', 'Action done'), ('decision', 'Decision'), ('people', 'People involved'), ('step', 'Step of the procedure'), ('closing', 'Closed'), ('reopening', 'Reopened'), ('correction', 'Correction'), ('error', 'Entered in error')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='chronologyentry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['note', 'talk', 'wishes', 'contact', 'agency', 'meeting', 'reply', 'action', 'action_done', 'decision', 'people', 'step', 'closing', 'reopening', 'correction', 'error'])), name='incidents_entry_known_kind'),
        ),
        migrations.AddField(
            model_name='procedureversion',
            name='school',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='procedure_versions', to='schools.school'),
        ),
        migrations.AddField(
            model_name='concern',
            name='procedure',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.procedureversion'),
        ),
        migrations.AddField(
            model_name='steprecord',
            name='concern',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='step_records', to='incidents.concern'),
        ),
        migrations.AddField(
            model_name='steprecord',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='step_record', to='incidents.chronologyentry'),
        ),
        migrations.AddField(
            model_name='steprecord',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school'),
        ),
        migrations.AddField(
            model_name='steprecord',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.procedureversion'),
        ),
        migrations.AddConstraint(
            model_name='procedureversion',
            constraint=models.UniqueConstraint(fields=('school', 'key', 'digest'), name='incidents_procedureversion_once'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.UniqueConstraint(fields=('concern', 'version', 'step', 'number'), name='incidents_steprecord_once'),
        ),
        migrations.AddConstraint(
            model_name='steprecord',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['done', 'not_needed'])), name='incidents_steprecord_known_state'),
        ),
        ProtectTable("procedureversion"),
        ProtectTable("steprecord"),
        AppendOnly("procedureversion"),
        AppendOnly("steprecord"),
        KeepKeysInSchool("concern"),
        # SQLite drops a table's triggers when it is made anew for a change of columns.
        SealedColumns(
            "chronologyentry",
            columns=[("text", "text_digest"), ("reason", "reason_digest")],
            key_version="key_version",
            frozen=[
                "id", "school_id", "concern_id", "client_ref", "kind", "author_id", "happened_at", "recorded_at", "corrects_id",
                "created_at",
            ],
        ),
        Statements(
            "whoever a concern is about finds no step of it",
            postgresql=[
                f"CREATE POLICY not_about_me ON incidents_steprecord AS RESTRICTIVE USING (concern_id NOT IN ({SHUT_OUT}))"
            ],
            sqlite=[],
            undo=[],
        ),
    ]
