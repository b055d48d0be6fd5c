"""Statements that are compiled once and run often: a queryset whose values are given when it runs.

Making SQL of a queryset costs several times what the database takes to answer it. So a question that is asked again and
again is written as a queryset with a `Slot` wherever a value goes, compiled, and kept by its shape. No answer is kept.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models import Expression, QuerySet, Subquery, TextField

from martech.fields import Listed


class Slot(Expression):
    """A place for a value that is given when the statement runs; usable wherever a queryset takes a value.

    `less` is taken off the value first, such as days off a day.
    """

    def __init__(self, name: str, output_field: "models.Field[Any, Any]", less: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.name, self.less = name, less

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]

    def get_group_by_cols(self) -> list[Any]:
        return []

    @property
    def told(self) -> tuple[str, Any]:
        """What tells it from another: two of one name may differ in what is taken off."""
        return self.name, self.less

    def of(self, values: Mapping[str, Any]) -> Any:
        """What stands in this place."""
        return values[self.name] if self.less is None else values[self.name] - self.less


class Page(Subquery):
    """Keys of one page of a queryset: from slot `offset`, as many as slot `limit` says."""

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        sql, params = super().as_sql(compiler, connection, *args, **extra)
        return f"{sql[:-1]} LIMIT %s OFFSET %s)", (*params, Slot("limit", WHOLE), Slot("offset", WHOLE))


class Head(Subquery):
    """Keys of a queryset from its beginning to the end of the page that `Page` would give."""

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        sql, params = super().as_sql(compiler, connection, *args, **extra)
        return f"{sql[:-1]} LIMIT %s + %s)", (*params, Slot("limit", WHOLE), Slot("offset", WHOLE))


class KeysField(models.TextField):  # type: ignore[type-arg]
    """Of a slot that is given a list of keys, which go to the database as one value."""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> str:
        told = ",".join(map(str, value))
        return f"{{{told}}}" if connection.vendor == "postgresql" else f"[{told}]"


WHOLE = models.BigIntegerField()


@TextField.register_lookup
class Holds(models.Lookup):  # type: ignore[type-arg]
    """`lookup__holds`: the text matches a pattern of `pattern()`; written so that a trigram index serves it."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        ending = "" if connection.vendor == "postgresql" else r" ESCAPE '\'"
        return f"{left} LIKE {right}{ending}", [*params, *more]


@models.Field.register_lookup
@models.ForeignKey.register_lookup
class Among(models.Lookup):  # type: ignore[type-arg]
    """`pk__among`: the key is one of a `Page`, which PostgreSQL is told to work out first and to fetch row by row."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        operator = "= ANY(ARRAY{})" if connection.vendor == "postgresql" else "IN {}"
        return f"{left} {operator.format(right)}", [*params, *more]


@models.Field.register_lookup
@models.ForeignKey.register_lookup
class Given(models.Lookup):  # type: ignore[type-arg]
    """`pk__given`: the key is one of those in a slot of a `KeysField`. PostgreSQL plans with their number in mind."""

    lookup_name = "given"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, params = self.process_lhs(compiler, connection)
        right, more = self.process_rhs(compiler, connection)
        known = "= ANY({}::bigint[])" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each({}))"
        return f"{left} {known.format(right)}", [*params, *more]


class KeysOf(Expression):
    """The keys in a slot of a `KeysField` as a subquery: `pk__in=KeysOf(slot)` reads them once, however many."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(output_field=WHOLE)
        self.slot = slot

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        postgres = connection.vendor == "postgresql"
        return "(SELECT unnest(%s::bigint[]))" if postgres else "(SELECT value FROM json_each(%s))", [self.slot]


def pattern(text: str) -> str:
    """What `holds` takes for a text that is to stand anywhere."""
    return f"%{connection.ops.prep_for_like_query(text)}%"


@dataclass(frozen=True)
class Statement:
    """The SQL of a queryset of tuples, the places of its values, and what makes Python of what comes back."""

    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    @classmethod
    def of(cls, rows: "QuerySet[Any, Any]") -> Self:
        """Compile a `values_list`; one that can have no rows is a statement that asks nothing."""
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return cls("", (), ())
        made = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        found = tuple((place, _chain(steps, item)) for place, (steps, item) in made.items())
        return cls(sql, tuple(params), found)

    def run(self, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Every row, with the values of its slots by name."""
        return self.made(self.fetched(values))

    def made(self, rows: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Rows as `fetched`, made Python of."""
        if not self.converters:
            return rows
        made: list[Any] = [list(row) for row in rows]
        for changed in made:
            for place, convert in self.converters:
                changed[place] = convert(changed[place])
        return made

    def fetched(self, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """The same as the database gives it, before `converters` make Python of it."""
        return self._fetched(values, connection)

    def _fetched(self, values: Mapping[str, Any], through: Any) -> list[Sequence[Any]]:
        if not self.sql:
            return []
        params = [
            one.output_field.get_db_prep_value(one.of(values), through) if type(one) is Slot else one
            for one in self.params
        ]
        with through.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows: list[Any] = cursor.fetchall()
        return rows

    @contextmanager
    def ahead(self) -> Iterator[Callable[[Mapping[str, Any]], "Future[list[Sequence[Any]]]"]]:
        """What asks as `fetched` does, beside what its caller does: the database finds rows while others are written.

        It asks through the same connection, so the caller does not until the answer is there.
        """
        through = connections[connection.alias]
        through.inc_thread_sharing()
        try:
            with ThreadPoolExecutor(1, thread_name_prefix="ahead") as beside:
                yield lambda values: beside.submit(self._fetched, values, through)
        finally:
            through.dec_thread_sharing()


def _chain(steps: Sequence[Callable[..., Any]], item: Any) -> Callable[[Any], Any]:
    if len(steps) == 1:
        step = steps[0]
        if isinstance(item.output_field, models.JSONField):
            return lambda value: {} if value == "{}" else step(value, item, connection)
        if isinstance(item.output_field, Listed):
            return lambda value: step(value, item, connection) if value else []
        return lambda value: step(value, item, connection)

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, item, connection)
        return value

    return convert
