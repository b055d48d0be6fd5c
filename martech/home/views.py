"""Pages that belong to no one app: home, search, the trail, suggestions, health."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required, login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from martech import timeline
from martech.audit.models import Entry
from martech.files.models import INLINE, Document
from martech.home import search as searching
from martech.home import work
from martech.permissions import engine
from martech.web import links


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
    found = searching.find(text, request.user)
    if len(found.exact) == 1 and not request.GET.get("all"):
        from_number = found.exact[0]
        return HttpResponse(status=302, headers={"Location": from_number.url})
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
    kind, key, verb, before = (request.GET.get(name, "") for name in ("kind", "key", "verb", "before"))
    if kind in timeline.kinds():
        rows = rows.filter(kind=kind)
    if key.isdigit() and len(key) < 19:
        rows = rows.filter(key=int(key))
    if verb.isidentifier():
        rows = rows.filter(verb=verb)
    if act := act_named(request.GET.get("act", "")):
        rows = rows.filter(act=act)
    if origin := request.GET.get("origin", "")[:120].replace("\0", ""):
        rows = rows.filter(origin=origin)
    if before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    entries = list(rows.order_by("-id")[:51])
    lines = [(line, links.url(line.entry.kind, line.entry.key)) for line in timeline.mixed(entries[:50], request.user)]
    context = {
        "lines": lines,
        "page_title": "Trail",
        "kind": kind,
        "key": key,
        "verb": verb,
        "kinds": [
            (label, str(model._meta.verbose_name_plural).capitalize()) for label, model in timeline.kinds().items()
        ],
        "older": entries[49].pk if len(entries) > 50 else None,
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
