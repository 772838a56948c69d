"""Policies on a public page, where attention was drawn to them, and what people without a sign-in may read."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.db.operations import AppendOnly, LetPublicSee, ProtectTable

PUBLISHED = "published_at IS NOT NULL AND state = 'in_force'"
OF_PUBLISHED = "EXISTS (SELECT 1 FROM policies_policyversion v WHERE v.id = version_id AND v.published_at IS NOT NULL)"
VERSION = (
    "id",
    "school_id",
    "policy_id",
    "number",
    "title",
    "state",
    "written",
    "ratified",
    "next_review",
    "ratifying_body",
    "in_force_from",
    "published_at",
    "licence",
)


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('place', models.CharField(choices=[('page', 'Public page here'), ('page_left', 'Taken off the public page here'), ('website', 'School website'), ('newsletter', 'Newsletter'), ('letter', 'Letter or e-mail to parents'), ('prospectus', 'Prospectus'), ('meeting', 'Assembly, lesson or meeting'), ('other', 'Somewhere else')], max_length=12, verbose_name='where')),
                ('on', models.DateField(verbose_name='when')),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['-on', '-created_at'],
            },
        ),
        migrations.AddField(
            model_name='policyversion',
            name='published_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='on the public page since'),
        ),
        migrations.AddIndex(
            model_name='signature',
            index=models.Index(fields=['sha256'], name='policies_signature_by_file'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policy_announcements', to='schools.membership'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school'),
        ),
        migrations.AddField(
            model_name='announcement',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='announcements', to='policies.policyversion'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(('place__in', ['page', 'page_left', 'website', 'newsletter', 'letter', 'prospectus', 'meeting', 'other'])), name='policies_announcement_known_place'),
        ),
        ProtectTable("announcement"),
        AppendOnly("announcement"),
        # Row-level security holds inside of EXISTS too: a version that may not be seen opens nothing.
        LetPublicSee("policyversion", VERSION, rows=PUBLISHED),
        LetPublicSee("section", ("id", "version_id", "position", "level", "label", "heading", "status"), rows=OF_PUBLISHED),
        LetPublicSee("clause", ("id", "version_id", "section_id", "stable_id", "position", "depth", "label", "text"), rows=OF_PUBLISHED),
        LetPublicSee("signeddocument", ("id", "version_id", "pdf", "signed"), rows=OF_PUBLISHED),
        # Which school a file belongs to that somebody brings: by its digest, its id, or the certificate in it.
        LetPublicSee("signature", ("id", "school_id", "document_id", "sha256"), rows="true"),
        LetPublicSee("signingauthority", ("id", "school_id", "certificate"), rows="true"),
    ]
