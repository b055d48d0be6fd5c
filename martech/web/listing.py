"""A list as a grid: columns, filters in the address, order, pages, saved views, bulk actions and exports."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Case, When
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString

from martech import lists
from martech.columns import Column, visible
from martech.errors import by_field
from martech.filtering import RESERVED, Filters, Question
from martech.keys import key
from martech.operations import Record
from martech.permissions import engine
from martech.questions import question
from martech.records.models import SavedView
from martech.web import grid, links, panel

PAGE = 50
MOST_VIEWS = 40


class Listing:
    """Everything the grid's template shows, read in a fixed number of statements."""

    def __init__(
        self, request: HttpRequest, model: type[Record], filters: type[Filters], names: tuple[str, ...]
    ) -> None:
        self.request, self.model, self.filters, self.user = request, model, filters, request.user
        self.asked: QueryDict = request.GET
        self.path = links.list_url(model._meta.label_lower)
        self.known = visible(self.user, model)
        self.usual = names
        self.names = self._chosen(names)
        self.kept = {name: value for name, value in self.asked.items() if value and name != "page"}
        """What the address asks, with one value for each name; `columns` as one list."""
        if self.kept.get("columns"):
            self.kept["columns"] = ",".join(self.names)
        self.errors: dict[str, list[str]] = {}
        self.question = self._read()
        self.page = self._page()

    @cached_property
    def views(self) -> Any:
        """The saved views of this list that the person sees."""
        return _views(self.user, self.model._meta.label_lower, person=self.user.pk)

    def _chosen(self, default: tuple[str, ...]) -> tuple[str, ...]:
        wanted = [part for value in self.asked.getlist("columns") for part in value.split(",")]
        chosen = tuple(dict.fromkeys(name for name in wanted if name in self.known and name not in FIXED))
        return chosen or tuple(name for name in default if name in self.known)

    def _read(self) -> tuple[Question, list[Any]]:
        """What the address asks; what of it cannot be read is left out and told."""
        asked = {name: value for name, value in self.kept.items() if name not in {"columns", "view"}}
        try:
            return self.filters.read(asked, self.user)
        except ValidationError as error:
            self.errors = by_field(error)
            kept = {name: value for name, value in asked.items() if name not in self.errors}
            return self.filters.read(kept, self.user)

    @property
    def rows_asked(self) -> Any:
        """Every row that is asked for, not a page of them."""
        question, values = self.question
        rows = engine.scope(self.user, self.model._base_manager.all())
        return rows.filter(self.filters.where(question, iter(values), self.user)).order_by(*question.order)

    def _page(self) -> int:
        return min(max(key(self.asked.get("page", "")) or 1, 1), 100_000)

    @cached_property
    def _shown(self) -> tuple[list[dict[str, Any]], int]:
        """The rows of this page, and how many there are in all."""
        named = tuple(name for name in ("name", "halves") if name in self.known)
        asked, start = (self.filters, *self.question), (self.page - 1) * PAGE
        names = (*named, *self._with_names(), "retired_at")
        rows, total = lists.page(self.model, names, asked, self.user, limit=PAGE, offset=start)
        return rows, total or 0

    @cached_property
    def rows(self) -> list[grid.Row]:
        """The rows of this page."""
        return grid.rows(self.model, self.columns, self._shown[0], self.path)

    @property
    def total(self) -> int:
        return self._shown[1]

    @property
    def columns(self) -> list[Column]:
        return [self.known[name] for name in self.names]

    def _with_names(self) -> tuple[str, ...]:
        return tuple(part for name in self.names for part in (name, f"{name}_name") if part in self.known)

    def address(self, **changes: Any) -> str:
        """This list's address with some parameters changed; None takes one away."""
        asked = {name: value for name, value in {**self.kept, **changes}.items() if value is not None}
        return f"{self.path}?{urlencode(asked)}" if asked else self.path

    @cached_property
    def heads(self) -> list[grid.Head]:
        return [self._head("name" if "name" in self.known else "id"), *(self._head(name) for name in self.names)]

    def _head(self, name: str) -> grid.Head:
        order = self.asked.get("ordering", "") or self.filters.sort[0]
        sortable = name in self.filters.sort or name == "id"
        down = order == name
        column = self.known[name]
        return grid.Head(
            label=column.label,
            url=self.address(ordering=f"-{name}" if down else name) if sortable else "",
            direction="ascending" if down else "descending" if order == f"-{name}" else "",
            end=column.shape in grid.ENDS,
        )

    @property
    def head_row(self) -> SafeString:
        """The heads as HTML."""
        return grid.heads(tuple(self.heads))

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

    @cached_property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, in words, each with the address without it."""
        told = []
        for name, text in self.kept.items():
            asks = self.filters.base_filters.get(name)
            if asks is not None and name not in self.errors:
                words = panel.words(asks, text, self.user)
                told.append({"label": asks.label, "value": words, "remove_url": self.address(**{name: None})})
        if self.kept.get("retired") in {"true", "all"}:
            words = "only retired" if self.kept["retired"] == "true" else "with retired"
            told.append({"label": "Shown", "value": words, "remove_url": self.address(retired=None)})
        return told

    @cached_property
    def choosers(self) -> tuple[panel.Group, ...]:
        """The filter panel."""
        return panel.groups(self, self.usual)

    @property
    def panel_keeps(self) -> list[dict[str, str]]:
        """What the panel's form carries along because none of its controls says it."""
        controls = {one.name for group in self.choosers for one in group.choosers} | {"retired"}
        empty = {f"{one.name}__isnull" for group in self.choosers for one in group.choosers if one.value == "-"}
        return [{"name": name, "value": value} for name, value in self.kept.items() if name not in controls | empty]

    @property
    def strays(self) -> list[tuple[str, str]]:
        """What is wrong with the address beyond the panel's controls."""
        controls = {one.name for group in self.choosers for one in group.choosers}
        return [(name, " ".join(lines)) for name, lines in self.errors.items() if name not in controls]

    @property
    def wrong(self) -> list[panel.Chooser]:
        """The panel's controls that could not be read."""
        return [one for group in self.choosers for one in group.choosers if one.error]

    @property
    def hidden(self) -> list[dict[str, str]]:
        """What the column chooser keeps of the address."""
        return [{"name": name, "value": value} for name, value in self.kept.items() if name != "columns"]

    @property
    def search_keeps(self) -> list[dict[str, str]]:
        """What the search in the list keeps of the address."""
        return [{"name": name, "value": value} for name, value in self.kept.items() if name != "q"]

    @property
    def choices(self) -> SafeString:
        """The column chooser: the shown ones first, in their order."""
        rest = [
            name
            for name, column in self.known.items()
            if name not in self.names and name not in FIXED and column.shape != "ring" and not name.endswith("_name")
        ]
        return panel.chosen(tuple((name, self.known[name].label, name in self.names) for name in (*self.names, *rest)))

    @property
    def controls(self) -> SafeString:
        """The filter panel's controls."""
        return panel.drawn(self.choosers)

    @property
    def saved(self) -> list[dict[str, Any]]:
        """The saved views as tabs, the person's own first."""
        here = self.kept.get("view", "")
        return [
            {
                "label": view.name,
                "url": saved_address(self.path, view),
                "active": here == str(view.pk),
                "shared": view.shared,
                "by": "" if view.owner_id == self.user.pk else "shared",
            }
            for view in self.views
        ]

    @cached_property
    def opened(self) -> dict[str, Any] | None:
        """The saved view that is open: whose it is, and whether the list has been changed since."""
        view = next((view for view in self.views if str(view.pk) == self.kept.get("view")), None)
        if view is None:
            return None
        return {
            "key": view.pk,
            "name": view.name,
            "shared": view.shared,
            "mine": view.owner_id == self.user.pk,
            "url": saved_address(self.path, view),
            "changed": dict(QueryDict(view.query).items()) != dict(QueryDict(self.query).items()),
        }

    @property
    def orders(self) -> list[grid.Head]:
        """What the list can be ordered by, for screens without column heads."""
        names = [name for name in self.filters.sort if name in self.known]
        return [head for head in (self._head(name) for name in names) if head.url]

    @property
    def at_home(self) -> bool:
        """Whether this is the whole list, no view open and nothing asked."""
        return not self.kept.get("view") and not self.narrowed

    @property
    def exports(self) -> list[tuple[str, str]]:
        query = urlencode({name: value for name, value in self.kept.items() if name not in {"columns", "view"}})
        columns = urlencode({"columns": ",".join(self.names)})
        return [
            (word, f"{self.path}export/{word.lower()}/?{query}{'&' if query else ''}{columns}")
            for word in ("CSV", "XLSX")
        ]

    @property
    def query(self) -> str:
        """What a saved view keeps."""
        return urlencode({name: value for name, value in self.kept.items() if name != "view"})

    @property
    def narrowed(self) -> bool:
        return any(name not in RESERVED or name in {"q", "retired"} for name in self.kept)


FIXED = frozenset({"id", "number", "name"})


def saved_address(path: str, view: SavedView) -> str:
    """The list as a view keeps it, with the view named."""
    return f"{path}?{view.query}{'&' if view.query else ''}view={view.pk}"


@question
def _views(user: Any, page: str, *, person: Any) -> Any:
    """The views of a list that somebody sees, their own first."""
    rows = engine.scope(user, SavedView.objects.filter(page=page, retired_at=None))
    return rows.order_by(Case(When(owner=person, then=0), default=1), "name")[:MOST_VIEWS]
