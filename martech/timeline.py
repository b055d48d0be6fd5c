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
from martech.columns import Column, visible
from martech.operations import Record
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
    """Entries of one kind of record as sentences, without the fields this actor may not see."""
    seen = visible(actor, model)
    return [line(entry, seen) for entry in entries]


def line(entry: Entry, seen: dict[str, Column]) -> Line:
    spoken = verb(entry.verb)
    changed = {name: pair for name, pair in entry.changes.items() if name in seen}
    told = tuple(
        Difference(seen[name].label, worded(seen[name], before), worded(seen[name], after))
        for name, (before, after) in changed.items()
    )
    sentence = f"{spoken.past} {entry.text or entry.number}"
    if entry.verb == "change" and told:
        labels = [item.label.lower() for item in told[:3]]
        more = f" and {len(told) - 3} more" if len(told) > 3 else ""
        sentence = f"changed {', '.join(labels)}{more}"
    return Line(entry, spoken.icon, sentence, told if entry.verb != "add" else ())


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


def mixed(entries: Iterable[Entry], actor: Any) -> list[Line]:
    """Entries of several kinds as sentences."""
    known = kinds()
    seen: dict[str, dict[str, Column]] = {}
    made = []
    for entry in entries:
        model = known.get(entry.kind)
        if entry.kind not in seen:
            seen[entry.kind] = visible(actor, model) if model else {}
        made.append(line(entry, seen[entry.kind]))
    return made
