"""What sits above a record and has a say in its operations: operation -> dotted names.

A check is a function taking the record and returning a list of sentences, each one missing point; an empty
list lets the operation pass. What follows is a function taking the record, who acts and the instant, called after the
record is written and inside its act: it shares the transaction and the act number, and what it raises undoes both.
The record does not import what stands above it: the names are resolved once, here.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from martech.errors import Refused

GATES: dict[str, tuple[str, ...]] = {}
FOLLOWS: dict[str, tuple[str, ...]] = {}


@cache
def checks(permission: str) -> tuple[Any, ...]:
    """The functions registered for an operation, such as `inventory.go_live_system`."""
    return tuple(import_string(name) for name in GATES.get(permission, ()))


def missing(permission: str, record: Any) -> list[str]:
    """Every point that still keeps this operation closed for the record."""
    return [point for check in checks(permission) for point in check(record)]


def require(permission: str, record: Any) -> None:
    """Raise Refused naming each missing point."""
    points = missing(permission, record)
    if points:
        raise Refused("Not yet: " + " ".join(points))


@cache
def followers(permission: str) -> tuple[Any, ...]:
    """The functions that follow an operation, such as `accounts.retire_user`."""
    return tuple(import_string(name) for name in FOLLOWS.get(permission, ()))


def follow(permission: str, record: Any, by: Any, at: datetime) -> None:
    """Do what follows the operation, in the order of the table."""
    for then in followers(permission):
        then(record, by, at)


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
