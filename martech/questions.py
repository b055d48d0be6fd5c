"""Questions that pages ask on every request, each compiled once: the answer is records in the hand, or tuples.

A question is a function that makes a queryset. Whoever asks stands in it as their shape: martech/permissions/engine.py.
What differs from time to time stands in it as slots: martech/statements.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, wraps
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, QuerySet, TextField
from django.db.models.query import ModelIterable, get_related_populators

from martech.permissions import engine
from martech.prepared import Prepared
from martech.statements import Slot

Ask = Callable[..., list[Any]]
FIELDS: dict[type, Any] = {int: BigIntegerField, datetime: DateTimeField, str: TextField}
KEPT = 128
"""Shapes of one question that a process keeps."""


@dataclass(frozen=True)
class Compiled:
    """The statement of a queryset, and what makes of each row what the queryset would have made of it."""

    statement: Prepared
    made: Callable[[Sequence[Any]], Any] | None

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]") -> "Compiled":
        """Of a queryset of records, with what `select_related` and `annotate` bring, or of a `values_list`."""
        return cls(Prepared.of(rows), _record(rows) if rows._iterable_class is ModelIterable else None)

    def run(self, values: Mapping[str, Any]) -> list[Any]:
        rows = self.statement.run(values)
        return [self.made(row) for row in rows] if self.made else rows


def _record(rows: "QuerySet[Any, Any]") -> Callable[[Sequence[Any]], Any] | None:
    """What makes a record of a row, as the queryset's own way of iterating does."""
    compiler = rows.query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    told: Any = compiler.klass_info
    places = told["select_fields"]
    first, last = places[0], places[-1] + 1
    names = [item[0].target.attname for item in compiler.select[first:last]]
    model, using = told["model"], connection.alias
    related = get_related_populators(told, compiler.select, using)  # type: ignore[call-arg]
    beside = tuple(compiler.annotation_col_map.items())

    def made(row: Sequence[Any]) -> Any:
        record = model.from_db(using, names, row[first:last])
        for one in related:
            one.populate(row, record)
        for name, place in beside:
            setattr(record, name, row[place])
        return record

    return made


def question(make: "Callable[..., QuerySet[Any, Any]]") -> Ask:
    """Ask `make(actor, *kind, **values)` with the SQL of the last time.

    `actor` is a person, or None where it makes no difference who asks. What is given by place decides the SQL and is
    hashable; what is given by name are keys, texts and instants, and are slots in the SQL.
    """

    @lru_cache(maxsize=KEPT)
    def compiled(
        shape: engine.Shape | None, kind: tuple[Any, ...], names: tuple[tuple[str, type], ...], _vendor: str
    ) -> Compiled:
        return Compiled.of(make(shape, *kind, **{name: Slot(name, FIELDS[sort]()) for name, sort in names}))

    @wraps(make)
    def ask(actor: Any, *kind: Any, **values: int | str | datetime) -> list[Any]:
        shape = None if actor is None else engine.shape(actor)
        given = values if actor is None else {**engine.given(actor), **values}
        names = tuple((name, type(value)) for name, value in values.items())
        return compiled(shape, kind, names, connection.vendor).run(given)

    return ask
