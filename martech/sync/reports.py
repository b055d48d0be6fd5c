"""What a sync left to look at, as far as the reader sees the records concerned."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from martech.columns import columns
from martech.operations import Record
from martech.permissions import engine
from martech.sync.models import SyncRow, SyncRun

UNSEEN = {"id": None, "text": "a record you do not see"}
UNTOLD = "It may be a record that you do not see."
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
            "errors": {
                name: lines if name != "external_id" or all(like["id"] in seen for like in row.matches) else [UNTOLD]
                for name, lines in row.errors.items()
                if name not in hidden
            },
            "differences": {name: apart for name, apart in differences.items() if name not in hidden},
            "matches": [like for like in row.matches if like["id"] in seen],
            "settled": row.settled or None,
        }
        for row, differences in zip(some, unnamed(run.model, [row.differences for row in some], user), strict=True)
    ]


def unnamed(model: type[Record], differences: Sequence[dict[str, Any]], user: Any) -> list[dict[str, Any]]:
    """Differences without the names of records the user does not see: a statement for each kind that hides some."""
    known = columns(model)
    asked: dict[type[Record], set[int]] = {}
    for name, apart in ((name, apart) for one in differences for name, apart in one.items()):
        related = known[name].related if name in known else None
        if related is not None and issubclass(related, Record) and engine.naming(user, related) is not True:
            asked.setdefault(related, set()).update(one["id"] for one in _named(apart))
    seen: dict[type[Record] | None, set[int]] = {}
    for kind, keys in asked.items():
        verdict = engine.naming(user, kind)
        rows = [] if isinstance(verdict, bool) else kind._base_manager.filter(verdict, pk__in=keys)
        seen[kind] = {row.pk for row in rows}

    def told(name: str, value: Any) -> Any:
        shown = seen.get(known[name].related if name in known else None)
        if isinstance(value, list):
            return [told(name, one) for one in value]
        return UNSEEN if shown is not None and isinstance(value, dict) and value["id"] not in shown else value

    return [
        {name: {side: told(name, value) for side, value in apart.items()} for name, apart in one.items()}
        for one in differences
    ]


def _named(apart: dict[str, Any]) -> list[dict[str, Any]]:
    """The records that a difference names on either side."""
    sides = (apart["ours"], apart["theirs"])
    return [one for side in sides for one in (side if isinstance(side, list) else [side]) if isinstance(one, dict)]
