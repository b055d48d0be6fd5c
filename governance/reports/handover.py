"""What a hand-over names, kind by kind, as far as somebody may see it."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from governance.models import Handover, HandoverItem
from martech.permissions import engine


@dataclass(frozen=True)
class Thing:
    """One row of a hand-over; `text` is empty where the reader may not see the record."""

    item: HandoverItem
    text: str
    kind: str
    field: Any = None
    """Where the reader may name another successor: the form's field."""


def items(handover: Handover) -> list[HandoverItem]:
    """The rows by kind, in the order they were written; one statement."""
    return list(handover.items.select_related("successor").order_by("kind", "pk"))


def things(rows: list[HandoverItem], user: Any) -> list[Thing]:
    """What each row is, as far as somebody may see it; one statement for each kind."""
    seen: dict[str, set[int]] = {}
    for kind in {row.kind for row in rows}:
        model = apps.get_model(kind)
        keys = model._base_manager.filter(pk__in=[row.key for row in rows if row.kind == kind])
        seen[kind] = set(engine.scope(user, keys).values_list("pk", flat=True))
    return [
        Thing(
            row,
            row.text if row.key in seen[row.kind] else "",
            str(apps.get_model(row.kind)._meta.verbose_name_plural).capitalize(),
        )
        for row in rows
    ]
