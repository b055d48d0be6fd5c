"""Search indexes where the server offers them: trigrams over a table's `lookup` on PostgreSQL with pg_trgm.

Elsewhere a search reads the table; the answers are the same.
"""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, transaction


def index(*tables: str) -> Callable[[Any, Any], None]:
    """A migration step that indexes `lookup` of these tables."""

    def forwards(apps: Any, editor: Any) -> None:
        connection = editor.connection
        if connection.vendor != "postgresql" or not offered(connection):
            return
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {table}_lookup ON {table} USING gin (lookup gin_trgm_ops)")

    return forwards


def drop(*tables: str) -> Callable[[Any, Any], None]:
    """The step back."""

    def backwards(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            with editor.connection.cursor() as cursor:
                for table in tables:
                    cursor.execute(f"DROP INDEX IF EXISTS {table}_lookup")

    return backwards


def offered(connection: Any) -> bool:
    """Whether the server has pg_trgm, or lets us have it."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True
