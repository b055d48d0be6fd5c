"""The trail in sentences: who did what to a record, and what changed, in the words of its fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from martech.audit.models import Entry
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
    )
    sentence = spoken.done(entry.text or entry.number)
    if entry.verb == "change" and told:
        labels = [item.label.lower() for item in told[:3]]
        more = f" and {len(told) - 3} more" if len(told) > 3 else ""
        sentence = f"changed {', '.join(labels)}{more}"
    return Line(entry, spoken.icon, sentence, told if entry.verb != "add" else ())


def cleared(entries: Iterable[Entry], actor: Any) -> list[dict[str, Any]]:
    """Each entry's changes without the fields this actor may not see, and without the names of hidden records.

    One statement for each kind of record that hides some of its rows, or fields of some rows, from the actor.
    """
    entries = list(entries)
    masked = _masked(entries, actor)
    known = kinds()
    asked: dict[type[Record], set[int]] = {}
    made: list[dict[str, Any]] = []
    named: list[tuple[type[Record], dict[str, Any]]] = []
    for entry in entries:
        model = known.get(entry.kind)
        seen = visible(actor, model) if model else {}
        kept = {
            name: list(pair)
            for name, pair in entry.changes.items()
            if (name in seen and (model, name, entry.key) not in masked) or (model is not None and name in model.PARTS)
        }
        made.append(kept)
        for name, pair in kept.items():
            related = seen[name].related if name in seen else None
            if related is not None and hides(actor, related):
                refs = [one for value in pair for one in (value if isinstance(value, list) else [value]) if one]
                asked.setdefault(related, {0}).update(ref["id"] for ref in refs)
                named += [(related, ref) for ref in refs]
    shown = {
        related: set(engine.scope(actor, related._base_manager.filter(pk__in=keys)).values_list("pk", flat=True))
        for related, keys in asked.items()
    }
    hidden = {id(ref) for related, ref in named if ref["id"] not in shown[related]}
    return [
        {name: [_unnamed(value, hidden) for value in pair] for name, pair in kept.items()} if hidden else kept
        for kept in made
    ]


def _masked(entries: list[Entry], actor: Any) -> set[tuple[Any, str, int]]:
    """(kind, field, key) of what the entries tell of fields that this actor sees on other rows only."""
    known = kinds()
    asked: dict[type[Record], set[tuple[str, int]]] = {}
    for entry in entries:
        model = known.get(entry.kind)
        if model is not None:
            for name in engine.field_conditions(actor, model).keys() & entry.changes.keys():
                asked.setdefault(model, set()).add((name, entry.key))
    found = set()
    for model, pairs in asked.items():
        rows = model._base_manager.filter(pk__in={key for _, key in pairs})
        verdicts = {name: engine.verdict_column(q) for name, q in engine.field_conditions(actor, model).items()}
        told = {row["pk"]: row for row in rows.values("pk", **{f"sees_{name}": q for name, q in verdicts.items()})}
        found |= {(model, name, key) for name, key in pairs if not told.get(key, {}).get(f"sees_{name}")}
    return found


def _unnamed(value: Any, hidden: set[int]) -> Any:
    if isinstance(value, list):
        return [_unnamed(one, hidden) for one in value]
    return {"id": None, "text": "a record you do not see"} if id(value) in hidden else value


def hides(actor: Any, related: Any) -> bool:
    """Whether a kind of record hides some of its rows from the actor."""
    return not isinstance(engine.condition(actor, engine.name(related, "view")), bool)


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


def kinds() -> dict[str, type[Record]]:
    """Every kind of record by its label."""
    return {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Record)}
