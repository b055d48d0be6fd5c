"""A list as a grid: columns, filters in the address, order, pages, saved views, bulk actions and exports."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString

from martech.columns import Column, sheet, visible
from martech.errors import by_field
from martech.filtering import RESERVED, Asked, Filters
from martech.operations import Record
from martech.permissions import engine
from martech.records.models import SavedView
from martech.web import cells, links

PAGE = 50
ENDS = frozenset({"number"})


@dataclass(frozen=True)
class Cell:
    html: SafeString
    end: bool
    empty: bool


@dataclass(frozen=True)
class Row:
    key: int
    number: str
    name: str
    url: str
    ring: SafeString | str
    retired: bool
    cells: tuple[Cell, ...]


class Listing:
    """Everything the grid's template shows, read in a fixed number of statements."""

    def __init__(self, request: HttpRequest, model: type[Record], filters: type[Filters], names: tuple[str, ...]) -> None:
        self.request, self.model, self.filters, self.user = request, model, filters, request.user
        self.asked: QueryDict = request.GET
        self.path = links.list_url(model._meta.label_lower)
        self.known = visible(self.user, model)
        self.names = self._chosen(names)
        self.errors: dict[str, list[str]] = {}
        self.rows_asked = self._narrowed()
        self.page = self._page()
        self.total = self.rows_asked.count()
        self.views = list(
            engine.scope(self.user, SavedView.objects.filter(page=model._meta.label_lower, retired_at=None)).order_by("name")[:30]
        )

    def _chosen(self, default: tuple[str, ...]) -> tuple[str, ...]:
        wanted = [part for value in self.asked.getlist("columns") for part in value.split(",")]
        chosen = tuple(dict.fromkeys(name for name in wanted if name in self.known and name not in FIXED))
        return chosen or tuple(name for name in default if name in self.known)

    def _narrowed(self) -> Any:
        rows = engine.scope(self.user, self.model._base_manager.all())
        asked = {name: self.asked[name] for name in self.asked if name not in {"columns", "page", "view"} and self.asked[name]}
        try:
            return self.filters.narrow(rows, asked, self.user)
        except ValidationError as error:
            self.errors = by_field(error)
            kept = {name: value for name, value in asked.items() if name not in self.errors}
            return self.filters.narrow(rows, kept, self.user)

    def _page(self) -> int:
        text = self.asked.get("page", "1")
        return min(max(int(text), 1), 100_000) if text.isdigit() and len(text) < 8 else 1

    @property
    def rows(self) -> list[Row]:
        """The rows of this page."""
        ringed = ("halves",) if "halves" in self.known else ()
        named = ("name",) if "name" in self.known else ()
        compiled = sheet(self.model, (*named, *ringed, *self._with_names(), "retired_at"))
        start = (self.page - 1) * PAGE
        made = []
        for values in compiled.rows(self.rows_asked[start : start + PAGE], self.user):
            number = f"{self.model.PREFIX}-{values['id']}"
            shown = tuple(
                Cell(cells.cell(self.model, column, values), column.shape in ENDS, values.get(column.name) in (None, "", []))
                for column in self.columns
            )
            made.append(
                Row(
                    key=values["id"], number=number, name=str(values.get("name") or number), url=f"{self.path}{values['id']}/",
                    ring=cells.ring(*values["halves"]) if ringed else "", retired=bool(values["retired_at"]), cells=shown,
                )
            )
        return made

    @property
    def columns(self) -> list[Column]:
        return [self.known[name] for name in self.names]

    def _with_names(self) -> tuple[str, ...]:
        return tuple(
            part for name in self.names for part in (name, f"{name}_name") if part in self.known
        )

    def address(self, **changes: Any) -> str:
        """This list's address with some parameters changed; None takes one away."""
        kept = {name: value for name, value in self.asked.items() if value and name != "page"}
        kept.update({name: value for name, value in changes.items() if value is not None})
        return f"{self.path}?{urlencode({name: value for name, value in kept.items() if changes.get(name, value) is not None})}"

    @property
    def heads(self) -> list[dict[str, Any]]:
        return [self._head("name" if "name" in self.known else "id"), *(self._head(name) for name in self.names)]

    def _head(self, name: str) -> dict[str, Any]:
        order = self.asked.get("ordering", "") or self.filters.sort[0]
        sortable = name in self.filters.sort or name == "id"
        down = order == name
        column = self.known[name]
        return {
            "label": column.label,
            "end": column.shape in ENDS,
            "url": self.address(ordering=f"-{name}" if down else name) if sortable else "",
            "direction": "ascending" if down else "descending" if order == f"-{name}" else "",
        }

    @property
    def pager(self) -> dict[str, Any]:
        first = (self.page - 1) * PAGE
        return {
            "first": min(first + 1, self.total),
            "last": min(first + PAGE, self.total),
            "total": self.total,
            "previous_url": self.address(page=self.page - 1) if self.page > 1 else "",
            "next_url": self.address(page=self.page + 1) if first + PAGE < self.total else "",
        }

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, in words, each with the address without it."""
        told = []
        for name, text in self.asked.items():
            asks = self.filters.base_filters.get(name)
            if asks is not None and text and name not in self.errors:
                told.append({"label": asks.label, "value": chip(asks, text, self.user), "remove_url": self.address(**{name: None})})
        if self.asked.get("retired") in {"true", "all"}:
            words = "only retired" if self.asked["retired"] == "true" else "with retired"
            told.append({"label": "Shown", "value": words, "remove_url": self.address(retired=None)})
        return told

    @property
    def choosers(self) -> list[dict[str, Any]]:
        """The filter panel: one control for each filter that reads one value."""
        made = []
        for name, asks in self.filters.base_filters.items():
            shape = asks.column.shape
            if asks.column.name not in self.known or (asks.operator and shape not in {"date", "instant"}) or asks.operator == "isnull":
                continue
            if shape in {"text", "long", "lines"} and asks.column.name == "name":
                continue
            suffix = {"gte": " from", "lte": " until"}.get(asks.operator, "")
            made.append(
                {
                    "name": name,
                    "label": f"{asks.column.label}{suffix}",
                    "value": self.asked.get(name, ""),
                    "error": " ".join(self.errors.get(name, [])),
                    "kind": KINDS.get(shape, "text"),
                    "options": [("", "Any"), *asks.column.choices.items(), *((("-", "Empty"),) if empties(asks) else ())],
                    "suggest": f"/suggest/{asks.column.related._meta.label_lower}/" if asks.column.related else "",
                }
            )
        return made

    @property
    def hidden(self) -> list[dict[str, str]]:
        """What a form on the list keeps of the address."""
        return [{"name": name, "value": value} for name, value in self.asked.items() if value and name not in {"page", "columns"}]

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The column chooser: the shown ones first, in their order."""
        rest = [name for name, column in self.known.items() if name not in self.names and name not in FIXED and column.shape != "ring" and not name.endswith("_name")]
        return [{"name": name, "label": self.known[name].label, "shown": name in self.names} for name in (*self.names, *rest)]

    @property
    def saved(self) -> list[dict[str, Any]]:
        """The saved views as tabs."""
        here = self.asked.get("view", "")
        return [
            {"label": view.name, "url": f"{self.path}?{view.query}{'&' if view.query else ''}view={view.pk}", "active": here == str(view.pk), "shared": view.shared}
            for view in self.views
        ]

    @property
    def exports(self) -> list[tuple[str, str]]:
        query = urlencode({name: value for name, value in self.asked.items() if value and name not in {"page", "columns", "view"}})
        columns = urlencode({"columns": ",".join(self.names)})
        return [(word, f"{self.path}export/{word.lower()}/?{query}{'&' if query else ''}{columns}") for word in ("CSV", "XLSX")]

    @property
    def query(self) -> str:
        """What a saved view keeps."""
        return urlencode({name: value for name, value in self.asked.items() if value and name not in {"page", "view"}})

    @property
    def narrowed(self) -> bool:
        return any(self.asked.get(name) for name in self.asked if name not in RESERVED or name in {"q", "retired"})


FIXED = frozenset({"id", "number", "name"})
KINDS = {"choice": "select", "codes": "select", "bool": "bool", "date": "date", "instant": "date", "number": "number"}


def empties(asks: Asked) -> bool:
    return asks.column.shape in {"choice", "codes"} and "" not in asks.column.choices


def chip(asks: Asked, text: str, actor: Any) -> str:
    """A filter's value in words."""
    if asks.operator == "isnull":
        return "is empty" if text.lower() in {"true", "1", "yes"} else "is filled"
    if text == "-":
        return "is empty"
    if text == "me":
        return "is me"
    words = {"gte": "from ", "lte": "until ", "icontains": "contains "}.get(asks.operator, "")
    if asks.column.shape == "bool":
        return "yes" if text.lower() in {"true", "1", "yes"} else "no"
    if asks.column.shape in {"reference", "references"}:
        first = text.split(",")[0].rpartition("-")[2].rstrip(")")
        found = asks.column.related._base_manager.filter(pk=int(first)) if first.isdigit() else None
        rows = engine.scope(actor, found) if found is not None and issubclass(asks.column.related, Record) else found
        return str(rows.first() or text) if rows is not None else text
    return words + ", ".join(str(asks.column.choices.get(code, code)) for code in text.split(","))
