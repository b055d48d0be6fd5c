"""Records of one kind as rows, read by statements that are compiled once for each shape of question and of actor.

A page of a list is one statement with its count, a record is one with its verbs; each list of references is one more.
Which rows, which columns and which values somebody sees is asked of the permission table as ever, by its shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, IntegerField, QuerySet, Subquery, Value

from martech.columns import Reader, Sheet, columns, sheet, visible
from martech.filtering import Filters, Question
from martech.operations import Record
from martech.permissions import engine
from martech.statements import WHOLE, Page, Slot, Statement

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
    shape = engine.shape(actor)
    given = {**_by_place(values), **engine.given(actor), "limit": limit, "offset": offset}
    rows, beside = _page(sheet(model, names), filters, question, shape, counted, limit <= FEW).read(given)
    if not counted:
        return rows, None
    if rows or not offset:
        return rows, beside[0] if rows else 0
    return rows, _count(model, filters, question, shape).run(given)[0][0]


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
    given = {**_by_place(values), **engine.given(actor), "limit": limit, "offset": 0, "after": after}
    return _walk(sheet(model, names), filters, question, engine.shape(actor), limit <= FEW).read(given)[0]


def _by_place(values: list[Any]) -> dict[str, Any]:
    return {str(place): value for place, value in enumerate(values)}


def _asked(model: type[Record], filters: type[Filters], question: Question, shape: engine.Shape) -> "QuerySet[Any]":
    rows = engine.scope(shape, model._base_manager.all())
    return rows.filter(filters.where(question, iter(filters.slots(question)), shape))


@lru_cache(maxsize=KEPT)
def _page(
    compiled: Sheet, filters: type[Filters], question: Question, shape: engine.Shape, counted: bool, few: bool
) -> Reader:
    """Page first, join after: wide rows are not sorted to be thrown away."""
    model = compiled.model
    asked = _asked(model, filters, question, shape)
    keys = Page(asked.order_by(*question.order).values("pk"))
    rows = model._base_manager.filter(pk__among=keys).order_by(*question.order)
    beside = {"_total": Subquery(_counted(asked), output_field=IntegerField())} if counted else {}
    return compiled.reader(rows, shape, few=few, **beside)


@lru_cache(maxsize=KEPT)
def _walk(compiled: Sheet, filters: type[Filters], question: Question, shape: engine.Shape, few: bool) -> Reader:
    model = compiled.model
    asked = _asked(model, filters, question, shape).filter(pk__gt=Slot("after", WHOLE))
    rows = model._base_manager.filter(pk__among=Page(asked.order_by("pk").values("pk"))).order_by("pk")
    return compiled.reader(rows, shape, few=few)


@lru_cache(maxsize=KEPT)
def _count(model: type[Record], filters: type[Filters], question: Question, shape: engine.Shape) -> Statement:
    return Statement.of(_counted(_asked(model, filters, question, shape)))


def _counted(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    return rows.order_by().annotate(_one=Value(1)).values("_one").annotate(_n=Count("*")).values_list("_n")


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
    return sheet(model, names).reader(rows, shape, few=True, **beside)


@lru_cache(maxsize=KEPT)
def _verbs(model: type[Record], shape: engine.Shape) -> tuple[frozenset[str], Mapping[str, Any]]:
    """The verbs that the shape may do to every record, and those that depend on the record."""
    verdicts = {verb: engine.condition(shape, engine.name(model, verb)) for verb in model.OPERATIONS if verb != "add"}
    asked = {verb: verdict for verb, verdict in verdicts.items() if not isinstance(verdict, bool)}
    return frozenset(verb for verb, verdict in verdicts.items() if verdict is True), asked
