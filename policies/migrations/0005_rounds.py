"""Whom a policy asks, what they are told before they agree, and who went through it with a new member."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.db.operations import AppendOnly, ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0004_reminders'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.AddField(
            model_name='policy',
            name='agreement',
            field=models.CharField(blank=True, max_length=20, verbose_name='kind of acceptable use agreement'),
        ),
        migrations.AddField(
            model_name='policy',
            name='classes',
            field=models.JSONField(blank=True, default=list, verbose_name='classes whose learners and parents read it; none: all'),
        ),
        migrations.AddField(
            model_name='policy',
            name='monitoring',
            field=models.TextField(blank=True, verbose_name='how it is seen that it is followed'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='owner_role',
            field=models.CharField(choices=[('dsl', 'Designated Safeguarding Lead'), ('deputy_dsl', 'Deputy Designated Safeguarding Lead'), ('headteacher', 'Headteacher'), ('head_of_school', 'Head of School'), ('leadership', 'Leadership team'), ('named_governor', 'Named governor for safeguarding'), ('governor', 'Governor'), ('chair', 'Chair of governors'), ('clerk', 'Clerk to the governors'), ('office', 'Office staff'), ('staff', 'Member of staff'), ('it', 'IT technician'), ('admin', 'Administrator of PolicyHub'), ('account_manager', 'Manager of a social media account')], default='dsl', max_length=16, verbose_name='post that owns it'),
        ),
        migrations.AlterField(
            model_name='signature',
            name='post',
            field=models.CharField(choices=[('dsl', 'Designated Safeguarding Lead'), ('deputy_dsl', 'Deputy Designated Safeguarding Lead'), ('headteacher', 'Headteacher'), ('head_of_school', 'Head of School'), ('leadership', 'Leadership team'), ('named_governor', 'Named governor for safeguarding'), ('governor', 'Governor'), ('chair', 'Chair of governors'), ('clerk', 'Clerk to the governors'), ('office', 'Office staff'), ('staff', 'Member of staff'), ('it', 'IT technician'), ('admin', 'Administrator of PolicyHub'), ('account_manager', 'Manager of a social media account')], max_length=16),
        ),
        migrations.CreateModel(
            name='Induction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('on', models.DateField()),
                ('discussed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inductions_given', to='schools.membership')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inductions', to='schools.membership')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inductions', to='policies.policy')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'ordering': ['on'],
                'constraints': [models.UniqueConstraint(fields=('member', 'policy'), name='policies_induction_once')],
            },
        ),
        ProtectTable("induction"),
        AppendOnly("induction"),
    ]
