"""Questions after reading, and how somebody answered them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('policies', '0018_paper_signature'),
    ]

    operations = [
        migrations.AddField(
            model_name='acknowledgement',
            name='passed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='answered the questions'),
        ),
        migrations.AddField(
            model_name='acknowledgement',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='at the questions'),
        ),
        migrations.AddField(
            model_name='policy',
            name='questions',
            field=models.JSONField(blank=True, default=list, verbose_name='asked after reading, the right answer first'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='revision',
            field=models.PositiveIntegerField(default=0, verbose_name='of who reads it, and of its questions'),
        ),
    ]
