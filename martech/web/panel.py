"""The filter panel of a list and the chips that tell what is asked, in words."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format

from martech.filtering import Asked, day
from martech.operations import Record
from martech.permissions import engine

if TYPE_CHECKING:
    from martech.web.listing import Listing

KINDS = {"choice": "select", "codes": "select", "bool": "bool", "date": "date", "instant": "date", "number": "number"}
BOUNDS = {"gte": ("earliest", "at least"), "lte": ("latest", "at most")}
GROUPS = (
    ("Belongs to", ("reference", "references")),
    ("Kind and state", ("choice", "codes", "bool")),
    ("Words and figures", ("text", "long", "lines", "number")),
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


def groups(listing: "Listing", common: tuple[str, ...]) -> list[Group]:
    """The filters this person may use: those of the list's usual columns first, the others by what they ask."""
    asks = [one for one in listing.filters.base_filters.values() if _offered(one, listing)]
    first = [one for name in common for one in asks if one.column.name == name]
    made = [Group("Most used", tuple(chooser(one, listing) for one in first))]
    for title, shapes in GROUPS:
        rest = [one for one in asks if one.column.shape in shapes and one not in first]
        made.append(Group(title, tuple(chooser(one, listing) for one in rest)))
    return [group for group in made if group.choosers]


def _offered(asks: Asked, listing: "Listing") -> bool:
    shape = asks.column.shape
    if asks.column.name not in listing.known or asks.operator == "isnull" or asks.column.name == "name":
        return False
    if shape in {"date", "instant", "number"}:
        return asks.operator in BOUNDS
    return not asks.operator or shape in {"long", "lines"}


def chooser(asks: Asked, listing: "Listing") -> Chooser:
    name, column = parameter(asks), asks.column
    dated = column.shape in {"date", "instant"}
    bound = BOUNDS.get(asks.operator, ("", ""))[0 if dated else 1]
    empty = listing.kept.get(f"{column.name}__isnull", "").lower() in TRUE and not asks.operator
    return Chooser(
        name=name,
        label=f"{column.label}, {bound}" if bound else column.label,
        value=listing.kept.get(name, "-" if empty else ""),
        error=" ".join(listing.errors.get(name, [])),
        kind=KINDS.get(column.shape, "text"),
        options=(("", "Any"), *column.choices.items(), *((("-", "Empty"),) if "" not in column.choices else ())),
        suggest=f"/suggest/{column.related._meta.label_lower}/" if column.related else "",
        me=bool(column.related) and column.related._meta.label_lower == "accounts.user",
    )


def parameter(asks: Asked) -> str:
    """The name a filter has in the address."""
    return f"{asks.column.name}__{asks.operator}" if asks.operator else asks.column.name


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
