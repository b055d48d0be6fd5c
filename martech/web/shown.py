"""Lists on a record's page: the first rows, and the way to the rest."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from martech.permissions import engine
from martech.web import links

MOST = 100
"""Rows of a list on a record's page."""


@dataclass(frozen=True)
class Shown:
    """The first rows of a list; `url` leads to the whole list where there are more, else it is empty."""

    rows: list[Any]
    url: str

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def count(self) -> str:
        """How many there are, in words: `100+` where the list goes on."""
        return f"{len(self.rows)}+" if self.url else str(len(self.rows))


def shown(rows: "QuerySet[Any] | list[Any]", url: str) -> Shown:
    """The first MOST rows: of a queryset in one statement, or of a list that goes on where there are more."""
    found = list(rows[: MOST + 1])
    return Shown(found[:MOST], url if len(found) > MOST else "")


def knowing(user: Any, rows: "QuerySet[Any]", *names: str) -> "QuerySet[Any]":
    """The rows, each with `<name>_seen` for these references: whether this person may see what stands there."""
    model: Any = rows.model
    ends = {
        name: model._meta.get_field(name).related_model._base_manager.filter(pk=OuterRef(f"{name}_id"))
        for name in names
    }
    return rows.annotate(**{f"{name}_seen": Exists(engine.scope(user, there)) for name, there in ends.items()})


def may_add(user: Any, model: type[Model], given: str = "") -> str:
    """The address of the form that adds a record, with the fields `given`; empty where this person may not."""
    allowed = engine.possible(user, engine.name(model, "add"))
    return f"{links.list_url(model._meta.label_lower)}new/{'?' if given else ''}{given}" if allowed else ""
