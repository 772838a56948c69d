"""A membership has the name that its school uses, and waits for the person's yes; those that exist have both."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

from core import scope


def name_and_accept(apps, schema_editor):
    """Under each school's scope, where the wall asks for it; counts what it changed."""
    school, membership, user = (apps.get_model("schools", name) for name in ("School", "Membership", "User"))
    alias = schema_editor.connection.alias
    for pk in school.objects.using(alias).values_list("pk", flat=True):
        with scope.acting(schools=[pk]):
            rows = membership.objects.using(alias).filter(school_id=pk)
            name = user.objects.using(alias).filter(pk=OuterRef("user_id")).values("name")
            assert rows.update(name=Subquery(name), accepted_at=F("created_at")) == rows.count()
            assert not rows.filter(name="").exists()


class Migration(migrations.Migration):
    dependencies = [("schools", "0002_walls")]

    operations = [
        migrations.AddField("membership", "accepted_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "membership", "name", models.CharField(default="", max_length=120), preserve_default=False
        ),
        migrations.RunPython(name_and_accept, migrations.RunPython.noop),
    ]
