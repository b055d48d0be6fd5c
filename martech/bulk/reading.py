"""Reading for a bulk act: the rows under lock with the actor's rights, and every related record, per kind at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.base import ModelState
from django.utils import timezone

from martech.bulk.rows import Row, Work
from martech.operations import NOW, Record
from martech.permissions import engine
from martech.picture import picture

STALE = "It was changed since it was read."
MISSING = "There is no such record."


class Reading:
    """What a bulk act of one person on one kind of record knows before it judges."""

    def __init__(
        self,
        model: type[Record],
        *,
        by: Any,
        at: datetime = NOW,
        note: str = "",
        act: UUID | None = None,
        dry: bool = False,
        sound: set[tuple[str, type, Any] | None] | None = None,
    ) -> None:
        self.model, self.by, self.note, self.act, self.dry = model, by, note, act, dry
        self.at = at or timezone.now()
        self.claimed: dict[str, set[tuple[Any, ...]]] = {}
        self.held: dict[type[models.Model], dict[Any, Any]] = {}
        self.freed: list[int] = []
        self.swapped: dict[str, set[int]] = {}
        """Column -> keys of the rows whose value another row of the batch takes."""
        self.sound = set() if sound is None else sound
        """Values that need no second look; who works in several acts on one kind may hand on the same set."""
        self.assumed: dict[type[models.Model], dict[Any, Any]] = {}
        """For a dry run: records that will be there by then, under keys of no others."""

    @cached_property
    def nothing(self) -> dict[str, Any]:
        """The picture of a new record before anything is set."""
        return picture(self.model())

    def blank(self) -> Record:
        """A new record; copied from one made before, which is several times quicker than making it."""
        made = self.model.__new__(self.model)
        first, lists = self._first
        made.__dict__.update(first, _state=ModelState())
        for name, value in lists:
            made.__dict__[name] = list(value)
        return made

    @cached_property
    def _first(self) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
        """What a new record holds, and of it the lists, of which each has its own."""
        return vars(self.model()), [(name, value) for name, value in self.nothing.items() if isinstance(value, list)]

    @cached_property
    def conditions(self) -> dict[str, Q | bool]:
        verbs = ("view", "add", "change", *self.model.FLOW.moves)
        return {verb: engine.condition(self.by, engine.name(self.model, verb)) for verb in verbs}

    def may(self, verb: str, record: Record) -> bool:
        held = self.conditions[verb]
        return held if isinstance(held, bool) else bool(record.__dict__.get(f"_may_{verb}"))

    def read(self, rows: Sequence[Row]) -> list[Work]:
        """Lock what is to change, in the order of keys, with the verdicts of permissions in the same statement."""
        unknown = {name for row in rows for name in row.fields} - self.model.fields_to_set()
        if unknown:
            raise TypeError(f"{self.model.__name__} has no field {', '.join(sorted(unknown))} to set.")
        found: dict[Any, Any] = {}
        keys = {row.key for row in rows if row.key is not None}
        if keys:
            moving = any(self.model.STATE in row.fields for row in rows)
            asked = {
                f"_may_{verb}": held for verb, held in self.conditions.items() if moving or verb in {"view", "change"}
            }
            columns = {name: engine.verdict_column(held) for name, held in asked.items() if not isinstance(held, bool)}
            found = {row.pk: row for row in self.locked(keys, retiring=moving).annotate(**columns)}
        works: list[Work] = []
        met: set[Any] = set()
        for row in rows:
            record = found.get(row.key) if row.key is not None else self.blank()
            work = Work(row, record)
            if row.key in met:
                work.record = None
                work.fail("It is named twice.")
            elif record is None or (row.key is not None and not self.may("view", record)):
                work.fail(MISSING)
            elif work.adding and self.conditions["add"] is False:
                work.fail(f"You may not add {self.model._meta.verbose_name_plural}.")
            elif row.version is not None and row.version != record.version:
                work.fail(STALE)
            else:
                work.before = self.nothing if work.adding else picture(record)
            met |= {row.key} - {None}
            works.append(work)
        return works

    def locked(self, keys: Iterable[Any], retiring: bool) -> models.QuerySet[Any]:
        """The rows to change; where a state may end in retirement, with what `retire` looks at."""
        rows: Any = self.model._default_manager.filter(pk__in=keys).order_by("pk")
        if retiring and hasattr(rows, "before_retire"):
            rows = rows.before_retire()
        return rows if self.dry else rows.select_for_update(of=("self",), no_key=True)

    def relate(self, works: Sequence[Work]) -> None:
        """Read every related record of the batch at once, per kind, and current many-to-many rows per field."""
        wanted: dict[Any, set[Any]] = {}
        there = [work for work in works if work.record is not None]
        for item in self.relations:
            name, attname, keys = item.name, item.attname, wanted.setdefault(item.related_model, set())
            keys.update(vars(work.record)[attname] for work in there)
            keys.update(key_of(work.row.fields[name]) for work in there if name in work.row.fields)
        for item in self.model._meta.many_to_many:
            named = [work for work in works if item.name in work.row.fields and work.going]
            if not named:
                continue
            mine, theirs = item.m2m_field_name(), item.m2m_reverse_field_name()
            now: dict[Any, set[Any]] = {}
            for key, other in item.remote_field.through.objects.filter(
                **{f"{mine}__in": [work.row.key for work in named if work.row.key]}
            ).values_list(mine, theirs):
                now.setdefault(key, set()).add(other)
            keys = wanted.setdefault(item.related_model, set())
            standing = item.related_model._base_manager.filter(pk__in=set().union(*now.values()))
            kept = set(engine.untold(self.by, standing).values_list("pk", flat=True)) if now else set()
            for work in named:
                before = now.get(work.row.key, set())
                given = (key_of(value) for value in work.row.fields[item.name])
                after = list(dict.fromkeys((*given, *sorted(before & kept))))
                work.links[item.name] = (before, after)
                keys.update(before, after)
        own = {work.record.pk: work.record for work in works if work.record is not None and work.record.pk}
        for kind, keys in wanted.items():
            held = self.held.setdefault(kind, {**self.assumed.get(kind, {}), **(own if kind is self.model else {})})
            while missing := keys - held.keys() - {None}:
                held.update({row.pk: row for row in self.seen(kind, missing)})
                held.update(dict.fromkeys(missing - held.keys()))
                if kind is self.model:  # a tree is walked upwards by clean()
                    keys = {
                        getattr(row, item.attname)
                        for row in held.values()
                        if row
                        for item in self.relations
                        if item.related_model is kind
                    }
        for row in self.held.get(self.model, {}).values():
            self.connect(row, only=self.model)

    def seen(self, kind: type[models.Model], keys: Iterable[Any]) -> models.QuerySet[Any]:
        rows = kind._base_manager.filter(pk__in=keys)
        if not issubclass(kind, Record):
            return rows
        held = engine.condition(self.by, engine.name(kind, "view"))
        return rows.annotate(_seen=engine.verdict_column(held))

    @cached_property
    def relations(self) -> list[Any]:
        return [item for item in self.model._meta.concrete_fields if item.is_relation]

    def connect(self, record: Any, only: Any = None) -> None:
        """Give a record the related instances at hand, so that its rules ask nothing."""
        if record is None:
            return
        values, cached = vars(record), record._state.fields_cache
        for item in self.relations:
            key = values[item.attname]
            if key is not None and only in {None, item.related_model}:
                held = self.held[item.related_model].get(key)
                if held is not None:
                    cached[item.cache_name] = held

    def related(self, item: Any, key: Any) -> Any:
        """A record that may be pointed to: seen by the actor and not retired."""
        row = self.held[item.related_model].get(key)
        if row is None or not row.__dict__.get("_seen", True):
            raise ValidationError({item.name: MISSING})
        if getattr(row, "retired_at", None):
            raise ValidationError({item.name: f"{row.number} is retired."})
        return row


def key_of(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
