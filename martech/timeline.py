"""The trail in sentences: who did what to a record, and what changed, in the words of its fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Value
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from martech.audit.models import INSTEAD, Entry
from martech.columns import Column, columns, visible
from martech.operations import Record
from martech.permissions import engine
from martech.verbs import verb


@dataclass(frozen=True)
class Difference:
    """One changed fact: its label, and before and after as people read them; empty text for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One entry of the trail as a sentence."""

    entry: Entry
    icon: str
    sentence: str
    differences: tuple[Difference, ...]

    @property
    def is_remark(self) -> bool:
        return self.entry.verb == "remark"


def lines(model: type[Record], entries: Iterable[Entry], actor: Any) -> list[Line]:
    """Entries of one kind of record as sentences, without what this actor may not see."""
    kept = list(entries)
    return [line(entry, model, changes) for entry, changes in zip(kept, cleared(kept, actor), strict=True)]


def mixed(entries: Iterable[Entry], actor: Any) -> list[Line]:
    """Entries of several kinds as sentences."""
    kept, known = list(entries), kinds()
    return [line(one, known.get(one.kind), changes) for one, changes in zip(kept, cleared(kept, actor), strict=True)]


def line(entry: Entry, model: type[Record] | None, changes: dict[str, Any]) -> Line:
    spoken = verb(entry.verb)
    known = columns(model) if model else {}
    told = tuple(
        Difference(known[name].label, worded(known[name], before), worded(known[name], after))
        if name in known
        else Difference(model.PARTS[name] if model else name, str(before or ""), str(after or ""))
        for name, (before, after) in changes.items()
        if name != INSTEAD
    )
    sentence = spoken.done(entry.text or entry.number)
    if entry.verb == "change" and told:
        labels = [item.label.lower() for item in told[:3]]
        more = f" and {len(told) - 3} more" if len(told) > 3 else ""
        sentence = f"changed {', '.join(labels)}{more}"
    if INSTEAD in changes:
        sentence = f"{sentence} in place of {entry.instead_of}"
    return Line(entry, spoken.icon, sentence, told if entry.verb != "add" else ())


def cleared(entries: Iterable[Entry], actor: Any) -> list[dict[str, Any]]:
    """Each entry's changes without the fields this actor may not see, and without the names of hidden records.

    One statement, however many kinds hide some of their rows, or fields of some rows, from the actor.
    """
    entries, known = list(entries), kinds()
    asked: dict[Question, set[int]] = {}
    made: list[tuple[Entry, Any, dict[str, Column], dict[str, Any]]] = []
    for entry in entries:
        model = known.get(entry.kind)
        seen = visible(actor, model) if model else {}
        parts = {*model.PARTS, INSTEAD} if model else {INSTEAD}
        made.append(
            (entry, model, seen, {name: pair for name, pair in entry.changes.items() if name in {*seen, *parts}})
        )
    for entry, model, seen, kept in made:
        for name in engine.field_conditions(actor, model).keys() & kept.keys() if model else ():
            asked.setdefault((model, name), set()).add(entry.key)
        for name, pair in kept.items():
            for ref in _references(seen, name, pair, actor):
                asked.setdefault((seen[name].related, ""), set()).add(ref["id"])
    told = _answered(asked, actor)
    return [
        {
            name: [_unnamed(value, _hidden(seen, name, pair, actor, told)) for value in pair]
            for name, pair in kept.items()
            if (model, name) not in asked or (model, name, entry.key) in told
        }
        for entry, model, seen, kept in made
    ]


Question = tuple[Any, str]
"""A kind of record, and the field that is asked about; an empty name asks for the record itself."""


def _references(seen: dict[str, Column], name: str, pair: Any, actor: Any) -> list[dict[str, Any]]:
    """The records a change names, where their kind hides some of its rows from the actor."""
    related = seen[name].related if name in seen else None
    if related is None or not issubclass(related, Record) or not hides(actor, related):
        return []
    return [one for value in pair for one in (value if isinstance(value, list) else [value]) if one]


def _hidden(seen: dict[str, Column], name: str, pair: Any, actor: Any, told: set[Any]) -> set[int]:
    """Of the records a change names, the keys of those the actor does not see."""
    refs = _references(seen, name, pair, actor)
    return {ref["id"] for ref in refs if (seen[name].related, "", ref["id"]) not in told}


def _answered(asked: dict[Question, set[int]], actor: Any) -> set[tuple[Any, str, int]]:
    """What the actor sees of what is asked."""
    questions = list(asked)
    arms = []
    for number, (model, name) in enumerate(questions):
        verdict = engine.field_conditions(actor, model)[name] if name else engine.naming(actor, model)
        if verdict is not False:
            rows = model._base_manager.filter(verdict, pk__in=asked[model, name])
            arms.append(rows.order_by().values_list(Value(number), "pk"))
    if not arms:
        return set()
    first, *rest = arms
    return {(*questions[number], key) for number, key in (first.union(*rest, all=True) if rest else first)}


def _unnamed(value: Any, hidden: set[int]) -> Any:
    if not hidden:
        return value
    if isinstance(value, list):
        return [_unnamed(one, hidden) for one in value]
    return {"id": None, "text": "a record you do not see"} if value and value["id"] in hidden else value


def hides(actor: Any, related: Any) -> bool:
    """Whether a kind of record hides some of its rows from the actor."""
    return engine.naming(actor, related) is not True


def worded(column: Column, value: Any) -> str:
    """A value of the trail as people read it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, dict):
        return str(value.get("text") or value.get("id"))
    if isinstance(value, list):
        return ", ".join(worded(column, item) for item in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.shape == "date":
        return date_format(date.fromisoformat(str(value)), "j M Y")
    if column.shape == "instant":
        moment = parse_datetime(str(value))
        return date_format(localtime(moment), "j M Y, H:i") if isinstance(moment, datetime) else str(value)
    return str(column.choices.get(value, value))


@cache
def kinds() -> Mapping[str, type[Record]]:
    """Every kind of record by its label."""
    return MappingProxyType(
        {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Record)}
    )
