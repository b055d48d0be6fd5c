"""What goes wrong, on one sheet: the meaning, what a page answers and what REST answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import Http404


@dataclass(frozen=True)
class Instead:
    """What opens the way: a record of a kind to look at (`key`), or one to add with these fields."""

    action: str
    kind: str
    key: int | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """Not now: the record's state does not allow it. Carries one sentence for the person who asked, and what to do."""

    def __init__(self, message: str = "", instead: Instead | None = None) -> None:
        super().__init__(message)
        self.instead = instead


class Stale(Exception):
    """The record changed since it was read.

    `conflicts` maps a field to (theirs, yours); empty where only the version is known to differ.
    """

    def __init__(self, message: str = "", conflicts: dict[str, tuple[Any, Any]] | None = None) -> None:
        super().__init__(message or "This record was changed by somebody else since you opened it.")
        self.conflicts = conflicts or {}


class Busy(Exception):
    """Too much at once by one person. Carries one sentence."""


@dataclass(frozen=True)
class Meaning:
    """One row of the sheet: `slug` names the problem type, `page` and `rest` are HTTP statuses."""

    error: type[Exception]
    slug: str
    title: str
    page: int
    rest: int


SHEET = (
    Meaning(Http404, "not-found", "There is nothing here, or it is not yours to see.", 404, 404),
    Meaning(PermissionDenied, "not-allowed", "You may not do this.", 403, 403),
    Meaning(Refused, "not-now", "This is not possible now.", 409, 409),
    Meaning(Stale, "stale", "The record was changed in the meantime.", 409, 412),
    Meaning(ValidationError, "not-sound", "Something in what was sent is not right.", 422, 400),
    Meaning(Busy, "too-many", "Too many requests.", 429, 429),
    Meaning(OperationalError, "too-long", "The database did not answer in time. Try again.", 503, 503),
)


def meaning(error: BaseException) -> Meaning | None:
    """The row of the sheet for an error, or None for one nobody foresaw."""
    return next((row for row in SHEET if isinstance(error, row.error)), None)


def by_field(error: ValidationError) -> dict[str, list[str]]:
    """A validation error as field -> sentences; `__all__` holds what belongs to no single field."""
    if hasattr(error, "error_dict"):
        return {
            field: [str(line) for line in ValidationError(lines).messages] for field, lines in error.error_dict.items()
        }
    return {"__all__": [str(line) for line in error.messages]}


def said(error: Exception) -> str:
    """An error in the sentences of whoever raised it; those of a ValidationError one after the other."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
