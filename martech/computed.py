"""A value of a row that is no field of its record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q


@dataclass(frozen=True)
class Computed:
    """A value read from several columns: `paths` are looked up, `value` makes one of them. Shape as in Column.

    A path may name one of the model's FIGURES, expressions of a day that the database works out. `where` is how a list
    is asked for rows with one of some codes, on a day. What is `on_demand` is in a list only where it is asked for.
    """

    label: str
    paths: tuple[str, ...]
    value: Callable[..., Any]
    shape: str = "text"
    choices: tuple[tuple[Any, str], ...] = ()
    model: str = ""
    where: Callable[[tuple[Any, ...], Any], Q] | None = None
    on_demand: bool = False
