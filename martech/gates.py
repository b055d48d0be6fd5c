"""Checks that sit above the record they guard: operation -> dotted names.

A check is a function taking the record and returning a list of sentences, each one missing point; an empty
list lets the operation pass. The record does not import what stands above it: the names are resolved once, here.
"""

from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from martech.errors import Refused

GATES: dict[str, tuple[str, ...]] = {}


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
