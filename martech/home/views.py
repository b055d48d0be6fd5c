"""Pages that belong to no one app: home, search, the trail, suggestions, health."""

import re
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from martech import timeline
from martech.audit.models import Entry
from martech.files.models import INLINE, Document
from martech.home import search as searching
from martech.home import work
from martech.permissions import engine
from martech.verbs import VERBS
from martech.web import links

SHOWN = 50
"""Entries of the trail on one page."""
NARROWING = ("kind", "key", "verb", "by", "act", "origin")
"""What the trail can be narrowed by; notices lead to one act, or to one import."""


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is mine, what waits for me, what changed."""
    return render(request, "home/home.html", {**work.of(request.user), "page_title": "Home"})


@login_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Any record by number, prefix or words."""
    text = request.GET.get("q", "")[:200].replace("\0", "")
    if getattr(request, "htmx", False):
        found = searching.find(text, request.user, most=4)
        return render(request, "home/search.html#found", {"found": found, "text": text, "brief": True})
    found = searching.find(text, request.user)
    if len(found.exact) == 1 and not request.GET.get("all"):
        return redirect(found.exact[0].url)
    return render(request, "home/search.html", {"found": found, "text": text, "page_title": "Search"})


@login_required
@require_safe
def suggest(request: HttpRequest, kind: str) -> HttpResponse:
    """Records of one kind whose text holds what was typed, as JSON for the suggestion list."""
    model = timeline.kinds().get(kind)
    if model is None or engine.condition(request.user, engine.name(model, "view")) is False:
        raise Http404
    rows = searching.narrowed(
        engine.scope(request.user, model._base_manager.filter(retired_at=None)), request.GET.get("q", "")[:100]
    )
    return JsonResponse(
        {"results": [{"value": f"{row} ({row.number})", "label": str(row), "number": row.number} for row in rows[:12]]}
    )


def act_named(text: str) -> UUID | None:
    """The act whose id this is; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """The trail: every change of every record this person sees, newest first."""
    rows = engine.scope(request.user, Entry.objects.select_related("by"))
    asked = {name: request.GET.get(name, "").strip().replace("\0", "") for name in (*NARROWING, "before")}
    kinds = timeline.kinds()
    by = re.search(r"(?:^|PER-)(\d{1,18})\)?$", asked["by"])
    keys = {
        name: int(asked[name])
        for name in ("key", "before")
        if asked[name].isascii() and asked[name].isdigit() and len(asked[name]) < 19
    }
    if asked["kind"] in kinds:
        rows = rows.filter(kind=asked["kind"])
    if "key" in keys:
        rows = rows.filter(key=keys["key"])
    if asked["act"]:
        act = act_named(asked["act"])
        rows = rows.filter(act=act) if act else rows.none()
    if asked["origin"]:
        rows = rows.filter(origin=asked["origin"])
    if asked["verb"].isidentifier():
        rows = rows.filter(verb=asked["verb"])
    if asked["by"]:
        rows = (
            rows.filter(by=int(by[1]))
            if by
            else rows.none()
            if asked["by"] != "me"
            else rows.filter(by=request.user.pk)
        )
    if "before" in keys:
        rows = rows.filter(pk__lt=keys["before"])
    entries = list(rows.order_by("-id")[: SHOWN + 1])
    lines = [
        (line, links.url(line.entry.kind, line.entry.key)) for line in timeline.mixed(entries[:SHOWN], request.user)
    ]
    context = {
        "days": [
            (day, list(told)) for day, told in groupby(lines, key=lambda told: timezone.localdate(told[0].entry.at))
        ],
        "page_title": "Trail",
        "asked": asked,
        "narrowed": any(asked[name] for name in NARROWING),
        "kinds": [
            (label, str(model._meta.verbose_name_plural)) for label, model in kinds.items() if links.list_url(label)
        ],
        "verbs": sorted(((name, spoken.label) for name, spoken in VERBS.items()), key=lambda pair: pair[1]),
        "newest": urlencode({name: text for name, text in asked.items() if text and name != "before"}),
        "older": urlencode({**{name: text for name, text in asked.items() if text}, "before": entries[SHOWN - 1].pk})
        if len(entries) > SHOWN
        else "",
    }
    return render(request, "home/trail.html", context)


@login_required
@require_safe
def document(request: HttpRequest, key: int) -> FileResponse:
    """The content of a document: harmless types may open, everything else is saved."""
    found = engine.get(request.user, Document.objects.filter(retired_at=None), key)
    if not found.path.exists():
        raise Http404
    inline = found.media_type in INLINE
    response = FileResponse(
        found.path.open("rb"), as_attachment=not inline, filename=found.name, content_type=found.media_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@login_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "styleguide.html", {"page_title": "Styleguide"})
