"""What a sync left to look at, as far as the reader sees the records concerned."""

from typing import Any

from django.db.models import Q, QuerySet

from martech.permissions import engine
from martech.sync.models import SyncRow, SyncRun

SECTIONS = ("matches", "differences", "errors", "retired", "kept")


def rows(run: SyncRun, user: Any) -> "QuerySet[SyncRow]":
    """The rows of records the user sees, and of items without a record."""
    found = run.rows.order_by("place", "pk")
    if engine.condition(user, engine.name(run.model, "view")) is True:
        return found
    seen = engine.scope(user, run.model._base_manager.all())
    return found.filter(Q(key=None) | Q(key__in=seen.values("pk")))


def section(run: SyncRun, user: Any, name: str) -> "QuerySet[SyncRow]":
    """The rows of one of SECTIONS: in question, with differences, with errors, retired, left alone."""
    found = rows(run, user)
    return {
        "matches": found.exclude(matches=[]),
        "differences": found.exclude(differences={}),
        "errors": found.filter(outcome="error", matches=[]),
        "retired": found.filter(outcome="retired"),
        "kept": found.filter(outcome="kept"),
    }[name]


def told(run: SyncRun, some: list[SyncRow], user: Any) -> list[dict[str, Any]]:
    """Rows as REST tells them: without hidden fields, and without likenesses to records the user does not see."""
    hidden = engine.hidden_fields(user, run.model) | engine.field_conditions(user, run.model).keys()
    likes = {like["id"] for row in some for like in row.matches}
    seen = set()
    if likes:
        likely = engine.scope(user, run.model._base_manager.filter(pk__in=likes))
        seen = set(likely.values_list("pk", flat=True))
    return [
        {
            "external_id": row.external_id,
            "outcome": row.outcome,
            "id": row.key,
            "number": f"{run.model.PREFIX}-{row.key}" if row.key else None,
            "name": row.text,
            "errors": {name: lines for name, lines in row.errors.items() if name not in hidden},
            "differences": {name: apart for name, apart in row.differences.items() if name not in hidden},
            "matches": [like for like in row.matches if like["id"] in seen],
            "settled": row.settled or None,
        }
        for row in some
    ]
