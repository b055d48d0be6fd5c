"""Judging the rows of a bulk act by the rules of `operation`, asking the database per batch and never per row."""

import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from martech import birth, gates
from martech.bulk.reading import Reading, key_of
from martech.bulk.rows import Work
from martech.errors import Refused
from martech.operations import Record
from martech.permissions import engine
from martech.picture import begun, difference, empty, labelled, picture

CLAIMABLE: tuple[list[Any], ...] = ([], [("retired_at", None)], [("retired_at__isnull", True)])
"""Conditions of unique constraints that every unretired row fulfils."""

CLEAR = re.compile(r"https?://(?:[a-z0-9]{1,60}\.){1,3}[a-z]{2,60}(?:/[!-~]*)?")
"""Web addresses that are sound beyond doubt: others are looked at in full, at twenty times the time."""

PLAIN = frozenset({str, int, bool, date})
REMEMBERED = 50_000
"""Values that were found sound and are not looked at again: of most fields many rows have the same."""


class Judging(Reading):
    """Sound, allowed and in time: each row by itself, the unique among all."""

    def put(self, work: Work) -> None:
        """Set the fields; a state that only verbs move is moved by its verb."""
        record, move = work.record, None
        self.connect(record)
        for name, value in work.row.fields.items():
            item = self._fields[name]
            if item is None:
                setattr(record, name, value)
            elif item.many_to_many:
                before, after = work.links[name]
                for key in after:
                    if key not in before:
                        self.related(item, key)
            elif item.is_relation:
                key = key_of(value)
                if key != getattr(record, item.attname):
                    row = None if key is None else self.related(item, key)
                    setattr(record, item.attname, key)
                    item.set_cached_value(record, row)
            elif not work.adding:
                if value != getattr(record, name):
                    if name != self.model.STATE:
                        raise ValidationError({name: "This moves by the record's own actions only."})
                    move = value
            else:
                setattr(record, name, value)
        if work.adding:
            self.begin(work)
        if move is not None:
            self.move(work, move)

    def begin(self, work: Work) -> None:
        """A new record in its state: refused where no verb of the actor leads there, whatever the record."""
        state = work.record.state
        needed = birth.verbs(self.model, state)
        if needed and all(self.conditions[verb] is False for verb in needed):
            raise birth.refused(self.model, state, needed)
        work.record.begun_as(self.at)

    def move(self, work: Work, wanted: Any) -> None:
        """The verb that leads from the record's state to another: may they, is it time, its body."""
        record = work.record
        moves = self.model.FLOW.moves
        verb = next(
            (verb for verb, (before, after) in moves.items() if after == wanted and record.state in before), None
        )
        if verb is None:
            labels = dict(self.model._meta.get_field(self.model.STATE).flatchoices)
            raise ValidationError(
                {self.model.STATE: f"No step leads from {_low(labels, record.state)} to {_low(labels, wanted)}."}
            )
        if not self.may(verb, record):
            raise Refused(f"You may not {verb.replace('_', ' ')} {record.number}.")
        record.guard(verb)
        body = inspect.unwrap(self.model.OPERATIONS[verb])
        given = {"by": self.by, "at": self.at, "note": self.note, **work.row.fields}
        asked = inspect.signature(body).parameters.values()
        lacking = [p.name for p in asked if p.default is p.empty and p.name != "self" and not given.get(p.name)]
        if lacking:
            raise ValidationError({lacking[0]: f"Needed to {verb.replace('_', ' ')} it."})
        body(record, **{p.name: given[p.name] for p in asked if p.name in given})
        setattr(record, self.model.STATE, moves[verb][1])
        work.verb = verb

    def clean(self, work: Work) -> None:
        """Sound? What the row really changes, and may they."""
        record = work.record
        work.links = {name: pair for name, pair in work.links.items() if set(pair[1]) != pair[0]}
        if work.adding:
            touched = {self._columns[name] for name in work.row.fields if name in self._columns}
        else:
            touched = set(difference(work.before, picture(record)))
            if not touched and not work.links:
                work.outcome = "unchanged"
                return
            if work.verb == "change" or touched - {self.model.STATE}:
                if not self.may("change", record):
                    raise Refused(f"You may not change {record.number}.")
                if work.verb == "change":
                    record.guard("change")
        self._clean_fields(record, self._open(record, touched, work.adding))
        record.clean()
        after = picture(record)
        changes = work.difference = begun(after) if work.adding else difference(work.before, after)
        if not changes and not work.links:
            work.outcome = "unchanged"
            return
        work.touched = set(changes)
        work.changes = {
            **labelled(record, changes, self._holder),
            **{name: [self._named(name, keys) for keys in pair] for name, pair in work.links.items()},
        }

    def gate(self, works: Sequence[Work]) -> None:
        """What stands in front of the acts, asked once for all rows of the same verb."""
        asked: dict[str, list[Work]] = {}
        for work in works:
            if work.going and not work.adding and gates.checks(engine.name(self.model, work.verb)):
                asked.setdefault(work.verb, []).append(work)
        for verb, rows in asked.items():
            acts = [gates.Asked(work.record, verb, self.by, self.at, work.difference) for work in rows]
            found = gates.missing(engine.name(self.model, verb), acts)
            for work in rows:
                if work.record.pk in found:
                    work.fail(gates.refusal(found[work.record.pk]))

    @cached_property
    def _fields(self) -> dict[str, Any]:
        """Field by name; None where a value is set and nothing more."""
        meta = self.model._meta
        return {
            item.name: item if item.is_relation or item.name in self.model.BIRTH else None
            for item in (*meta.concrete_fields, *meta.many_to_many)
        }

    @cached_property
    def _columns(self) -> dict[str, str]:
        return {item.name: item.attname for item in self.model._meta.concrete_fields}

    @cached_property
    def _names(self) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Columns that may be touched -> field, and columns that must not be empty."""
        ours = {item.attname: item for item in self.model._meta.concrete_fields if item.name not in self.model.GIVEN}
        return ours, tuple(name for name, item in ours.items() if not item.blank and not item.primary_key)

    def _open(self, record: Record, touched: set[str], adding: bool) -> list[Any]:
        """Fields that need cleaning: not the untouched, related records known to exist, the record's own."""
        ours, needed = self._names
        values = vars(record)
        names = touched.union(name for name in needed if empty(values[name])) if adding else touched
        found = [ours[name] for name in names if name in ours]
        return [item for item in found if not item.is_relation or values[item.attname] is None]

    def _clean_fields(self, record: Record, items: Iterable[Any]) -> None:
        """As `clean_fields`; a value that was sound in one row is sound in the next."""
        errors, values = {}, vars(record)
        for item in items:
            value = values[item.attname]
            mark = (item.name, type(value), value) if type(value) in PLAIN else None
            if mark in self.sound or (item.blank and value in item.empty_values):
                continue
            if (
                mark
                and mark[1] is str
                and 0 < len(value) <= longest(item)
                and (type(item) is not models.URLField or CLEAR.fullmatch(value))
            ):
                continue
            try:
                made = item.clean(value, record)
            except ValidationError as error:
                errors[item.name] = error.error_list
                continue
            setattr(record, item.attname, made)
            if mark and made is value and len(self.sound) < REMEMBERED:
                self.sound.add(mark)
        if errors:
            raise ValidationError(errors)

    def _holder(self, item: Any, key: Any) -> Any:
        return self.held.get(item.related_model, {}).get(key)

    def _named(self, name: str, keys: Iterable[Any]) -> list[dict[str, Any]]:
        held = self.held[self.model._meta.get_field(name).related_model]
        return [{"id": key, "text": str(held[key]) if held.get(key) else ""} for key in keys]

    def unique(self, works: Sequence[Work]) -> None:
        """Values that must be unique, asked once per constraint; what slips through is caught by the database."""
        for name, fields, sentence in _uniques(self.model):
            claimed = self.claimed.setdefault(name, set()) if self.dry else set()
            blamed = self.model.BLAMES.get(name, fields[0] if len(fields) == 1 else "__all__")
            wanted: dict[tuple[Any, ...], Work] = {}
            for work in works:
                if work.going and (work.adding or work.touched & set(fields) or _returns(work)):
                    value = tuple(getattr(work.record, field) for field in fields)
                    if None in value:
                        continue
                    if value in claimed or value in wanted:
                        work.fail(sentence, blamed)
                    else:
                        wanted[value] = work
            if not wanted:
                continue
            asked = {f"{field}__in": {value[place] for value in wanted} for place, field in enumerate(fields)}
            live = {} if name.startswith("=") else {"retired_at": None}
            text = len(fields) == 1 and isinstance(self.model._meta.get_field(fields[0]), models.CharField)
            leaving = {work.record.pk: work for work in wanted.values() if text and not work.adding}
            waiting: list[tuple[Work, Work]] = []
            for key, *value in self.model._base_manager.filter(**asked, **live).values_list("pk", *fields):
                taker = wanted.get(tuple(value))
                if taker is None or taker.record.pk == key:
                    continue
                if key in leaving:
                    waiting.append((taker, leaving[key]))
                else:
                    taker.fail(sentence, blamed)
            while stuck := [taker for taker, holder in waiting if taker.going and not holder.going]:
                for taker in stuck:
                    taker.fail(sentence, blamed)
            if going := {holder.record.pk for taker, holder in waiting if taker.going}:
                self.swapped.setdefault(fields[0], set()).update(going)
            claimed.update(wanted)

    def refer(self, works: Sequence[Work]) -> None:
        """What sources call the records: a new name is kept, one of another record refused, one of a retired freed."""
        named = [work for work in works if work.row.ref and work.outcome != "error"]
        if not named:
            return
        refs = self.model._meta.apps.get_model("records.ExternalRef").objects.filter(
            kind=self.model._meta.label_lower,
            source__in={work.row.ref[0] for work in named if work.row.ref},
            external_id__in={work.row.ref[1] for work in named if work.row.ref},
        )
        held = {(ref.source, ref.external_id): ref for ref in refs}
        current = set(
            self.model._base_manager.filter(pk__in=[ref.key for ref in held.values()], retired_at=None).values_list(
                "pk", flat=True
            )
        )
        self.freed = [ref.pk for ref in held.values() if ref.key not in current]
        for work in named:
            ref = held.get(work.row.ref)  # type: ignore[arg-type]
            if ref is not None and ref.key in current and ref.key != work.row.key:
                work.fail(
                    f"{self.model.PREFIX}-{ref.key} is called {ref.external_id} by {ref.source} already.", "external_id"
                )
            elif ref is None or ref.key not in current:
                if not work.adding and not self.may("change", work.record):
                    work.fail(f"You may not change {work.record.number}.")
                    continue
                work.new_ref = work.row.ref
                work.outcome = "created" if work.adding else "changed"
                work.changes["external_id"] = [None, ": ".join(work.row.ref or ())]


@cache
def longest(item: Any) -> int:
    """Up to how many characters any text is sound in this field; 0 where more is asked of it than its length."""
    if type(item) not in {models.CharField, models.TextField, models.URLField} or item.choices:
        return 0
    lengths = [one.limit_value for one in item.validators if type(one) is MaxLengthValidator]
    others = [one for one in item.validators if type(one) is not MaxLengthValidator]
    if others != (models.URLField.default_validators if type(item) is models.URLField else []):
        return 0
    return min(lengths, default=sys.maxsize)


def _returns(work: Work) -> bool:
    """Whether a retired record comes back, and with it what it claims."""
    return "retired_at" in work.touched and work.record.retired_at is None


def _low(labels: dict[Any, Any], state: Any) -> str:
    return f"“{labels.get(state, state)}”"


def _uniques(model: type[Record]) -> list[tuple[str, tuple[str, ...], str]]:
    """What must be unique and can be asked ahead: name, columns, sentence. A name with `=` counts retired rows too."""
    found = [
        (
            str(item.name),
            tuple(model._meta.get_field(name).attname for name in item.fields),
            str(item.get_violation_error_message()),
        )
        for item in model._meta.constraints
        if isinstance(item, models.UniqueConstraint)
        and item.fields
        and (item.condition.children if item.condition else []) in CLAIMABLE
    ]
    found += [
        (f"={item.name}", (item.attname,), f"There is already one with this {item.verbose_name}.")
        for item in model._meta.concrete_fields
        if item.unique and not item.primary_key
    ]
    return found
