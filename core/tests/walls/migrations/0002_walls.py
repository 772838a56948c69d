from django.db import migrations

from core.db.operations import AppendOnly, ProtectTable, SealedColumns


class Migration(migrations.Migration):
    dependencies = [("walls", "0001_initial"), ("core", "0002_walls")]

    operations = [
        ProtectTable("case"),
        ProtectTable("file"),
        ProtectTable("entry"),
        ProtectTable("badge", also_own="user_id"),
        ProtectTable("parcel", jobs_columns=("id", "school_id", "status", "attempts"), jobs_update=("attempts",)),
        AppendOnly("entry"),
        SealedColumns("case", columns=[("narrative", "digest"), ("note", "")], key_version="key_version", frozen=["reporter"]),
    ]
