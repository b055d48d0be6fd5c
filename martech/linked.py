"""Lists of references in a row: several records in one value, as the database tells them and as they are read."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, models
from django.db.models import Func, Subquery
from orjson import loads

from martech.permissions import engine


def label_path(model: type[models.Model]) -> str:
    """The column that names a record of this kind: its name, or its key where it has only a number."""
    return "name" if any(item.name == "name" for item in model._meta.concrete_fields) else "pk"


class Linked(Func):
    """A list of references as one value: pairs of key and name as JSON, in the order of their names.

    Of records with a condition on who is told of them those of `verdict` alone. Most lists are empty, and it takes a
    quarter of the time to see that first.
    """

    def __init__(self, model: Any, column: Any, verdict: Any = True) -> None:
        seen = () if verdict is True else (_told_of(column.related, verdict),)
        super().__init__("pk", *seen, output_field=models.TextField())
        self.links = _links(model, column)

    def as_sql(self, compiler: Any, connection: Any, **_given: Any) -> Any:  # type: ignore[override]
        (key, params), *seen = (compiler.compile(one) for one in self.get_source_expressions())
        tables, mine, pair = self.links
        which = f"{mine} = {key}"
        any_of = f"SELECT 1 FROM {tables.partition(' JOIN ')[0]} WHERE {which}"
        told_of = "".join(f" AND {pair[0]} IN {sql}" for sql, _ in seen)
        if connection.vendor == "postgresql":
            told = f"SELECT json_agg(json_build_array({pair[0]}, {pair[1]}) ORDER BY {pair[1]})::text FROM {tables}"
            told = f"{told} WHERE {which}{told_of}"
        else:
            told = f"SELECT {pair[0]} AS a, {pair[1]} AS b FROM {tables} WHERE {which}{told_of} ORDER BY b"
            told = f"SELECT json_group_array(json_array(a, b)) FROM ({told})"
        both = [*params, *params, *(param for _, more in seen for param in more)]
        return f"CASE WHEN EXISTS ({any_of}) THEN ({told}) END", both


def _told_of(related: Any, verdict: Any) -> Subquery:
    rows = related._base_manager
    return Subquery((rows.none() if verdict is False else rows.filter(verdict)).values("pk"))


def _links(model: Any, column: Any) -> tuple[str, str, tuple[str, str]]:
    """The tables behind a list of references, the column of our key, and those of the other’s key and name."""
    if column.shape == "named":
        kind = f"lr.kind = '{model._meta.label_lower}'"
        return "records_externalref lr", f"{kind} AND lr.key", ("lr.source", "lr.external_id")
    item: Any = model._meta.get_field(column.name)
    quote, other, label = connection.ops.quote_name, column.related._meta, label_path(column.related)
    mine, theirs = quote(item.m2m_column_name()), quote(item.m2m_reverse_name())
    text = quote(other.pk.column if label == "pk" else other.get_field(label).column)
    through = quote(item.remote_field.through._meta.db_table)
    tables = f"{through} lt JOIN {quote(other.db_table)} lo ON lo.{quote(other.pk.column)} = lt.{theirs}"
    return tables, f"lt.{mine}", (f"lt.{theirs}", f"lo.{text}")


def staying(actor: Any, record: Any, name: str, keys: list[Any]) -> Iterable[Any]:
    """What a list of references holds beside these keys and its actor is not told of; nothing without an actor."""
    if actor is None or record is None or record.pk is None:
        return ()
    return engine.untold(actor, getattr(record, name).exclude(pk__in=keys))


def put(row: dict[str, Any], column: Any, told: str | None) -> None:
    """A list of references into its row, as keys and as names; names elsewhere by their sources."""
    row[column.name] = listed(column, told) if told else []
    if column.shape == "references":
        row[f"{column.name}_names"] = names_of(told)


def names_of(told: str | None) -> list[Any]:
    return [name for _, name in loads(told)] if told else []


def listed(column: Any, told: str | None) -> list[Any]:
    """What a list came as: keys of records, or sources with the ids they use."""
    pairs = loads(told) if told else ()
    if column.shape == "named":
        return [{"source": source, "external_id": name} for source, name in pairs]
    return [key for key, _ in pairs]
