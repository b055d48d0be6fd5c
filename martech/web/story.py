"""What every record's page tells beside its own sections: facts, what is possible, comments, documents, timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from martech import timeline
from martech.audit.models import Entry
from martech.columns import Column
from martech.files.models import Document
from martech.operations import Record
from martech.permissions import engine
from martech.questions import question
from martech.records.models import ExternalRef, Follow
from martech.verbs import verb as words_of
from martech.web import facts, hand, links

PERSON = "accounts.user"
RECENT = 40
TOLD_APART = ("name", "description", "definition", "confidential", "lifecycle", "status")
"""Facts that every page tells in its own way, not in a group."""


@dataclass(frozen=True)
class Button:
    """One act that is possible now: a link to its form."""

    verb: str
    label: str
    icon: str
    style: str
    url: str


@dataclass(frozen=True)
class Passage:
    """A line of the timeline; `times` is how often the same person did the same thing in a row."""

    line: timeline.Line
    times: int
    url: str


@dataclass(frozen=True)
class Attached:
    """A document of the record."""

    pk: int
    name: str
    note: str
    size: int
    created_at: datetime


@dataclass(frozen=True)
class Follower:
    """Somebody who hears of what happens to the record."""

    pk: int
    name: str
    url: str


@dataclass(frozen=True)
class Reference:
    """What another system calls the record."""

    source: str
    external_id: str
    url: str


@dataclass(frozen=True)
class Beside:
    """What hangs on a record: its documents, who follows it, and what other systems call it."""

    documents: tuple[Attached, ...]
    followers: tuple[Follower, ...]
    references: tuple[Reference, ...]


def beside(kind: str, key: int) -> Beside:
    """What hangs on a record, the latest document first, in one statement."""
    told: dict[str, list[Any]] = {"document": [], "follow": [], "reference": []}
    for part, *rest in sorted(_hanging(None, kind, key=key), key=lambda row: row[1]):
        told[part].append(rest)
    return Beside(
        tuple(Attached(one, name, note, size, at) for one, name, note, _, size, at in reversed(told["document"])),
        tuple(Follower(who, name or email, links.url(PERSON, who)) for _, name, email, _, who, _ in told["follow"]),
        tuple(Reference(source, name, url) for _, source, name, url, _, _ in told["reference"]),
    )


@question
def _hanging(_actor: None, kind: str, *, key: Any) -> Any:
    """(what, its key, three texts, a number, an instant) of everything that hangs on a record."""
    here, never = {"kind": kind, "key": key}, Cast(Value(None), DateTimeField())
    documents = Document.objects.filter(**here, retired_at=None).values_list(
        Value("document"), "pk", "name", "note", Value(""), "size", "created_at"
    )
    follows = Follow.objects.filter(**here).values_list(
        Value("follow"), "pk", "person__name", "person__email", Value(""), "person_id", never
    )
    references = ExternalRef.objects.filter(**here).values_list(
        Value("reference"), "pk", "source", "external_id", "url", Value(0), never
    )
    return documents.union(follows, references, all=True)


@question
def _entries(_actor: None, kind: str, *, key: Any) -> Any:
    """The latest entries of a record's trail, one more than are told."""
    return Entry.objects.filter(kind=kind, key=key).select_related("by").order_by("-id")[: RECENT + 1]


def of(
    record: Any,
    user: Any,
    known: dict[str, Column],
    leading: tuple[str, ...],
    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> dict[str, Any]:
    """The common part of a detail page's context, in a fixed number of statements."""
    model, kind = type(record), record._meta.label_lower
    names = tuple(name for name in known if known[name].shape not in {"ring", "named"})
    row = hand.row(record, user)
    entries = _entries(None, kind, key=record.pk)
    verbs = hand.verbs(record, user)
    change_url = f"{links.of(record)}change/" if "change" in verbs else ""
    hanging = beside(kind, record.pk)
    told = {name: facts.fact(model, known[name], row, change_url) for name in names if not name.endswith("_name")}
    acts = buttons(record, verbs)
    primary = next((act for act in acts if act.style == "primary"), None)
    return {
        "record": record,
        "row": row,
        "facts": told,
        "leading": [told[name] for name in leading if name in told],
        "groups": facts.groups(told, fieldsets, frozenset({*TOLD_APART, *leading})),
        "verbs": verbs,
        "change_url": change_url,
        "primary": primary,
        "acts": [act for act in acts if act is not primary],
        "reason": reason(record, entries),
        "today": timezone.localdate(),
        "passages": passages(timeline.lines(model, entries[:RECENT], user)),
        "comments": sum(entry.verb == "remark" for entry in entries[:RECENT]),
        "more_lines": len(entries) > RECENT,
        "followers": hanging.followers,
        "follows": any(follower.pk == user.pk for follower in hanging.followers),
        "documents": hanging.documents,
        "may_attach": engine.possible(user, "files.add_document"),
        "external_refs": hanging.references,
        "page_title": str(record),
    }


ELSEWHERE = frozenset({"remark", "change", "choose_theme", "share", "unshare", "restore", "settle", "accept"})
"""Acts that a page offers where they belong, not among its buttons."""


def buttons(record: Record, verbs: list[str]) -> list[Button]:
    """The acts as buttons: the state's own moves first, what ends something last."""
    base = links.of(record)
    ordered = sorted(
        (v for v in verbs if v not in ELSEWHERE),
        key=lambda v: (words_of(v).style != "primary", words_of(v).style == "danger"),
    )
    return [
        Button(v, words_of(v).label, words_of(v).icon, words_of(v).style, f"{base}{v.replace('_', '-')}/")
        for v in ordered
    ]


def reason(record: Any, entries: list[Entry]) -> Entry | None:
    """The act that brought the record into its present state, from what is told, else from the trail."""
    moves = record.FLOW.moves.items()
    verbs = {"retire", "merge"} if record.retired_at else {verb for verb, (_, after) in moves if after == record.state}
    found = next((entry for entry in entries if entry.verb in verbs), None)
    if found is None and verbs and len(entries) > RECENT:
        kept = Entry.objects.filter(kind=record._meta.label_lower, key=record.pk, verb__in=verbs)
        found = kept.select_related("by").order_by("-id").first()
    return found


def passages(lines: list[timeline.Line]) -> list[Passage]:
    """The lines, with the same act by the same person several times in a row told once."""
    made: list[Passage] = []
    for line in lines:
        last = made[-1].line if made else None
        again = last is not None and not (
            line.is_remark or line.differences or line.entry.note or last.differences or last.entry.note
        )
        if again and last is not None and (last.sentence, last.entry.by_id) == (line.sentence, line.entry.by_id):
            made[-1] = Passage(last, made[-1].times + 1, made[-1].url)
        else:
            made.append(Passage(line, 1, links.of(line.entry.by)))
    return made


def attach(request: HttpRequest, record: Record) -> HttpResponse:
    """Add an uploaded file to the record."""
    upload = request.FILES.get("content")
    if getattr(request, "upload_refused", False):
        raise ValidationError("The file is larger than 25 MB.")
    if upload is None:
        raise ValidationError("Choose a file first.")
    Document.add(
        by=request.user, subject=record, content=upload, name=upload.name or "", note=request.POST.get("note", "")[:200]
    )
    messages.success(request, "The document is attached.")
    return redirect(links.of(record))
