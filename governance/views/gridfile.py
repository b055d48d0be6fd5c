"""The page that imports a RACI grid: bring a file, see row by row what begins and ends, confirm.

Nothing is kept between the two: the preview carries what was read, signed for the person who brought it.
"""

from collections import defaultdict
from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from governance.forms import GridFile
from governance.gridfile import Line, Reader
from governance.letters import Cell
from governance.models import Assignment
from governance.reports import gridfile as report
from inventory.models import System
from martech.errors import Refused, Stale, said
from martech.imports import reading
from martech.permissions import engine
from martech.web import sending

MOST = 1000
"""Letters that one file may begin and end."""
SHOWN = 500
"""Rows of a preview that are shown; what lies beyond is counted."""
DAY = 24 * 60 * 60
MATRIX = "/governance/matrix/"
CRUMBS = [{"label": "RACI matrix", "url": MATRIX}]


@login_required
@require_http_methods(("GET", "HEAD", "POST"))
def bring(request: HttpRequest) -> HttpResponse:
    """The form, and on POST the preview of its file; a POST that carries a preview confirms it."""
    user: Any = request.user
    if not engine.possible(user, "governance.add_assignment"):
        raise PermissionDenied
    if "plan" in request.POST:
        return _confirm(request)
    given = request.POST if request.method == "POST" else None
    form = GridFile(given, request.FILES or None, initial={"system": request.GET.get("system", "")[:200]})
    if getattr(request, "upload_refused", False):
        form.refuse()
    elif given is not None and form.is_valid():
        read = _read(form, user)
        if read is not None:
            return _preview(request, read)
    context = {"form": form, "page_title": "Import a RACI grid", "crumbs": CRUMBS, "base": MATRIX}
    return render(request, "governance/gridfile.html", context, status=200 if given is None else 422)


def _read(form: GridFile, user: Any) -> dict[str, Any] | None:
    """What the file says, as the preview carries it; None where the form now says why it cannot be read."""
    file, told = form.cleaned_data["file"], form.cleaned_data
    reader = Reader(user)
    if told["system"]:
        key, wrong = reader.system(told["system"])
        if wrong:
            form.add_error("system", wrong)
            return None
        reader.chosen = key
    try:
        table = reading.read(file.read(), file.name, encoding=told["encoding"] or None)
        lines = reader.read(table)
    except reading.Unreadable as error:
        form.add_error("file", error.reason)
        return None
    read = {name: told[name] for name in ("note", "complete")}
    return {
        **read,
        "on": told["on"].isoformat(),
        "lines": [asdict(one) for one in lines],
        "notes": table.notes,
        "digest": "",
    }


def _fates(read: dict[str, Any], user: Any) -> list[report.Fate]:
    lines = [Line(**{**one, "faults": [*one["faults"]]}) for one in read["lines"]]
    return report.fates(user, lines, date.fromisoformat(read["on"]), complete=read["complete"])


def _salt(user: Any) -> str:
    return f"governance.gridfile.{user.pk}"


def _preview(request: HttpRequest, read: dict[str, Any], status: int = 200, refusal: str = "") -> HttpResponse:
    """Row by row what would happen; only what would, or what is wrong, is carried on."""
    told = _fates(read, request.user)
    wrong = [one for one in told if one.line.faults]
    doing = [one for one in told if not one.line.faults and one.changes]
    alone = [one for one in doing if one.alone]
    changes = sum(one.changes for one in doing)
    kept = {(one.line.line, one.line.system, one.line.activity) for one in (*wrong, *doing)}
    carried = {
        **read,
        "lines": [one for one in read["lines"] if (one["line"], one["system"], one["activity"]) in kept],
        "digest": report.digest([*wrong, *doing]),
    }
    if changes > MOST:
        refusal = f"{changes:,} letters would begin or end; at most {MOST:,} can at once. Split the file."
    context = {
        "wrong": wrong[:SHOWN],
        "doing": [one for one in doing if not one.alone][:SHOWN],
        "alone": alone,
        "more": max(0, len(wrong) - SHOWN) + max(0, len(doing) - len(alone) - SHOWN),
        "figures": (
            ("Rows that change letters", len(doing)),
            ("Unchanged", len(told) - len(wrong) - len(doing)),
            ("Without an accountable person", len(alone)),
            ("Left out", len(wrong)),
        ),
        "changes": changes,
        "may": bool(doing) and changes <= MOST,
        "plan": signing.dumps(carried, salt=_salt(request.user), compress=True) if doing else "",
        "notes": read["notes"],
        "on": date.fromisoformat(read["on"]),
        "ticked": request.POST.getlist("alone"),
        "refusal": refusal,
        "once": sending.key(request),
        "page_title": "What this grid would do",
        "crumbs": [*CRUMBS, {"label": "Import a RACI grid", "url": f"{MATRIX}import/"}],
        "base": MATRIX,
    }
    return render(request, "governance/gridfile_preview.html", context, status=status)


def _confirm(request: HttpRequest) -> HttpResponse:
    """What the preview said, in one act; where the letters changed meanwhile, the new preview instead."""
    user: Any = request.user
    try:
        read = signing.loads(request.POST["plan"], salt=_salt(user), max_age=DAY)
    except signing.BadSignature:
        messages.error(request, "This preview is no longer good. Bring the file again.")
        return redirect(f"{MATRIX}import/")
    try:
        return sending.done_once(request, lambda: _apply(request, read))
    except (Refused, Stale, ValidationError) as error:
        return _preview(request, read, 409, said(error))


def _apply(request: HttpRequest, read: dict[str, Any]) -> HttpResponse:
    user: Any = request.user
    told = _fates(read, user)
    wrong = [one for one in told if one.line.faults]
    if report.digest([*wrong, *(one for one in told if not one.line.faults and one.changes)]) != read["digest"]:
        raise Refused("Somebody changed these letters meanwhile. This is what the file would do now.")
    ticked = set(request.POST.getlist("alone"))
    doing = [one for one in told if not one.line.faults and one.changes and (not one.alone or one.key in ticked)]
    if not doing:
        raise Refused("Nothing is left to do: tick the rows that may stay without an accountable person.")
    if sum(one.changes for one in doing) > MOST:
        raise Refused(f"At most {MOST:,} letters can begin or end at once. Split the file.")
    systems = System.objects.in_bulk({one.line.system for one in doing})
    wanted: dict[System, dict[Cell, str]] = defaultdict(dict)
    seen: dict[System, dict[Cell, str]] = defaultdict(dict)
    for one in doing:
        wanted[systems[one.line.system]].update(one.wanted)
        seen[systems[one.line.system]].update(one.seen)
    note = read["note"] or "Imported from a RACI grid."
    done = Assignment.arrange_all(wanted, by=user, on=date.fromisoformat(read["on"]), note=note, seen=seen)
    left = len(told) - len(doing)
    tail = f" {left} row{'s' if left != 1 else ''} stayed out." if left else ""
    messages.success(request, f"{done} letter{'s' if done != 1 else ''} began or ended.{tail}")
    return redirect(MATRIX)


def urls() -> list[URLPattern]:
    return [path("governance/matrix/import/", bring, name="raci-import")]
