"""The second wall of reports; figures never change, and nothing does once governors have read it."""

from django.db import migrations

from core.db.operations import ProtectTable, Statements

TABLE = "reports_termreport"
FROZEN = ("id", "school_id", "term_id", "client_ref", "covers_from", "covers_to", "figures", "frozen_at")


def _changed(differs: str) -> str:
    return " OR ".join(["OLD.state = 'published'", *(f"NEW.{name} {differs} OLD.{name}" for name in FROZEN)])


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("core", "0002_walls"), ("schools", "0002_walls")]

    operations = [
        ProtectTable("termreport"),
        Statements(
            "what was published stays",
            postgresql=[
                f"REVOKE DELETE, TRUNCATE ON {TABLE} FROM hub_app",
                f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE ON {TABLE} FOR EACH ROW WHEN ({_changed('IS DISTINCT FROM')}) "
                "EXECUTE FUNCTION refuse_change()",
                f"CREATE TRIGGER {TABLE}_kept_delete BEFORE DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            ],
            sqlite=[
                f"CREATE TRIGGER {TABLE}_kept_update BEFORE UPDATE ON {TABLE} WHEN {_changed('IS NOT')} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are never changed'); END",
                f"CREATE TRIGGER {TABLE}_kept_delete BEFORE DELETE ON {TABLE} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {TABLE} are never changed'); END",
            ],
        ),
    ]
