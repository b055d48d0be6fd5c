"""The change feed: what changed since a place in the trail, in the order of commits, for clients that keep a copy.

A place is the id of an entry. Ids are given in the order of commits (ADR 9), so whoever goes on from where they stopped
misses nothing, however late somebody else's act was committed.
"""

from collections.abc import Container
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Subquery
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from martech import timeline
from martech.audit.context import DOORS
from martech.audit.models import Entry
from martech.permissions import engine
from martech.rest import pagination
from martech.rest.schema import parameters
from martech.rest.views import View
from martech.rest.viewsets import COLLECTIONS

WALK = "change"
"""What a cursor of this feed is called inside."""
WINDOW, SPAN = 2000, 100_000
"""Entries as asked for, and entries altogether, that one request looks at. What the asker does not see is passed over,
and `next` moves on."""
NOW = "now"

SINCE = parameters.asked(
    "since",
    {"type": "string", "pattern": "^(now|[A-Za-z0-9_-]*)$"},
    "What `next` said. Empty: from the beginning. `now`: nothing, and in `next` the place of this moment.",
    "Y2hhbmdlOjUw",
    allow_blank=True,
)
KIND = parameters.asked(
    "kind", {"type": "array", "items": {"type": "string"}}, "Only these kinds of record.", ["inventory.vendor"]
)
COLLECTION = parameters.asked(
    "collection", {"type": "array", "items": {"type": "string"}}, "Only records of these collections.", ["vendors"]
)
VERB = parameters.asked(
    "verb", {"type": "array", "items": {"type": "string"}}, "Only what was done with these verbs.", ["retire", "merge"]
)


class ChangeShape(shapes.Serializer[Any]):
    """What one act did to one record."""

    id = shapes.IntegerField(help_text="Id of the entry in the trail; it grows from one change to the next.")
    at = shapes.DateTimeField()
    kind = shapes.CharField()
    collection = shapes.CharField(help_text="The collection the record is read from; empty where there is none.")
    key = shapes.IntegerField(help_text="Id of the record.")
    number = shapes.CharField()
    name = shapes.CharField(help_text="What the record was called then.")
    verb = shapes.CharField()
    version = shapes.IntegerField(help_text="The record's version after the change.")
    retired = shapes.BooleanField(help_text="Whether the record was retired after the change.")
    merged_into = shapes.CharField(allow_null=True, help_text="Number of the record it was merged into by this change.")
    changed = shapes.DictField(
        child=shapes.ListField(child=shapes.JSONField(), min_length=2, max_length=2),
        help_text="Field -> [before, after], of the fields you see.",
    )
    door = shapes.ChoiceField(choices=DOORS)
    source = shapes.CharField(help_text="The import, source or command it came from; empty for a person.")


class ChangesShape(shapes.Serializer[Any]):
    """A page of the feed."""

    next = shapes.CharField(help_text="The cursor to go on from, also where nothing came.")
    more = shapes.BooleanField(help_text="Whether there is more now; else ask again after a while.")
    results = ChangeShape(many=True)


class Changes(View):
    """Everything changed, retired, restored or merged since, oldest first, of the records you see now.

    Go on from `next`, at once while there is `more`. Whoever begins asks for `since=now`, keeps `next`, reads the
    lists, and then follows.
    """

    @extend_schema(
        operation_id="changes_list",
        responses=ChangesShape,
        summary="What changed since",
        parameters=[SINCE, parameters.LIMIT, KIND, COLLECTION, VERB],
    )
    def get(self, request: Request) -> Response:
        asked = request.query_params
        pagination.known(request, {"since", "limit", "kind", "collection", "verb"})
        limit = pagination.number(asked.get("limit", ""), "limit", pagination.DEFAULT, 1, pagination.MOST)
        since = asked.get("since", "")
        after = 0 if since == NOW else pagination.decoded(since, WALK, "since")
        rows = narrowed(Entry.objects.exclude(changes={}), asked, request.user)
        if engine.condition(request.user, "audit.view_entry") is False:
            # Whoever sees nothing is not told how far the trail has come either.
            return Response({"next": pagination.encoded(after, WALK), "more": False, "results": []})
        end, upto = reached(rows, after)
        if since == NOW:
            return Response({"next": pagination.encoded(end, WALK), "more": False, "results": []})
        if after > end:
            raise ValidationError({"since": pagination.FOREIGN})
        entries = list(engine.scope(request.user, rows.filter(pk__gt=after, pk__lte=upto)).order_by("pk")[: limit + 1])
        more = len(entries) > limit
        entries = entries[:limit]
        told = timeline.cleared(entries, request.user)
        return Response(
            {
                "next": pagination.encoded(entries[-1].pk if more else upto, WALK),
                "more": more or upto < end,
                "results": list(map(shown, entries, told)),
            }
        )


def narrowed(rows: Any, asked: Any, user: Any) -> Any:
    """The entries asked for by kind, collection and verb; ValidationError for what is none."""
    known = timeline.kinds()
    kinds: set[str] | None = None
    if user.limits is not None:
        kinds = {
            kind for kind, model in known.items() if engine.condition(user, engine.name(model, "view")) is not False
        }
    if "kind" in asked:
        wanted = chosen(asked["kind"], "kind", known)
        kinds = wanted if kinds is None else wanted & kinds
    if "collection" in asked:
        paths = {path: kind for kind, path in COLLECTIONS.items()}
        wanted = {paths[path] for path in chosen(asked["collection"], "collection", paths)}
        kinds = wanted if kinds is None else wanted & kinds
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if "verb" in asked:
        verbs = {verb for model in known.values() for verb in model.OPERATIONS}
        rows = rows.filter(verb__in=chosen(asked["verb"], "verb", verbs))
    return rows


def chosen(text: str, name: str, allowed: Container[str]) -> set[str]:
    """The words between commas; ValidationError where one is not allowed."""
    words = text.split(",")
    unknown = [word for word in words if word not in allowed]
    if unknown:
        raise ValidationError({name: f"There is no {name} {unknown[0]:.60}."})
    return set(words)


def reached(rows: Any, after: int) -> tuple[int, int]:
    """The end of the trail, and how far one request looks from here; read at one moment.

    Whoever sees an entry sees all before it, so nothing can turn up later at or before either place.
    """
    some = rows.filter(pk__gt=after, pk__lte=after + SPAN)
    beyond = some.order_by("pk").values("pk")[WINDOW - 1 : WINDOW]
    end, bound = Entry.objects.order_by("-pk").values_list("pk", Subquery(beyond)).first() or (0, None)
    return end, min(after + SPAN, end) if bound is None else bound


def shown(entry: Entry, changes: dict[str, Any]) -> dict[str, Any]:
    """An entry as a change. What it does not touch is as it must be: a retired record changes only by coming back."""
    survivor = (changes.get("merged_into") or [None, None])[1]
    return {
        "id": entry.pk,
        "at": entry.at,
        "kind": entry.kind,
        "collection": COLLECTIONS.get(entry.kind, ""),
        "key": entry.key,
        "number": entry.number,
        "name": entry.text,
        "verb": entry.verb,
        "version": entry.version,
        "retired": bool((entry.changes.get("retired_at") or [None, None])[1]),
        "merged_into": f"{entry.number.partition('-')[0]}-{survivor['id']}" if survivor and survivor["id"] else None,
        "changed": changes,
        "door": entry.door,
        "source": entry.origin,
    }
