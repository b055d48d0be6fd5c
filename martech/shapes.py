"""What shape a field has for lists, endpoints and exports, and how a value of that shape is told."""

from collections.abc import Callable
from typing import Any

from django.db import models

from martech.fields import Codes, Lines
from martech.money import exact

SHAPES: tuple[tuple[Any, str], ...] = (
    (Codes, "codes"),
    (Lines, "lines"),
    (models.ManyToManyField, "references"),
    (models.ForeignKey, "reference"),
    (models.DateTimeField, "instant"),
    (models.DateField, "date"),
    (models.BooleanField, "bool"),
    (models.JSONField, "json"),
    (models.TextField, "long"),
    (models.IntegerField, "number"),
    (models.DecimalField, "money"),
)
READ: dict[str, Callable[[Any], Any]] = {"money": exact}
"""Shapes whose values are told otherwise than they are kept."""


def shape_of(item: Any) -> str:
    """The shape of a model's field."""
    if getattr(item, "choices", None):
        return "choice"
    return next((name for kind, name in SHAPES if isinstance(item, kind)), "text")


def same(value: Any) -> Any:
    return value


def numbered(model: Any) -> Callable[[Any], str | None]:
    """What makes a key the number of a record of this kind."""

    def number(key: Any) -> str | None:
        return None if key is None else f"{model.PREFIX}-{key}"

    return number
