"""Records of one kind as rows, read by statements that are compiled once for each shape of question and of actor.

A page of a list is one statement with its count, a record is one with its verbs; each list of references is one more.
Which rows, which columns and which values somebody sees is asked of the permission table as ever, by its shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from martech.columns import Reader, Sheet, columns, sheet, visible
from martech.filtering import Filters, Question
from martech.operations import Record
from martech.permissions import engine
from martech.prepared import Prepared
from martech.statements import WHOLE, Head, Page, Slot, Statement

KEPT = 256
"""Statements of each sort that a process keeps."""
FEW = 100
"""Up to so many rows a related name is looked up row by row; for more a join pays, though it takes longer to plan."""


@lru_cache(maxsize=KEPT)
def _seen(model: type[Record], shape: engine.Shape) -> tuple[str, ...]:
    return tuple(visible(shape, model))


def seen(model: type[Record], actor: Any) -> tuple[str, ...]:
    """The names of the columns this actor may ever see."""
    return _seen(model, engine.shape(actor))


def usual(model: type[Record], actor: Any) -> tuple[str, ...]:
    """The names of the columns a list has where nobody says which."""
    known = columns(model)
    return tuple(name for name in seen(model, actor) if not known[name].on_demand)


# A page of a list

MOST = 10_000
"""Up to so many keys that lead to what is somebody's own, they are asked for before the list is."""


def page(
    model: type[Record],
    names: tuple[str, ...],
    asked: tuple[type[Filters], Question, list[Any]],
    actor: Any,
    *,
    limit: int,
    offset: int = 0,
    counted: bool = True,
) -> tuple[list[dict[str, Any]], int | None]:
    """The rows of one page, and how many there are in all where they are to be counted."""
    filters, question, values = asked
    told, given = _told(model, actor)
    given |= {**_by_place(values), "limit": limit, "offset": offset}
    kind = (filters, question, engine.shape(actor), told)
    rows, beside = _page(sheet(model, names), *kind, counted, limit <= FEW).read(given)
    if not counted:
        return rows, None
    if rows or not offset:
        return rows, beside[0] if rows else 0
    return rows, next((row[0] for row in _count(model, *kind).run(given)), 0)


def walk(
    model: type[Record],
    names: tuple[str, ...],
    asked: tuple[type[Filters], Question, list[Any]],
    actor: Any,
    *,
    limit: int,
    after: int,
) -> list[dict[str, Any]]:
    """The next rows by key."""
    filters, question, values = asked
    told, given = _told(model, actor)
    given |= {**_by_place(values), "limit": limit, "offset": 0, "after": after}
    return _walk(sheet(model, names), filters, question, engine.shape(actor), told, limit <= FEW).read(given)[0]


def _by_place(values: list[Any]) -> dict[str, Any]:
    return {str(place): value for place, value in enumerate(values)}


def _told(model: type[Record], actor: Any) -> tuple[bool, dict[str, Any]]:
    """Whether the list is read with keys that lead to the actor's own rows, and the values of actor and keys."""
    shape, given = engine.shape(actor), engine.given(actor)
    ways = _ways(model, shape)
    found = ways.run(given) if ways else []
    if len(found) > MOST:
        return False, given
    keys: dict[str, Any] = {f"own_{place}": [] for place in range(len(_sight(model, shape).keys))}
    for place, key in found:
        keys[f"own_{place}"].append(key)
    return True, given | keys


@lru_cache(maxsize=KEPT)
def _sight(model: type[Record], shape: engine.Shape) -> engine.Sight:
    return engine.sight(shape, engine.name(model, "view"))


@lru_cache(maxsize=KEPT)
def _ways(model: type[Record], shape: engine.Shape) -> Prepared | None:
    """Place and key of all that leads to an actor's own rows; None where nothing does."""
    first, *rest = _sight(model, shape).keys or (None,)
    return Prepared.of(first.union(*rest)[: MOST + 1]) if first is not None else None


@dataclass(frozen=True)
class Asked:
    """The rows of a list: all that were asked for, and what must hold of those the asker sees."""

    rows: "QuerySet[Any]"
    seen: engine.Sight

    @classmethod
    def of(
        cls, model: type[Record], filters: type[Filters], question: Question, shape: engine.Shape, *, told: bool
    ) -> "Asked":
        seen = _sight(model, shape)
        if not told:
            seen = engine.Sight(engine.condition(shape, engine.name(model, "view")), own=False, keys=(), plain=True)
        rows = model._base_manager.filter(filters.where(question, iter(filters.slots(question)), shape))
        return cls(rows, seen)

    def page(self, *order: str) -> Page:
        """The keys of one page: wide rows are not sorted to be thrown away."""
        if self._whole:
            rows = self._those(self.seen.open, self.seen.own)
        else:
            rows = self._those(
                Q(pk__among=Head(self._those(self.seen.open).order_by(*order).values("pk"))), self.seen.own
            )
        return Page(rows.order_by(*order).values("pk"))

    def count(self) -> Any:
        """How many there are, each once."""
        if self._whole:
            return _counted(self._those(self.seen.open, self.seen.own))
        return _counted(self._those(self.seen.open)) + _counted(self._those(self.seen.own).exclude(self.seen.open))

    @property
    def _whole(self) -> bool:
        """Whether one condition says all: where one part leads over another record, they are better asked apart."""
        return self.seen.plain or isinstance(self.seen.open, bool) or isinstance(self.seen.own, bool)

    def _those(self, *granted: Q | bool) -> "QuerySet[Any]":
        parts = [one for one in granted if isinstance(one, Q)]
        if True in granted:
            return self.rows
        return self.rows.filter(reduce(or_, parts)) if parts else self.rows.none()


@lru_cache(maxsize=KEPT)
def _page(
    compiled: Sheet,
    filters: type[Filters],
    question: Question,
    shape: engine.Shape,
    told: bool,
    counted: bool,
    few: bool,
) -> Reader:
    """Page first, join after."""
    asked = Asked.of(compiled.model, filters, question, shape, told=told)
    rows = compiled.model._base_manager.filter(pk__among=asked.page(*question.order)).order_by(*question.order)
    beside = {"_total": asked.count()} if counted else {}
    return compiled.reader(rows, shape, few=few, **beside)


@lru_cache(maxsize=KEPT)
def _walk(
    compiled: Sheet, filters: type[Filters], question: Question, shape: engine.Shape, told: bool, few: bool
) -> Reader:
    asked = Asked.of(compiled.model, filters, question, shape, told=told)
    rest = replace(asked, rows=asked.rows.filter(pk__gt=Slot("after", WHOLE)))
    rows = compiled.model._base_manager.filter(pk__among=rest.page("pk"))
    return compiled.reader(rows.order_by("pk"), shape, few=few)


@lru_cache(maxsize=KEPT)
def _count(
    model: type[Record], filters: type[Filters], question: Question, shape: engine.Shape, told: bool
) -> Statement:
    asked = Asked.of(model, filters, question, shape, told=told)
    return Statement.of(asked.rows.order_by().annotate(_n=asked.count()).values_list("_n")[:1])


def _counted(rows: "QuerySet[Any]") -> Any:
    counted = rows.order_by().annotate(_one=Value(1)).values("_one").annotate(_n=Count("*")).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


# One record


@dataclass(frozen=True)
class Found:
    """One record as a row, with its version, the verbs the actor may do now, and the record it became, if it did."""

    row: dict[str, Any]
    version: int
    verbs: list[str]
    became: int | None


def one(model: type[Record], key: int, actor: Any, *, scoped: bool = True) -> Found | None:
    """A record with every column this actor sees; None where it is not there or, `scoped`, not to be seen."""
    shape = engine.shape(actor)
    names = _seen(model, shape)
    rows, beside = _one(model, names, shape, scoped).read({**engine.given(actor), "key": key})
    if not rows:
        return None
    version, retired, state, became, *verdicts = beside
    always, asked = _verbs(model, shape)
    held = always | {verb for verb, verdict in zip(asked, verdicts, strict=True) if verdict}
    possible = model.possible_when(str(state), retired is not None)
    return Found(rows[0], version, [verb for verb in possible if verb in held], became)


@lru_cache(maxsize=KEPT)
def _one(model: type[Record], names: tuple[str, ...], shape: engine.Shape, scoped: bool) -> Reader:
    rows = model._base_manager.filter(pk=Slot("key", WHOLE))
    rows = engine.scope(shape, rows) if scoped else rows
    known = {item.name for item in model._meta.concrete_fields}
    beside: dict[str, Any] = {
        "_version": F("version"),
        "_retired": F("retired_at"),
        "_state": F(model.STATE) if model.STATE in known else Value(""),
        "_became": F("merged_into_id") if "merged_into" in known else Value(None, output_field=WHOLE),
    }
    _, asked = _verbs(model, shape)
    beside |= {f"_may_{verb}": engine.verdict_column(verdict) for verb, verdict in asked.items()}
    return sheet(model, names).reader(rows, shape, few=True, kind=Prepared, **beside)


@lru_cache(maxsize=KEPT)
def _verbs(model: type[Record], shape: engine.Shape) -> tuple[frozenset[str], Mapping[str, Any]]:
    """The verbs that the shape may do to every record, and those that depend on the record."""
    verdicts = {verb: engine.condition(shape, engine.name(model, verb)) for verb in model.OPERATIONS if verb != "add"}
    asked = {verb: verdict for verb, verdict in verdicts.items() if not isinstance(verdict, bool)}
    return frozenset(verb for verb, verdict in verdicts.items() if verdict is True), asked
