"""Two people changed the same field: what each wrote, and whose word stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from martech.audit.models import Entry
from martech.operations import Record
from martech.web.forms import RecordForm, same

CHOICES = frozenset({"mine", "theirs"})


def decided(form: RecordForm, record: Any, post: Mapping[str, str]) -> tuple[dict[str, Any], list["Conflict"]]:
    """What to change, and the conflicts in full where one of them is still open; empty once all are decided.

    `choose-<field>` is mine or theirs. It counts only while what it was chosen against, the value at the version
    `judged`, still stands: whoever changes the field once more is asked about as well.
    """
    wanted = form.changed(seen := as_of(record, form.cleaned_data["version"] or 0, form.names))
    found = conflicts(form, record, seen)
    judged = post.get("judged", "")
    if not found:
        return wanted, []
    now = as_of(record, 0, form.names)
    then = as_of(record, int(judged), form.names) if judged.isascii() and judged.isdigit() and len(judged) < 10 else {}
    chosen = {
        one.name: post.get(f"choose-{one.name}", "")
        for one in found
        if one.name in then and same(then[one.name], now[one.name]) and post.get(f"choose-{one.name}") in CHOICES
    }
    if len(chosen) < len(found):
        return wanted, [replace(one, choice=chosen.get(one.name, "")) for one in found]
    return {name: value for name, value in wanted.items() if chosen.get(name) != "theirs"}, []


def carried(post: Mapping[str, str]) -> list[tuple[str, str]]:
    """The decisions a form brought, for the form that has to be looked at once more for another reason."""
    return [(name, post[name][:20]) for name in post if name == "judged" or name.startswith("choose-")]


def as_of(record: Any, version: int, names: tuple[str, ...]) -> dict[str, Any]:
    """The record's fields as they were at a version: today's, with the trail's later changes taken back."""
    seen = {
        name: list(getattr(record, name).all()) if record._meta.get_field(name).many_to_many else getattr(record, name)
        for name in names
    }
    if version and version < record.version:
        later = Entry.objects.filter(kind=record._meta.label_lower, key=record.pk, version__gt=version).order_by("-id")
        for entry in later:
            for name, (before, _) in entry.changes.items():
                if name in seen:
                    seen[name] = _from_trail(record, name, before)
    return seen


def _from_trail(record: Any, name: str, value: Any) -> Any:
    item = record._meta.get_field(name)
    if item.many_to_many:
        return list(item.related_model._base_manager.filter(pk__in=[one["id"] for one in value or ()]))
    if item.is_relation:
        return item.related_model._base_manager.filter(pk=value["id"]).first() if value else None
    if value is None:
        return None if item.null else item.get_default()
    return item.to_python(value)


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what stands now, and what was typed."""

    name: str
    label: str
    before: str
    after: str
    choice: str = ""


def conflicts(form: RecordForm, record: Any, seen: dict[str, Any]) -> list[Conflict]:
    """Fields the person changed that somebody else has changed to something else since."""
    now = as_of(record, 0, form.names)
    return [
        Conflict(name, str(form.fields[name].label), _shown(form, name, now[name]), _shown(form, name, value))
        for name, value in form.changed(seen).items()
        if not same(now[name], seen[name]) and not same(value, now[name])
    ]


def _shown(form: RecordForm, name: str, value: Any) -> str:
    if hasattr(value, "model") and not isinstance(value, Record):
        value = list(value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    choices = dict(getattr(form.fields[name], "choices", None) or ()) if not isinstance(value, Record) else {}
    return "" if value is None else str(choices.get(value, value))
