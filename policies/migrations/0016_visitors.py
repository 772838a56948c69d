"""Tablets for visitors, and visits."""

import core.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import LetPublicSee, ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0015_parents'),
        ('schools', '0007_contact_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='Desk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('place', models.CharField(max_length=60, verbose_name='where it stands')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desks_opened', to='schools.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('client_ref', models.UUIDField()),
                ('kind', models.CharField(choices=[('visitor', 'Visitor'), ('volunteer', 'Volunteer'), ('contractor', 'Contractor')], max_length=10)),
                ('name', core.fields.EncryptedTextField()),
                ('company', core.fields.EncryptedTextField(blank=True)),
                ('host', core.fields.EncryptedTextField(verbose_name='whom they visit')),
                ('car', core.fields.EncryptedTextField(blank=True, verbose_name='registration of their car')),
                ('versions', models.JSONField(blank=True, default=list, verbose_name='ids of the versions they agreed to')),
                ('agreed_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='policies.desk')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
                ('signed_out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits_signed_out', to='schools.membership')),
            ],
            options={
                'ordering': ['agreed_at'],
                'indexes': [models.Index(fields=['school', 'agreed_at'], name='policies_visit_by_day')],
                'constraints': [models.UniqueConstraint(fields=('school', 'client_ref'), name='policies_visit_once'), models.CheckConstraint(condition=models.Q(models.Q(('left_at', None), ('signed_out_by', None)), models.Q(('left_at__isnull', False), ('signed_out_by__isnull', False)), _connector='OR'), name='policies_visit_signed_out_by_somebody')],
            },
        ),
        ProtectTable("desk"),
        ProtectTable("visit"),
        # Whose tablet it is that asks: by the digest of its address.
        LetPublicSee("desk", ("id", "school_id", "digest"), rows="true"),
    ]
