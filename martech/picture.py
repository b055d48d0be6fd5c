"""What a record looks like before and after an act, as the trail keeps it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import models

TECHNICAL = frozenset(
    {
        "id",
        "version",
        "created_at",
        "changed_at",
        "origin",
        "origin_detail",
        "field_sources",
        "lookup",
        "password",
        "last_login",
    }
)


JSON = frozenset({str, int, bool, float, type(None), list, dict})


def plain(value: Any) -> Any:
    """A field's value as JSON keeps it."""
    if value is None or type(value) is str:
        return value
    if type(value) in JSON:
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value.total_seconds() if isinstance(value, timedelta) else value


@cache
def _pictured(model: type[models.Model]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The columns, and what picks their values from what a record holds."""
    left_out = TECHNICAL.union(getattr(model, "SECRET", ()))
    names = tuple(item.attname for item in model._meta.concrete_fields if item.name not in left_out)
    return names, itemgetter(*names, names[0])  # one more, so that it is a tuple


def picture(record: models.Model) -> dict[str, Any]:
    """Column name -> value, without what the kernel itself keeps; asks the database nothing."""
    names, pick = _pictured(type(record))
    try:
        return dict(zip(names, pick(record.__dict__)))  # noqa: B905 - the one more is left over
    except KeyError:  # a column that was not read, or is the database's to fill
        return {name: getattr(record, name) for name in names}


def empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value is False


def begun(after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Column -> [None, after] of what a new record has: whatever is not empty."""
    return {
        name: [None, value]
        for name, value in after.items()
        if value or (value is not None and value is not False and value != "" and value != [])
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Column -> [before, after] where they differ. Numbers are compared as numbers: 0.00 is 0."""
    return {name: [before[name], after[name]] for name in before if name in after and before[name] != after[name]}


def labelled(
    record: models.Model, changes: Mapping[str, list[Any]], holder: Callable[[Any, Any], Any] | None = None
) -> dict[str, list[Any]]:
    """The changes by field name, JSON-ready, with the related record's name of the time.

    `holder` gives the related record of (field, key) where many are at hand; without it each is asked for.
    """
    known = _columns(type(record))
    made = {}
    for attname, (before, after) in changes.items():
        name, item = known[attname]
        if item is None:
            made[name] = [
                before if before is None or type(before) in JSON else plain(before),
                after if type(after) in JSON else plain(after),
            ]
        else:
            made[name] = [_related(record, item, before, holder), _related(record, item, after, holder)]
    return made


@cache
def _columns(model: type[models.Model]) -> dict[str, tuple[str, Any]]:
    """Column -> the field's name, and the field itself where it is a relation."""
    return {item.attname: (item.name, item if item.is_relation else None) for item in model._meta.concrete_fields}


def _related(
    record: models.Model, item: Any, key: Any, holder: Callable[[Any, Any], Any] | None
) -> dict[str, Any] | None:
    if key is None:
        return None
    held = holder(item, key) if holder else item.get_cached_value(record, default=None)
    if holder is None and (held is None or held.pk != key):
        held = item.related_model._base_manager.filter(pk=key).first()
    return {"id": key, "text": str(held) if held is not None else ""}


def named(rows: list[Any]) -> list[dict[str, Any]]:
    """Related records as the trail keeps them."""
    return [{"id": row.pk, "text": str(row)} for row in rows]
