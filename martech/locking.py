"""Rows held for an act: re-read under lock, with what the actor may in the same statement."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection, models

from martech.errors import Stale
from martech.loaded import attributes
from martech.permissions import engine
from martech.statements import WHOLE, Slot, Statement

KEPT = 512
M = TypeVar("M", bound=models.Model)


def lock_together(record: models.Model, other: Any) -> None:
    """Two rows of a kind are locked in the order of their keys, so that two acts never wait for each other."""
    key = getattr(other, "pk", other)
    if key is not None:
        rows = type(record)._base_manager.select_for_update(no_key=True).filter(pk__in=(record.pk, key))
        list(rows.order_by("pk").values_list("pk"))


def taken(record: M) -> M:
    """The record as it is now, locked until the act ends: who would change it, or take it too, waits."""
    return type(record)._base_manager.select_for_update(no_key=True).get(pk=record.pk)


def lock(record: Any, by: Any, permission: str) -> None:
    """Re-read the record in hand under lock; PermissionDenied without the permission, Stale at another version."""
    model, given = type(record), {"key": record.pk, **engine.given(by)}
    rows = _locked(model, engine.shape(by) if permission else None, permission).run(given)
    if not rows:
        raise model.DoesNotExist
    fresh = instance(model, rows[0][:-1])
    expected = record.__dict__.pop("expected_version", None)
    record.__dict__.clear()
    record.__dict__.update(fresh.__dict__)
    if not rows[0][-1]:
        raise PermissionDenied
    if expected is not None and expected != record.version:
        raise Stale


@lru_cache(maxsize=KEPT)
def _locked(model: type[models.Model], shape: engine.Shape | None, permission: str) -> Statement:
    rows = model._base_manager.select_for_update(no_key=True).filter(pk=Slot("key", WHOLE))
    verdict = engine.verdict_column(engine.condition(shape, permission) if shape else True)
    return Statement.of(rows.annotate(_verdict=verdict).values_list(*attributes(model), "_verdict"))


def hold(model: type[models.Model], key: Any) -> Any:
    """The row as it is now, kept from changing until the act ends; others may hold it too. None where it is not there.

    SQLite has one writer anyway.
    """
    keep(model, [key])
    return model._base_manager.filter(pk=key).first()


def keep(model: type[models.Model], keys: Sequence[Any]) -> None:
    """Keep these rows from changing until the act ends; others may do so too. One statement."""
    if keys and connection.vendor == "postgresql":
        table, marks = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(keys))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id IN ({marks}) ORDER BY id FOR SHARE", list(keys))


def found(model: type[models.Model], key: Any, by: Any) -> Any:
    """The record of a key; None where there is none or, with an actor, none they see."""
    shape = engine.shape(by) if by is not None else None
    rows = _found(model, shape).run({"key": key, **(engine.given(by) if by is not None else {})})
    return instance(model, rows[0]) if rows else None


@lru_cache(maxsize=KEPT)
def _found(model: type[models.Model], shape: engine.Shape | None) -> Statement:
    rows = model._base_manager.filter(pk=Slot("key", WHOLE))
    return Statement.of((engine.scope(shape, rows) if shape else rows).values_list(*attributes(model)))


def instance(model: type[models.Model], values: Any) -> Any:
    return model.from_db(connection.alias, attributes(model), values)
