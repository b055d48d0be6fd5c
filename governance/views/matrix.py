"""The page of a system's matrix: its letters on a day, edited as one form."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance import letters, reports
from governance.days import day_shown
from governance.forms import system_named
from governance.models import Assignment, OperatingModel
from governance.reports.matrix import sheet
from governance.views import sheets
from inventory.models import System
from martech import keys, locking
from martech.accounts.models import Function, User
from martech.errors import Refused, Stale, said
from martech.permissions import engine
from martech.web import links, sending

OFFERED = {
    "person": (("", "Nothing"), *letters.CHOICES),
    "function": (("", "Nothing"), *(pair for pair in letters.CHOICES if "A" not in pair[0])),
}


@login_required
@require_http_methods(("GET", "HEAD", "POST"))
def matrix(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """A system's letters as of a day; today's are edited where the reader may give letters for it."""
    user: Any = request.user
    system: Any = locking.found(System, key[1], user) if key[0] in {"", System.PREFIX} else None
    if system is None:
        raise Http404
    today = timezone.localdate()
    on = day_shown(request.GET.get("on", ""))
    may = engine.may(user, "inventory.change_system", system) and not system.retired_at
    seen = reports.matrix(system, user, on)
    if request.method != "POST":
        if not (may and on == today):
            return _page(request, system, seen, may=False, typed={})
        try:
            other = system_named(request.GET.get("from", ""), user)
        except ValidationError as error:
            return _page(request, system, seen, may=True, typed={}, refusal=said(error), status=422)
        typed = _copied(other, user, seen) if other else {}
        return _page(request, system, seen, may=True, typed=typed, copied=f"Laid out as at {other}" if other else "")
    if not may or on != today:
        raise PermissionDenied
    typed, was = _cells(request.POST, "cell"), _cells(request.POST, "was")
    wanted = {cell: told for cell, told in typed.items() if told != was.get(cell, "")}
    try:
        return sending.done_once(request, lambda: _arranged(request, system, seen, typed, was, wanted))
    except Stale as error:
        fresh = reports.matrix(system, user, on)
        moved = {cell for cell, told in wanted.items() if fresh.cells.get(cell, "") not in {was.get(cell, ""), told}}
        told = f"{error} What you typed stands below; look at the marked cells again."
        return _page(request, system, fresh, may=True, typed=wanted, refusal=told, moved=moved, status=409)
    except (ValidationError, Refused) as error:
        return _page(request, system, seen, may=True, typed=typed, refusal=said(error), status=422)


@login_required
@require_http_methods(("GET", "HEAD"))
def take_away(request: HttpRequest, key: tuple[str, int], format: str) -> HttpResponseBase:
    """A system's letters as of a day as CSV or XLSX."""
    system: Any = locking.found(System, key[1], request.user) if key[0] in {"", System.PREFIX} else None
    if system is None:
        raise Http404
    on = day_shown(request.GET.get("on", ""))
    rows = sheet(system, reports.matrix(system, request.user, on))
    return sheets.taken(request.user, (rows[:1], rows[1:]), f"raci-{system.number}-{on}.{format}")


def _arranged(
    request: HttpRequest,
    system: System,
    seen: reports.Matrix,
    typed: Mapping[letters.Cell, str],
    was: Mapping[letters.Cell, str],
    wanted: Mapping[letters.Cell, str],
) -> HttpResponse:
    """What the form asks: another column, a preview, or the letters themselves."""
    user: Any = request.user
    if "add" in request.POST:
        return _page(request, system, seen, may=True, typed=typed)
    note = request.POST.get("note", "").replace("\0", "")
    if "preview" in request.POST:
        plan = Assignment.planned(system, wanted, seen.on, by=user)
        return _page(request, system, seen, may=True, typed=typed, plan=plan)
    plan = Assignment.arrange(system, wanted, by=user, on=seen.on, note=note, seen=was)
    for sentence in reports.lacking(plan, request.user):
        messages.warning(request, sentence)
    messages.success(request, reports.changed(plan))
    return redirect(request.path)


def _page(
    request: HttpRequest,
    system: System,
    seen: reports.Matrix,
    *,
    may: bool,
    typed: Mapping[letters.Cell, str],
    status: int = 200,
    plan: letters.Plan | None = None,
    **told: Any,
) -> HttpResponse:
    present = engine.scope(user := request.user, User.objects.filter(is_active=True, kind="person"))
    people = list(present.select_related("function").order_by("name", "pk"))
    functions = list(engine.scope(user, Function.objects.filter(retired_at=None)).order_by("name", "pk"))
    known = {one.key: one for one in map(reports.column, (*people, *functions))}
    named = [holder for _, holder in typed] + request.POST.getlist("column")
    added = dict.fromkeys(one for one in named if one in known and one not in {column.key for column in seen.columns})
    columns = [*seen.columns, *reports.in_order(known[one] for one in added)]
    moved = told.pop("moved", set())
    rows = [
        {
            "row": row,
            "cells": [
                {
                    "column": column,
                    "now": row.cells.get(column.key, ""),
                    "value": typed.get((row.activity.pk, column.key), row.cells.get(column.key, "")),
                    "name": f"{row.activity.pk}-{column.key}",
                    "choices": OFFERED[letters.split(column.key)[0]],
                    "moved": (row.activity.pk, column.key) in moved,
                }
                for column in columns
            ],
        }
        for row in seen.rows
    ]
    models = OperatingModel.objects.filter(retired_at=None).order_by("name", "pk")
    context = {
        "record": system,
        "seen": seen,
        "rows": rows,
        "columns": columns,
        "may": may,
        "is_today": seen.on == timezone.localdate(),
        "of_day": "" if seen.on == timezone.localdate() else f"?on={seen.on}",
        "models": list(engine.scope(user, models).values_list("pk", "name")) if may else [],
        "choices": {"People": people, "Functions": functions} if may else {},
        "copying": request.GET.get("from", ""),
        "plan": plan,
        "sentences": reports.told(plan, (*columns, *known.values())) if plan is not None else [],
        "warnings": reports.lacking(plan, user) if plan is not None else [],
        "note": request.POST.get("note", ""),
        "once": sending.key(request),
        "page_title": f"Who does what for {system}",
        "crumbs": [{"label": "Systems", "url": "/inventory/systems/"}, {"label": str(system), "url": links.of(system)}],
        **told,
    }
    return render(request, "governance/matrix.html", context, status=status)


def _copied(other: System, user: Any, seen: reports.Matrix) -> dict[letters.Cell, str]:
    """Today's letters of another system, to be looked at and kept by the form."""
    taken = reports.matrix(other, user, seen.on).cells
    answered = {activity for (activity, _), told in taken.items() if "A" in told}
    kept = {
        cell: told.replace("A", "") for cell, told in seen.cells.items() if cell[0] in answered and cell not in taken
    }
    return {**kept, **taken}


def _cells(given: QueryDict, word: str) -> dict[letters.Cell, str]:
    """The cells of the form; what is no cell, or no letters, is passed over."""
    cells = {}
    for name, value in given.items():
        kind, _, rest = name.partition("-")
        activity, _, holder = rest.partition("-")
        side, _, key = holder.partition("-")
        step, number = keys.key(activity), keys.key(key)
        if kind == word and side in OFFERED and None not in (step, number) and str(value) in letters.ALLOWED:
            cells[cast(int, step), f"{side}-{number}"] = str(value)
    return cells


def urls() -> list[URLPattern]:
    return [
        path("inventory/systems/<record:key>/raci/", matrix, name="system-raci"),
        *(
            path(
                f"inventory/systems/<record:key>/raci/{word}/", take_away, {"format": word}, name=f"system-raci-{word}"
            )
            for word in ("csv", "xlsx")
        ),
    ]
