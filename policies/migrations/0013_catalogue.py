"""What a school adds to the catalogue: editions of guidance, and the policies it expects to have."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import core.partdate
import uuid
from django.db import migrations, models

from core.db.operations import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0012_corrections'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExpectedPolicy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('key', models.SlugField(max_length=60)),
                ('title', models.CharField(max_length=200)),
                ('needed', models.BooleanField(default=True)),
                ('interval', models.PositiveSmallIntegerField(default=12, verbose_name='months between reviews')),
                ('source', models.CharField(max_length=300, verbose_name='why, or where it is laid down')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='expected_policies', to='schools.membership', verbose_name='who decided it; nobody where it came from a file')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'verbose_name_plural': 'expected policies',
                'ordering': ['title'],
                'constraints': [models.UniqueConstraint(fields=('school', 'key'), name='policies_expectedpolicy_once'), models.CheckConstraint(condition=models.Q(('interval__gte', 1), ('interval__lte', 60)), name='policies_expectedpolicy_interval')],
            },
        ),
        migrations.CreateModel(
            name='GuidanceEdition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('guidance', models.SlugField(max_length=60, verbose_name='key of the document')),
                ('title', models.CharField(max_length=200)),
                ('also_called', models.CharField(blank=True, max_length=200)),
                ('kind', models.CharField(choices=[('statutory', 'Statutory guidance'), ('framework', 'Statutory framework'), ('law', 'Law'), ('non_statutory', 'Advice'), ('standard', 'Standard, kept up to date on its page')], max_length=14)),
                ('edition', models.CharField(max_length=4, validators=[django.core.validators.RegexValidator('^(19|20)\\d\\d$', 'Write a year, for instance 2026.')], verbose_name='year')),
                ('in_force', models.CharField(blank=True, max_length=10, validators=[core.partdate.check_part_date])),
                ('confirmed', models.BooleanField(default=True)),
                ('source', models.CharField(max_length=300)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='guidance_editions', to='schools.membership', verbose_name='who noted it; nobody where it came from a file')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
            ],
            options={
                'ordering': ['title', '-edition'],
                'constraints': [models.UniqueConstraint(fields=('school', 'guidance', 'edition'), name='policies_guidanceedition_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['statutory', 'framework', 'law', 'non_statutory', 'standard'])), name='policies_guidanceedition_known_kind')],
            },
        ),
        ProtectTable("expectedpolicy"),
        ProtectTable("guidanceedition"),
    ]
