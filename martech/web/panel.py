"""The filter panel of a list and the chips that tell what is asked, in words."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.template.loader import get_template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe

from martech.filtering import PARAMETERS, Asked, Filters, day
from martech.operations import Record
from martech.permissions import engine

if TYPE_CHECKING:
    from martech.web.listing import Listing

KINDS = {"choice": "select", "codes": "select", "bool": "bool", "date": "date", "instant": "date", "number": "number"}
BOUNDS = {"gte": ("earliest", "at least"), "lte": ("latest", "at most")}
GROUPS = (
    ("Belongs to", ("reference", "references")),
    ("Kind and state", ("choice", "codes", "bool")),
    ("Words and figures", ("text", "long", "lines", "number", "named")),
    ("Days", ("date", "instant")),
)
TRUE = frozenset({"true", "1", "yes"})


@dataclass(frozen=True)
class Chooser:
    """One control of the panel: the parameter it sends, what it shows, and what is wrong with it."""

    name: str
    label: str
    value: str
    error: str
    kind: str
    options: tuple[tuple[Any, str], ...]
    suggest: str
    me: bool


@dataclass(frozen=True)
class Group:
    """Controls under one heading."""

    title: str
    choosers: tuple[Chooser, ...]


def groups(listing: "Listing", common: tuple[str, ...]) -> tuple[Group, ...]:
    """The filters this person may use: those of the list's usual columns first, the others by what they ask."""
    unasked = _groups(listing.filters, common, tuple(listing.known))
    if not listing.kept and not listing.errors:
        return unasked
    return tuple(Group(one.title, tuple(_asked(chooser, listing) for chooser in one.choosers)) for one in unasked)


@lru_cache(maxsize=128)
def _groups(filters: type[Filters], common: tuple[str, ...], known: tuple[str, ...]) -> tuple[Group, ...]:
    """The panel of a list of which nothing is asked."""
    asks = [one for one in filters.base_filters.values() if one.column.name in known and _offered(one)]
    first = [one for name in common for one in asks if one.column.name == name]
    made = [Group("Most used", tuple(map(chooser, first)))]
    for title, shapes in GROUPS:
        rest = [one for one in asks if one.column.shape in shapes and one not in first]
        made.append(Group(title, tuple(map(chooser, rest))))
    return tuple(group for group in made if group.choosers)


def _asked(chooser: Chooser, listing: "Listing") -> Chooser:
    """The control with what the address asks of it, and what is wrong with that."""
    empty = listing.kept.get(f"{chooser.name}__isnull", "").lower() in TRUE
    value, error = listing.kept.get(chooser.name, "-" if empty else ""), " ".join(listing.errors.get(chooser.name, []))
    return replace(chooser, value=value, error=error) if value or error else chooser


def _offered(asks: Asked) -> bool:
    shape = asks.column.shape
    if asks.operator == "isnull" or asks.column.name == "name":
        return False
    if shape in {"date", "instant", "number"}:
        return asks.operator in BOUNDS
    return not asks.operator or shape in {"long", "lines"}


def chooser(asks: Asked) -> Chooser:
    """The control of a filter, with nothing asked."""
    name, column = parameter(asks), asks.column
    dated = column.shape in {"date", "instant"}
    bound = BOUNDS.get(asks.operator, ("", ""))[0 if dated else 1]
    return Chooser(
        name=name,
        label=f"{column.label}, {bound}" if bound else column.label,
        value="",
        error="",
        kind=KINDS.get(column.shape, "text"),
        options=(("", "Any"), *column.choices.items(), *((("-", "Empty"),) if "" not in column.choices else ())),
        suggest=f"/suggest/{column.related._meta.label_lower}/" if column.related else "",
        me=bool(column.related) and column.related._meta.label_lower == "accounts.user",
    )


@lru_cache(maxsize=256)
def drawn(groups: tuple[Group, ...]) -> SafeString:
    """The panel's controls as HTML: most lists are asked the same most of the time."""
    return mark_safe(get_template("generic/lists/filter_groups.html").render({"groups": groups}))


@lru_cache(maxsize=256)
def chosen(choices: tuple[tuple[str, str, bool], ...]) -> SafeString:
    """The rows of the column chooser, (name, label, shown) each, as HTML."""
    return mark_safe(get_template("generic/lists/column_choices.html").render({"choices": choices}))


def parameter(asks: Asked) -> str:
    """The name a filter has in the address."""
    name = asks.column.name
    return f"{name}__{asks.operator}" if asks.operator else PARAMETERS.get(name, name)


def words(asks: Asked, text: str, actor: Any) -> str:
    """A filter's value in words."""
    if asks.operator == "isnull":
        return "is empty" if text.lower() in TRUE else "is filled"
    if text in {"-", "me"}:
        return "is empty" if text == "-" else "is me"
    shape = asks.column.shape
    if shape == "bool":
        return "yes" if text.lower() in TRUE else "no"
    if shape in {"reference", "references"}:
        return _named(asks.column.related, text, actor)
    if shape in {"date", "instant"}:
        return f"{date_format(day(text), 'j F Y')} or {'later' if asks.operator == 'gte' else 'earlier'}"
    before = BOUNDS[asks.operator][1] if asks.operator in BOUNDS else "contains" if asks.operator else ""
    told = ", ".join(str(asks.column.choices.get(_code(code), code)) for code in text.split(","))
    return f"{before} {told}".strip()


def _code(text: str) -> Any:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _named(related: Any, text: str, actor: Any) -> str:
    """The names of the records a filter names, as far as the actor sees them."""
    keys = [int(digits) for digits in re.findall(r"(?:^|[-,\s(])(\d{1,18})(?=$|[,\s)])", text)[:3]]
    rows = related._base_manager.filter(pk__in=keys)
    if issubclass(related, Record):
        rows = engine.scope(actor, rows)
    return ", ".join(str(row) for row in rows) or text
