"""Which points of a system's record are there, asked of the database: one number a system, or a condition on them.

The one place that says what makes a point be there; `inventory/completeness.py` says what it counts for.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add, or_
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, Case, Exists, OuterRef, Q, Value, When

from inventory.completeness import NOT_ASKED, ORDER, PLACES, POINTS, THERE, WITHIN
from martech.permissions import engine

SYSTEM = "inventory.system"


def filled(field: str) -> Q:
    """The condition of halves.there, for the database."""
    item = apps.get_model(SYSTEM)._meta.get_field(field)
    if item.null:
        return Q(**{f"{field}__isnull": False})
    return ~Q(**{f"{field}__in": ("", "unknown")}) if getattr(item, "choices", None) else ~Q(**{field: ""})


def _held(word: str, today: Any) -> Q:
    """Somebody, or a function, holds a letter that counts today."""
    return engine.anybodys(SYSTEM, word, today)


def _agreed(today: Any) -> Q:
    """A data-processing agreement with the system or its vendor, kept and not run out."""
    rows = apps.get_model("inventory.Assurance")._base_manager.filter(
        Q(expires_on=None) | Q(expires_on__gte=today), kind="dpa", retired_at=None
    )
    return Q(Exists(rows.filter(system=OuterRef("pk")))) | Q(Exists(rows.filter(vendor=OuterRef("vendor_id"))))


def _there(code: str, today: Any) -> Q:
    """What must hold of a system for a point to be there."""
    if code in {"accountable", "responsible"}:
        return _held(code, today)
    if code == "single_sign_on":
        return Q(sso="yes")
    if code == "dpa":
        return _agreed(today)
    if code == "verified":
        return Q(verification="verified", last_verified_on__gte=engine.days_before(today, WITHIN))
    return filled(code)


def _not_asked(code: str) -> Q | None:
    """Where a point is asked of some systems only, what holds of the others."""
    if code == "vendor":
        return Q(kind="home_grown")
    if code == "dpa":
        return ~Q(personal_data="yes")
    return None


def bits(today: Any) -> Any:
    """Every point of a system as one number; `today` is a day or the slot of one."""
    told: list[Any] = []
    for code, place in PLACES.items():
        told.append(_bit(_there(code, today), THERE << place))
        others = _not_asked(code)
        if others is not None:
            told.append(_bit(others, NOT_ASKED << place))
    return reduce(add, told)


def _bit(held: Q, worth: int) -> Case:
    return Case(When(held, then=Value(worth)), default=Value(0), output_field=BigIntegerField())


def at_least(level: str, today: Any) -> Q:
    """The systems that have reached a level."""
    wanted = ORDER[: ORDER.index(level) + 1]
    held = Q()
    for point in POINTS:
        if point.level in wanted:
            others, there = _not_asked(point.code), _there(point.code, today)
            held &= there if others is None else there | others
    return held


def at(levels: Iterable[str], today: Any) -> Q:
    """The systems at one of these levels."""
    return reduce(or_, (_at(level, today) for level in levels))


def _at(level: str, today: Any) -> Q:
    after = ("none", *ORDER).index(level)
    reached = Q() if level == "none" else at_least(level, today)
    return reached if after == len(ORDER) else reached & ~at_least(ORDER[after], today)
