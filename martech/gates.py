"""What sits above a record and has a say in its operations: operation -> dotted names.

A check is asked when the body has run and nothing is written yet: it takes what is about to be written, for one record
or for the many of a bulk act, and gives the points that are still missing, by key of the record; none lets the act
pass. What follows is a function taking the records, who acts and the instant, called after they are written and inside
their act: it shares the transaction and the act number, and what it raises undoes both. The record does not import what
stands above it: the names are resolved once, here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from martech.errors import Instead, Refused

_CONSULTED = ("governance.models.consulting.missing",)
_LIFECYCLE = ("propose", "evaluate", "approve", "reject", "implement", "go_live", "phase_out", "retire")

_EVERY = ("add", "change", "retire", "restore")

GATES: dict[str, tuple[str, ...]] = {
    "inventory.change_system": _CONSULTED,
    **{f"inventory.{verb}_system": _CONSULTED for verb in _LIFECYCLE},
}
FOLLOWS: dict[str, tuple[str, ...]] = {
    "accounts.retire_user": ("governance.leaving.leave",),
    "accounts.restore_user": ("governance.leaving.come_back",),
    **{f"calendars.{verb}_calendar": ("inventory.models.standing.calendar_changed",) for verb in _EVERY[1:]},
    "inventory.change_system": ("governance.models.attestation.touched",),
    "inventory.change_system.confidential": ("inventory.models.standing.systems_changed",),
    **{f"inventory.{verb}_contract": ("inventory.models.standing.settle",) for verb in _EVERY},
}
"""By operation; or by operation and field, for what follows only where that field changed."""


@dataclass(frozen=True)
class Asked:
    """An act about to be written: on which record, which verb, by whom, when, and column -> [before, after]."""

    record: Any
    verb: str
    by: Any
    at: datetime
    changes: dict[str, list[Any]]
    adding: bool = False


@dataclass(frozen=True)
class Point:
    """One missing point, a sentence, and what would mend it."""

    sentence: str
    instead: Instead | None = None


@cache
def checks(permission: str) -> tuple[Any, ...]:
    """The functions registered for an operation, such as `inventory.go_live_system`."""
    return tuple(import_string(name) for name in GATES.get(permission, ()))


def missing(permission: str, asked: Sequence[Asked]) -> dict[int, list[Point]]:
    """Every point that still keeps this operation closed, by key of the record."""
    found: dict[int, list[Point]] = {}
    for check in checks(permission):
        for key, points in check(asked).items():
            found.setdefault(key, []).extend(points)
    return found


def require(permission: str, asked: Asked) -> None:
    """Raise Refused naming each missing point."""
    points = missing(permission, [asked]).get(asked.record.pk, [])
    if points:
        raise refusal(points)


def refusal(points: Iterable[Point]) -> Refused:
    """The points as one refusal, with the first thing that would mend one."""
    points = list(points)
    instead = next((point.instead for point in points if point.instead), None)
    return Refused("Not yet: " + " ".join(point.sentence for point in points), instead)


@cache
def followers(key: str) -> tuple[Any, ...]:
    """The functions that follow an operation, such as `accounts.retire_user`, or the change of a field by it."""
    return tuple(import_string(name) for name in FOLLOWS.get(key, ()))


def follow(permission: str, records: Sequence[Any], by: Any, at: datetime, changed: Iterable[str]) -> None:
    """Do what follows the operation on one record, or on the many of a bulk act, in the order of the table.

    `changed`: the fields that changed, of any of the records.
    """
    for key in (permission, *(f"{permission}.{field}" for field in sorted(changed))):
        for then in followers(key):
            then(records, by, at)


def unknown() -> Iterator[tuple[str, str]]:
    """Every dotted name that leads to no function, with its operation."""
    for table in (GATES, FOLLOWS):
        for permission, names in table.items():
            for name in names:
                try:
                    found = import_string(name)
                except ImportError:
                    found = None
                if not callable(found):
                    yield permission, name
