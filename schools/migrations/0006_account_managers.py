"""A post for those who manage a social media account of the school."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schools', '0005_agency_website'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='roleappointment',
            name='schools_roleappointment_known_role',
        ),
        migrations.AlterField(
            model_name='roleappointment',
            name='role',
            field=models.CharField(choices=[('dsl', 'Designated Safeguarding Lead'), ('deputy_dsl', 'Deputy Designated Safeguarding Lead'), ('headteacher', 'Headteacher'), ('head_of_school', 'Head of School'), ('leadership', 'Leadership team'), ('named_governor', 'Named governor for safeguarding'), ('governor', 'Governor'), ('chair', 'Chair of governors'), ('clerk', 'Clerk to the governors'), ('office', 'Office staff'), ('staff', 'Member of staff'), ('it', 'IT technician'), ('admin', 'Administrator of PolicyHub'), ('account_manager', 'Manager of a social media account')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='roleappointment',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['dsl', 'deputy_dsl', 'headteacher', 'head_of_school', 'leadership', 'named_governor', 'governor', 'chair', 'clerk', 'office', 'staff', 'it', 'admin', 'account_manager'])), name='schools_roleappointment_known_role'),
        ),
    ]
