"""The links of e-mails that wait are sealed, because they may open an account or a private page; those of sent ones go."""

from django.db import migrations

from core import crypto, scope
from core.fields import EncryptedTextField, Sealed


def seal_links(apps, schema_editor):
    """Under each school's scope, where the wall asks for it; counts what it changed."""
    school, mail = apps.get_model("schools", "School"), apps.get_model("core", "OutgoingMail")
    alias = schema_editor.connection.alias
    for pk in school.objects.using(alias).values_list("pk", flat=True):
        with scope.acting(schools=[pk]):
            for one in mail.objects.using(alias).filter(school_id=pk).exclude(status="sent").exclude(plain_path=""):
                sealed = crypto.seal(pk, ("core.outgoingmail", str(one.pk), "path"), one.plain_path.encode())
                assert mail.objects.using(alias).filter(pk=one.pk).update(path=Sealed(sealed)) == 1


class Migration(migrations.Migration):
    dependencies = [("core", "0003_quicker_walls"), ("schools", "0003_invitations")]

    operations = [
        migrations.RenameField("outgoingmail", "path", "plain_path"),
        migrations.AddField("outgoingmail", "path", EncryptedTextField(null=True)),
        migrations.RunPython(seal_links, migrations.RunPython.noop),
        migrations.RemoveField("outgoingmail", "plain_path"),
    ]
