"""The e-mail address of a contact."""

import core.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0006_account_managers'),
    ]

    operations = [
        migrations.AddField(
            model_name='learnercontact',
            name='email',
            field=core.fields.EncryptedTextField(blank=True, null=True, verbose_name='e-mail address'),
        ),
    ]
