"""The second wall of the tables of tenancy. Schools and people stand outside it: sign-in needs them."""

from django.db import migrations

from core.db.operations import LetJobsSee, ProtectTable

OWNED = ("term", "closure", "learner", "learnercontact", "agency", "word", "rule", "draft")


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_initial"), ("core", "0002_walls")]

    operations = [
        ProtectTable("membership", also_own="user_id"),
        ProtectTable("roleappointment", also_own="user_id"),
        *(ProtectTable(name) for name in OWNED),
        LetJobsSee("school", ("id",)),
    ]
