"""The second wall of the ground's tables, and the audit chain that nobody changes."""

from django.db import migrations

from core.db.operations import AppendOnly, Functions, ProtectTable, Statements

CHAIN_POSTGRESQL = (
    """
    CREATE FUNCTION audit_follows_head() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE head core_audithead%ROWTYPE;
    BEGIN
      SELECT * INTO head FROM core_audithead WHERE school_id = NEW.school_id;
      IF NOT FOUND OR NEW.seq <> head.seq + 1 OR NEW.prev_hash <> head.hash THEN
        RAISE EXCEPTION 'an audit entry must follow the head of its chain' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION audit_head_moves_on() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.school_id <> OLD.school_id OR NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
        SELECT 1 FROM core_auditevent e WHERE e.school_id = NEW.school_id AND e.seq = NEW.seq AND e.hash = NEW.hash
      ) THEN
        RAISE EXCEPTION 'the head of the audit chain moves to the next entry only' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER core_auditevent_follows BEFORE INSERT ON core_auditevent FOR EACH ROW EXECUTE FUNCTION audit_follows_head()",
    "CREATE TRIGGER core_audithead_moves BEFORE UPDATE ON core_audithead FOR EACH ROW EXECUTE FUNCTION audit_head_moves_on()",
    "CREATE TRIGGER core_audithead_starts BEFORE INSERT ON core_audithead FOR EACH ROW WHEN (NEW.seq <> 0) EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER core_audithead_kept BEFORE DELETE ON core_audithead FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER core_audithead_kept_whole BEFORE TRUNCATE ON core_audithead EXECUTE FUNCTION refuse_change()",
    "REVOKE DELETE, TRUNCATE ON core_audithead FROM hub_app",
)
CHAIN_SQLITE = (
    """
    CREATE TRIGGER core_auditevent_follows BEFORE INSERT ON core_auditevent
    WHEN NOT EXISTS (SELECT 1 FROM core_audithead h
                     WHERE h.school_id = NEW.school_id AND NEW.seq = h.seq + 1 AND NEW.prev_hash = h.hash)
    BEGIN SELECT RAISE(ABORT, 'an audit entry must follow the head of its chain'); END
    """,
    """
    CREATE TRIGGER core_audithead_moves BEFORE UPDATE ON core_audithead
    WHEN NEW.school_id <> OLD.school_id OR NEW.seq <> OLD.seq + 1 OR NOT EXISTS (
      SELECT 1 FROM core_auditevent e WHERE e.school_id = NEW.school_id AND e.seq = NEW.seq AND e.hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the head of the audit chain moves to the next entry only'); END
    """,
    """
    CREATE TRIGGER core_audithead_starts BEFORE INSERT ON core_audithead WHEN NEW.seq <> 0
    BEGIN SELECT RAISE(ABORT, 'an audit chain starts at 0'); END
    """,
    """
    CREATE TRIGGER core_audithead_kept BEFORE DELETE ON core_audithead
    BEGIN SELECT RAISE(ABORT, 'rows of core_audithead are never deleted'); END
    """,
)
JOBS = ("id", "school_id", "status", "attempts", "due_at", "leased_until", "sent_at", "created_at")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        Functions(),
        ProtectTable("datakey", also_shared=True),
        ProtectTable("audithead"),
        ProtectTable("auditevent"),
        ProtectTable("auditpayload"),
        ProtectTable("outgoingmail", jobs_columns=JOBS, jobs_update=("attempts", "leased_until")),
        AppendOnly("auditevent"),
        Statements("the audit chain", postgresql=CHAIN_POSTGRESQL, sqlite=CHAIN_SQLITE),
    ]
