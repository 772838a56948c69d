"""Why policies are reviewed, and what came of it."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0008_collecting'),
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReviewTrigger',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('clause', models.UUIDField(blank=True, null=True, verbose_name='stable id of the clause it is about')),
                ('kind', models.CharField(choices=[('cycle', 'The review is due'), ('national', 'National guidance or law changed'), ('local', 'Local procedures or a policy of ours changed'), ('concern', 'A safeguarding concern'), ('technical', 'Technical change'), ('incident', 'Lessons of an incident')], max_length=10)),
                ('what', models.TextField()),
                ('on', models.DateField(verbose_name='when it came up')),
                ('outcome', models.TextField(blank=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='review_triggers', to='schools.membership')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_triggers', to='policies.policy')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school')),
                ('version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_triggers', to='policies.policyversion', verbose_name='version that came of it')),
            ],
            options={
                'ordering': ['-on', '-created_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['cycle', 'national', 'local', 'concern', 'technical', 'incident'])), name='policies_reviewtrigger_known_kind'), models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', True), ('outcome', ''), ('version__isnull', True)), models.Q(('closed_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='policies_reviewtrigger_answered_with_words')],
            },
        ),
        ProtectTable("reviewtrigger"),
    ]
