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
