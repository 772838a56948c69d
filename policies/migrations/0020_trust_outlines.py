"""Texts that a trust offers to its schools: its lead writes them, its schools read what was offered."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from core.db.operations import AppendOnly, ProtectRows

LEADS = (
    "trust_id IN (SELECT held.trust_id FROM schools_trustappointment held"
    " WHERE held.user_id = (SELECT app_user()))"
)
BELONGS = (
    "trust_id IN (SELECT one.trust_id FROM schools_school one"
    " WHERE one.id = ANY ((SELECT app_schools())::uuid[]))"
)


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0019_questions'),
        ('schools', '0007_contact_email'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OutlineIssue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('child_protection', 'Child protection'), ('online_safety', 'Online safety'), ('mobile_devices', 'Mobile phones and devices'), ('social_media', 'Social media'), ('acceptable_use', 'Acceptable use'), ('behaviour', 'Behaviour and anti-bullying'), ('conduct', 'Staff conduct'), ('data_protection', 'Data protection'), ('other', 'Other')], max_length=20)),
                ('sections', models.JSONField()),
                ('note', models.TextField(blank=True, verbose_name='what is new, for the schools')),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('trust', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outline_issues', to='schools.trust')),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.AddField(
            model_name='policyversion',
            name='follows',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='policies.outlineissue'),
        ),
        migrations.CreateModel(
            name='TrustOutline',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('title', models.CharField(max_length=200)),
                ('kind', models.CharField(choices=[('child_protection', 'Child protection'), ('online_safety', 'Online safety'), ('mobile_devices', 'Mobile phones and devices'), ('social_media', 'Social media'), ('acceptable_use', 'Acceptable use'), ('behaviour', 'Behaviour and anti-bullying'), ('conduct', 'Staff conduct'), ('data_protection', 'Data protection'), ('other', 'Other')], default='other', max_length=20)),
                ('sections', models.JSONField(blank=True, default=list)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('trust', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outlines', to='schools.trust')),
            ],
            options={
                'ordering': ['title'],
            },
        ),
        migrations.AddField(
            model_name='outlineissue',
            name='outline',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issues', to='policies.trustoutline'),
        ),
        migrations.AddConstraint(
            model_name='trustoutline',
            constraint=models.UniqueConstraint(fields=('trust', 'title'), name='policies_trustoutline_one_title'),
        ),
        migrations.AddConstraint(
            model_name='outlineissue',
            constraint=models.UniqueConstraint(fields=('outline', 'number'), name='policies_outlineissue_one_number'),
        ),
        ProtectRows("trustoutline", seen=LEADS, written=LEADS),
        ProtectRows("outlineissue", seen=f"{LEADS} OR {BELONGS}", written=LEADS),
        AppendOnly("outlineissue"),
    ]
