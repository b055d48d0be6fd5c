"""What every record's page tells beside its own sections: facts, what is possible, comments, documents, timeline."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from martech import timeline
from martech.audit.models import Entry
from martech.columns import Column, sheet
from martech.files.models import Document
from martech.operations import Record
from martech.permissions import engine
from martech.records.models import ExternalRef, Follow
from martech.verbs import verb as words_of
from martech.web import cells, links
from martech.web.forms import RecordForm, same

RECENT = 40


@dataclass(frozen=True)
class Fact:
    """One fact of the record's page."""

    name: str
    label: str
    value: Any
    missing: bool


@dataclass(frozen=True)
class Button:
    """One act that is possible now: a link to its form."""

    verb: str
    label: str
    icon: str
    style: str
    url: str


def of(record: Any, user: Any, known: dict[str, Column], leading: tuple[str, ...]) -> dict[str, Any]:
    """The common part of a detail page's context, in a fixed number of statements."""
    model, kind = type(record), record._meta.label_lower
    names = tuple(name for name in known if known[name].shape != "ring")
    row = sheet(model, names).of(record, user)
    entries = list(Entry.objects.filter(kind=kind, key=record.pk).select_related("by").order_by("-id")[: RECENT + 1])
    lines = timeline.lines(model, entries[:RECENT], user)
    verbs = record.verbs(user)
    followers = list(Follow.of(record).select_related("person"))
    told = {name: fact(model, known[name], row) for name in names if not name.endswith("_name")}
    return {
        "record": record,
        "row": row,
        "facts": told,
        "leading": [told[name] for name in leading if name in told],
        "verbs": verbs,
        "buttons": buttons(record, verbs),
        "today": timezone.localdate(),
        "lines": lines,
        "more_lines": len(entries) > RECENT,
        "followers": [follow.person for follow in followers],
        "follows": any(follow.person_id == user.pk for follow in followers),
        "documents": list(Document.objects.filter(kind=kind, key=record.pk, retired_at=None).order_by("-id")),
        "may_attach": engine.condition(user, "files.add_document") is not False,
        "external_refs": list(ExternalRef.objects.filter(kind=kind, key=record.pk)),
        "page_title": str(record),
    }


def fact(model: type[Record], column: Column, row: dict[str, Any]) -> Fact:
    value = row.get(column.name)
    return Fact(column.name, column.label, cells.cell(model, column, row), value in (None, "", []) or value == "unknown")


HIDDEN = frozenset({"remark", "change", "choose_theme", "verify", "assess", "share", "unshare"})


def buttons(record: Record, verbs: list[str]) -> list[Button]:
    """The acts as buttons: the state's own moves first."""
    base = links.of(record)
    ordered = sorted((v for v in verbs if v not in HIDDEN), key=lambda v: (words_of(v).style != "primary", words_of(v).style == "danger"))
    return [
        Button(v, words_of(v).label, words_of(v).icon, words_of(v).style, f"{base}{v.replace('_', '-')}/") for v in ordered
    ]


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
        return [row for row in item.related_model._base_manager.filter(pk__in=[one["id"] for one in value or ()])]
    if item.is_relation:
        return item.related_model._base_manager.filter(pk=value["id"]).first() if value else None
    if value is None:
        return None if item.null else item.get_default()
    return item.to_python(value)


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what stands now, and what was typed."""

    label: str
    before: str
    after: str
    conflict: bool = True


def conflicts(form: RecordForm, record: Any, seen: dict[str, Any]) -> list[Conflict]:
    """Fields the person changed that somebody else has changed to something else since."""
    now = as_of(record, 0, form.names)
    return [
        Conflict(str(form.fields[name].label), _shown(form, name, now[name]), _shown(form, name, value))
        for name, value in form.changed(seen).items()
        if not same(now[name], seen[name]) and not same(value, now[name])
    ]


def _shown(form: RecordForm, name: str, value: Any) -> str:
    if hasattr(value, "model") and not isinstance(value, Record):
        value = list(value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    choices = dict(getattr(form.fields[name], "choices", None) or ()) if not isinstance(value, Record) else {}
    return "" if value is None else str(choices.get(value, value))


def attach(request: HttpRequest, record: Record) -> HttpResponse:
    """Add an uploaded file to the record."""
    upload = request.FILES.get("content")
    if getattr(request, "upload_refused", False):
        raise ValidationError("The file is larger than 25 MB.")
    if upload is None:
        raise ValidationError("Choose a file first.")
    Document.add(by=request.user, subject=record, content=upload, name=upload.name or "", note=request.POST.get("note", "")[:200])
    messages.success(request, "The document is attached.")
    return redirect(links.of(record))
