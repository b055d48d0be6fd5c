"""The database's own refusal to change the trail, on SQLite and PostgreSQL alike."""

from typing import Any

TABLE = "audit_entry"

SQLITE = (
    f"CREATE TRIGGER trail_no_update BEFORE UPDATE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    f"CREATE TRIGGER trail_no_delete BEFORE DELETE ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
)
SQLITE_DROP = ("DROP TRIGGER IF EXISTS trail_no_update", "DROP TRIGGER IF EXISTS trail_no_delete")

POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the trail is append-only' USING ERRCODE = 'restrict_violation'; END $$",
    f"CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION trail_refuses()",
    f"CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION trail_refuses()",
)
POSTGRESQL_DROP = (
    f"DROP TRIGGER IF EXISTS trail_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS trail_no_truncate ON {TABLE}",
)


IN_LINE = (
    "CREATE OR REPLACE FUNCTION trail_in_line() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM pg_advisory_xact_lock(7233171); RETURN NULL; END $$",
    f"CREATE OR REPLACE TRIGGER trail_in_line BEFORE INSERT ON {TABLE} FOR EACH STATEMENT "
    "EXECUTE FUNCTION trail_in_line()",
)
IN_LINE_DROP = (f"DROP TRIGGER IF EXISTS trail_in_line ON {TABLE}",)
"""Who writes to the trail waits for the commit of whoever wrote before: ids are taken in the order of commits, so a
reader that goes by id never passes over a late one. SQLite lets one writer in at a time anyway. ADR 0009."""


def create(connection: Any) -> None:
    """Arm the refusal; run by the migration."""
    _run(connection, POSTGRESQL if connection.vendor == "postgresql" else SQLITE)


def drop(connection: Any) -> None:
    """Disarm it: only the reverse migration and the test database's flush may."""
    _run(connection, POSTGRESQL_DROP if connection.vendor == "postgresql" else SQLITE_DROP)


def queue(connection: Any) -> None:
    """Let writers stand in line."""
    if connection.vendor == "postgresql":
        _run(connection, IN_LINE)


def unqueue(connection: Any) -> None:
    if connection.vendor == "postgresql":
        _run(connection, IN_LINE_DROP)


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
