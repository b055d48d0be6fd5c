"""The page of the matrix across systems, and the same to take away."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance.reports import grid as report
from governance.views import sheets
from inventory import filters
from inventory.models import System
from martech import locking
from martech.filtering import Question
from martech.permissions import engine
from martech.web.listing import Listing

PATH = "/governance/matrix/"
PAGE = 100
MOST = 1000
"""Systems shown at once where somebody asks for all, to print them."""
LETTERS = {"A": "Accountable", "R": "Responsible", "C": "Consulted", "I": "Informed"}


class Asked(Listing):
    """The list of systems as it is asked, with a letter beside."""

    def __init__(self, request: HttpRequest) -> None:
        given = request.GET.get("letter", "").upper()
        self.letter = given if given in LETTERS else "A"
        super().__init__(request, System, filters.Systems, ())
        self.path = PATH

    def _read(self) -> tuple[Question, list[Any]]:
        beside = {name: self.kept.pop(name) for name in ("letter", "rows") if name in self.kept}
        try:
            return super()._read()
        finally:
            self.kept |= beside

    @property
    def narrowed(self) -> bool:
        return any(name not in {"letter", "rows", "view", "ordering", "columns"} for name in self.kept)

    @property
    def letters(self) -> list[dict[str, Any]]:
        """The four letters as tabs."""
        return [
            {"label": word, "url": self.address(letter=letter), "active": letter == self.letter}
            for letter, word in LETTERS.items()
        ]


@login_required
@require_http_methods(("GET", "HEAD"))
def grid(request: HttpRequest) -> HttpResponse:
    """Systems by activities: a page of it, or its rows alone where the page loads more as somebody scrolls."""
    if not engine.possible(request.user, "inventory.view_system"):
        raise Http404
    asked, on = Asked(request), timezone.localdate()
    systems = asked.rows_asked
    whole = asked.kept.get("rows") == "all"
    size = MOST if whole else PAGE
    start = (asked.page - 1) * size
    heads, total = report.columns(systems, asked.letter, on)
    made = report.rows(request.user, systems[start : start + size], [head.activity for head in heads], asked.letter, on)
    last = min(start + size, total)
    context = {
        "asked": asked,
        "on": on,
        "columns": heads,
        "rows": made,
        "open": sum(head.open for head in heads),
        "people": report.initialled(made) if asked.letter == "A" else [],
        "pager": {
            "first": min(start + 1, total),
            "last": last,
            "total": total,
            "previous_url": asked.address(page=asked.page - 1) if asked.page > 1 else "",
            "next_url": asked.address(page=asked.page + 1) if last < total else "",
        },
        "whole_url": asked.address(rows="all") if not whole and total > PAGE else "",
        "letter_word": LETTERS[asked.letter],
        "exports": [
            (word, asked.address(page=None).replace(PATH, f"{PATH}{word.lower()}/")) for word in ("CSV", "XLSX")
        ],
        "base": PATH,
        "may_import": engine.possible(request.user, "governance.add_assignment"),
        "page_title": "RACI matrix",
    }
    template = "governance/grid_rows.html" if request.headers.get("HX-Request") else "governance/grid.html"
    return render(request, template, context, status=422 if asked.errors else 200)


@login_required
@require_http_methods(("GET", "HEAD"))
def take_away(request: HttpRequest, format: str) -> HttpResponseBase:
    """The matrix of the systems asked as CSV or XLSX, with every letter; the import reads it back unchanged."""
    asked = Asked(request)
    if asked.errors:
        return grid(request)
    chunks = report.sheet(request.user, asked.rows_asked, timezone.localdate())
    return sheets.taken(request.user, chunks, f"raci-matrix.{format}")


@login_required
@require_http_methods(("GET", "HEAD"))
def one(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """The short address by which each cell leads to its system's own letters."""
    user: Any = request.user
    system: Any = locking.found(System, key[1], user) if key[0] in {"", System.PREFIX} else None
    if system is None:
        raise Http404
    return redirect("system-raci", key=system.pk)


def urls() -> list[URLPattern]:
    return [
        path("governance/matrix/", grid, name="raci-grid"),
        path("governance/matrix/csv/", take_away, {"format": "csv"}, name="raci-grid-csv"),
        path("governance/matrix/xlsx/", take_away, {"format": "xlsx"}, name="raci-grid-xlsx"),
        path("governance/matrix/<record:key>/", one, name="raci-grid-system"),
    ]
