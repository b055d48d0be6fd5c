"""No two rows at the same time, held by the database: PostgreSQL excludes them, SQLite refuses them by triggers."""

from collections.abc import Mapping
from typing import Any

from django.db.models import BaseConstraint

Only = Mapping[str, str | None]


class NoOverlap(BaseConstraint):
    """Rows with the same whole numbers in `same` have no day in common, of those days from `start` to `end` inclusive.

    `only` narrows it to rows whose columns have these texts, or nothing where None is given. PostgreSQL compares
    ranges of one number with its own operators, which needs no extension. SQLite makes a table anew when it is altered
    and loses its triggers; as the constraint belongs to the model, they are made anew with it.
    """

    def __init__(
        self,
        *,
        name: str,
        same: tuple[str, ...],
        start: str,
        end: str,
        only: Only,
        violation_error_message: str | None = None,
    ) -> None:
        super().__init__(name=name, violation_error_message=violation_error_message)
        self.same, self.start, self.end, self.only = tuple(same), start, end, dict(only)

    def constraint_sql(self, model: Any, schema_editor: Any) -> str | None:
        if schema_editor.connection.vendor == "postgresql":
            return f"CONSTRAINT {schema_editor.quote_name(self.name)} {self._excluded()}"
        schema_editor.deferred_sql.extend(self._triggers(model._meta.db_table.removeprefix("new__")))
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> str | None:
        table = model._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            quote = schema_editor.quote_name
            return f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(self.name)} {self._excluded()}"
        for statement in self._triggers(table):
            schema_editor.execute(statement)
        return None

    def remove_sql(self, model: Any, schema_editor: Any) -> str | None:
        quote = schema_editor.quote_name
        if schema_editor.connection.vendor == "postgresql":
            return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"
        for event in ("insert", "update"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_{event}")
        return None

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """The database answers when it is asked to keep the row; martech/constraints.py says it in words."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"same": self.same, "start": self.start, "end": self.end, "only": self.only}
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def _excluded(self) -> str:
        keys = ", ".join(f"int8range({column}, {column}, '[]') WITH &&" for column in self.same)
        days = f"daterange({self.start}, {self.end}, '[]') WITH &&"
        return f"EXCLUDE USING gist ({keys}, {days}) WHERE ({self._narrowed('')})"

    def _narrowed(self, row: str) -> str:
        return " AND ".join(
            f"{row}{column} IS NULL" if text is None else f"{row}{column} = '{text}'"
            for column, text in self.only.items()
        )

    def _triggers(self, table: str) -> list[str]:
        same = " AND ".join(f"o.{column} = NEW.{column}" for column in self.same)
        days = f"o.{self.start} <= NEW.{self.end} AND o.{self.end} >= NEW.{self.start}"
        return [
            f"CREATE TRIGGER {self.name}_{event.lower()} BEFORE {event} ON {table} WHEN {self._narrowed('NEW.')} "
            f"BEGIN SELECT RAISE(ABORT, '{self.name}') WHERE EXISTS (SELECT 1 FROM {table} o "
            f"WHERE o.id IS NOT NEW.id AND {same} AND {days} AND {self._narrowed('o.')}); END"
            for event in ("INSERT", "UPDATE")
        ]
