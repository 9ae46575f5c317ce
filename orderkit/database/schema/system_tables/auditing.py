"""What makes the audit provable: seals over its entries, checkpoints, and triggers that keep both as they are.

The entries themselves are in `records`.
"""

from sqlalchemy import Column, Connection, Integer, String, Table, Text, event

from orderkit.database.schema.column_types import BigId, UtcDateTime
from orderkit.database.schema.system_tables.own_metadata import metadata
from orderkit.database.schema.system_tables.records import audit

# One row a batch of entries. `number` is that of the seal before and one more, so the primary key itself allows
# no two seals with one predecessor. `ids` says which entries (`17-20,22`), `marks` the first 64 bits of the
# digest of each, by which a changed one is found. Entries up to `settled` are all sealed.
audit_seal = Table(
    "ok_audit_seal",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("ids", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("last_id", BigId, nullable=False, index=True),
    Column("settled", BigId, nullable=False),
    Column("marks", Text, nullable=False),
    Column("entries_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("key", String(16), nullable=False),
    Column("signature", String(64), nullable=False),
)

# What retention leaves of the seals it removed: the last of them, from which verification goes on.
audit_checkpoint = Table(
    "ok_audit_checkpoint",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("settled", BigId, nullable=False),
    Column("removed", BigId, nullable=False),
    Column("seal_digest", String(64), nullable=False),
    Column("seal_signature", String(64), nullable=False),
    Column("key", String(16), nullable=False),
    Column("signature", String(64), nullable=False),
)

# While this setting is there, which only the transaction of retention sees, entries and seals may go.
PRUNING = "audit_pruning"
_KEPT = {"ok_audit": "id", "ok_audit_seal": "number"}
_IS_PRUNING = f"EXISTS (SELECT 1 FROM ok_setting WHERE name = '{PRUNING}')"  # noqa: S608 - two constants


def _on_sqlite(table: str) -> tuple[str, ...]:
    key = _KEPT[table]
    # `INSERT OR REPLACE` removes a row without its trigger, unless whoever is connected asked for recursive ones.
    is_there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - constants
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return (
        f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN NOT {_IS_PRUNING} {refuse}",
        f"CREATE TRIGGER {table}_new BEFORE INSERT ON {table} WHEN {is_there} {refuse}",
    )


def _on_postgresql(table: str) -> tuple[str, ...]:
    refuse = "EXECUTE FUNCTION ok_audit_kept()"
    return (
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    )


# The function outlives its tables, so one may be there already.
_REFUSE = f"""CREATE OR REPLACE FUNCTION ok_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF {_IS_PRUNING} THEN RETURN OLD; END IF;
  END IF;
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$"""

KEEP_AUDIT: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(statement for table in _KEPT for statement in _on_sqlite(table)),
    "postgresql": (_REFUSE, *(statement for table in _KEPT for statement in _on_postgresql(table))),
}

RELEASE_AUDIT: dict[str, tuple[str, ...]] = {
    "sqlite": tuple(
        f"DROP TRIGGER IF EXISTS {table}_{what}" for table in _KEPT for what in ("unchanged", "kept", "new")
    ),
    "postgresql": (
        *(f"DROP TRIGGER {table}_{what} ON {table}" for table in _KEPT for what in ("kept", "whole")),
        "DROP FUNCTION ok_audit_kept()",
    ),
}

# Of this schema alone, as another one in the search path may be another application's; and only if no table uses it.
_FORGET = """DO $$ BEGIN
  EXECUTE 'DROP FUNCTION IF EXISTS ' || quote_ident(current_schema()) || '.ok_audit_kept()';
END $$"""

FORGET_GUARDS: dict[str, tuple[str, ...]] = {"sqlite": (), "postgresql": (_FORGET,)}
"""What is left to remove where the tables themselves are gone."""


@event.listens_for(metadata, "after_create")
def _keep_audit(_target: object, connection: Connection, tables: list[Table], **_: object) -> None:
    """Make the triggers with the tables. `migrate` makes them in a revision instead."""
    if audit in tables and audit_seal in tables:
        for statement in KEEP_AUDIT[connection.dialect.name]:
            connection.exec_driver_sql(statement)
