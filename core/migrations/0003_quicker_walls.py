"""The functions of the walls in the language that the planner need not read anew."""

from django.db import migrations

from core.db.operations import Statements
from core.db.walls import FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("core", "0002_walls")]

    operations = [Statements("auditevent", postgresql=[FUNCTIONS], sqlite=[])]
