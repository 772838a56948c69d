"""Consultation on a draft: what was asked, of whom, what came, and what was done about it."""

import core.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import LetJobsSee, LetPublicSee, ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0013_catalogue'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('question', models.TextField(verbose_name='what was asked')),
                ('posts', models.JSONField(blank=True, default=list, verbose_name='posts whose holders were asked')),
                ('until', models.DateField(verbose_name='last day for comments')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('unanswered_reason', models.TextField(blank=True, verbose_name='why comments stay without an answer')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations_opened', to='schools.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='policies.policyversion')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='Consulted',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', core.fields.EncryptedTextField(blank=True)),
                ('email', core.fields.EncryptedTextField(blank=True)),
                ('stake', models.CharField(choices=[('staff', 'Staff'), ('governor', 'Governors and trustees'), ('learner', 'Learners'), ('parent', 'Parents and carers'), ('other', 'Others with a stake in it')], max_length=8)),
                ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='asked no more since')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consulted', to='policies.consultation')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consulted_about', to='schools.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'verbose_name_plural': 'consulted',
                'ordering': ['created_at'],
            },
        ),
        migrations.CreateModel(
            name='ConsultationLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
                ('consulted', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='policies.consulted')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('clause', models.UUIDField(blank=True, null=True, verbose_name='stable id of the clause it is about')),
                ('about', models.CharField(blank=True, max_length=140)),
                ('text', core.fields.EncryptedTextField()),
                ('answer', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('partly', 'Accepted in part'), ('declined', 'Not accepted')], max_length=8)),
                ('reason', core.fields.EncryptedTextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments_answered', to='schools.membership')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments_entered', to='schools.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
                ('consulted', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='policies.consulted')),
            ],
            options={
                'ordering': ['created_at'],
            },
        ),
        migrations.AddIndex(
            model_name='consultation',
            index=models.Index(fields=['closed_at', 'until'], name='policies_consultation_ends'),
        ),
        migrations.AddConstraint(
            model_name='consulted',
            constraint=models.UniqueConstraint(fields=('consultation', 'member'), name='policies_consulted_once'),
        ),
        migrations.AddConstraint(
            model_name='consulted',
            constraint=models.CheckConstraint(condition=models.Q(('stake__in', ['staff', 'governor', 'learner', 'parent', 'other'])), name='policies_consulted_known_stake'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('consulted', 'clause'), name='policies_comment_once_a_clause'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(condition=models.Q(('clause', None)), fields=('consulted',), name='policies_comment_once_on_the_whole'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(('answer__in', ['accepted', 'partly', 'declined']), ('answered_at__isnull', False)), _connector='OR'), name='policies_comment_answered_at_a_moment'),
        ),
        ProtectTable("consultation"),
        ProtectTable("consulted"),
        ProtectTable("consultationlink"),
        ProtectTable("comment"),
        # Which consultations end soon, so that those who have not answered are reminded.
        LetJobsSee("consultation", ("id", "school_id", "until", "closed_at"), rows="closed_at IS NULL"),
        # Whose link it is that somebody opens: by the digest of its address.
        LetPublicSee("consultationlink", ("id", "school_id", "consulted_id", "digest"), rows="true"),
    ]
