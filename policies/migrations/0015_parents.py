"""Parents without an account: their agreements, the links by which they give them, and when they were reminded."""

import core.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

from core.db.operations import AppendOnly, KeepKeysInSchool, LetPublicSee, ProtectTable


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0014_consultation'),
        ('schools', '0007_contact_email'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadingLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('address', core.fields.EncryptedTextField()),
                ('turn', models.PositiveIntegerField(default=1)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('mailed_at', models.DateTimeField()),
                ('expires_on', models.DateField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='acknowledgement',
            name='policies_acknowledgement_by_one',
        ),
        migrations.RemoveConstraint(
            model_name='acknowledgement',
            name='policies_acknowledgement_collected_by_somebody',
        ),
        migrations.RemoveConstraint(
            model_name='readingreminder',
            name='policies_readingreminder_once',
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='schools.learnercontact'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='typed_name',
            field=core.fields.EncryptedTextField(blank=True, null=True, verbose_name='name that was typed, by whoever has no account'),
        ),
        migrations.AddField(
            model_name='readingreminder',
            name='whom',
            field=models.CharField(choices=[('member', 'Members'), ('parent', 'Parents and carers')], default='member', max_length=8),
        ),
        migrations.AlterField(
            model_name='acknowledgement',
            name='way',
            field=models.CharField(choices=[('browser', 'In the browser'), ('class', 'With the class'), ('paper', 'On paper'), ('link', 'By their own link')], default='browser', max_length=8),
        ),
        migrations.AlterField(
            model_name='readingreminder',
            name='reminded',
            field=models.PositiveIntegerField(verbose_name='people who were written to'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(condition=models.Q(('error_at', None)), fields=('version', 'contact'), name='policies_acknowledgement_contact_once'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact', None), ('learner', None), ('member__isnull', False)), models.Q(('contact', None), ('learner__isnull', False), ('member', None)), models.Q(('contact__isnull', False), ('learner', None), ('member', None)), _connector='OR'), name='policies_acknowledgement_by_one'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ('browser', 'link')), ('collected_by__isnull', False), _connector='OR'), name='policies_acknowledgement_collected_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='readingreminder',
            constraint=models.UniqueConstraint(fields=('school', 'on', 'whom'), name='policies_readingreminder_once'),
        ),
        migrations.AddField(
            model_name='readinglink',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='schools.school'),
        ),
        ProtectTable("readinglink"),
        # Whose link it is that somebody opens: by the digest of its address.
        LetPublicSee("readinglink", ("id", "school_id", "digest"), rows="true"),
        KeepKeysInSchool("acknowledgement"),
        # SQLite drops a table's triggers with every change of its columns.
        AppendOnly("readingreminder"),
    ]
