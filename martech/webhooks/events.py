"""What a webhook can ask for: patterns of events, fields that change, days ahead; and what matches them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from martech import timeline
from martech.columns import Column, columns
from martech.operations import Record
from martech.verbs import verb as words_of

PING = "interlock.ping"
DAY_AHEAD = "day_ahead"
UNTOLD = frozenset({"webhooks.webhook"})
"""Kinds that webhooks are not told of: what happens to webhooks themselves."""
EVERYWHERE = ("add", "change", "remark", "retire", "restore")
SILENT = frozenset({"choose_theme"})
FARTHEST = 3650  # days ahead

Grouped = list[tuple[str, list[tuple[str, str]]]]


@cache
def kinds() -> dict[str, type[Record]]:
    """The kinds of record a webhook can be told of, by label, in the order of their names."""
    known = {label: model for label, model in timeline.kinds().items() if label not in UNTOLD}
    return dict(sorted(known.items(), key=lambda item: str(item[1]._meta.verbose_name_plural)))


@cache
def patterns() -> Grouped:
    """Every pattern of events in words, by kind: (heading, [(pattern, what happens)])."""
    made: Grouped = [("Any kind of record", [(f"*.{verb}", _happened(verb, "a record")) for verb in EVERYWHERE])]
    for label, model in kinds().items():
        noun, plural = str(model._meta.verbose_name), str(model._meta.verbose_name_plural)
        verbs = [verb for verb in model.OPERATIONS if verb not in SILENT]
        told = [(f"{label}.{verb}", _happened(verb, f"{_article(noun)} {noun}")) for verb in verbs]
        made.append((_upper(plural), [(f"{label}.*", f"Everything about {plural}"), *told]))
    return made


@cache
def known() -> dict[str, str]:
    """Every pattern -> what happens, in words."""
    everywhere = {f"*.{verb}" for model in kinds().values() for verb in model.OPERATIONS}
    more = {pattern: _happened(pattern[2:], "a record") for pattern in sorted(everywhere)}
    return more | {pattern: words for _, told in patterns() for pattern, words in told}


@cache
def fields() -> Grouped:
    """Every field of which a change can be asked for, by kind: (heading, [(kind.field, label)])."""
    return [
        (_upper(str(model._meta.verbose_name_plural)), [(f"{label}.{name}", one.label) for name, one in found])
        for label, model in kinds().items()
        if (found := [(name, one) for name, one in columns(model).items() if _changes(model, name, one)])
    ]


@cache
def days() -> Grouped:
    """Every date of a record that can be told of beforehand, by kind."""
    return [
        (heading, found)
        for heading, told in fields()
        if (found := [(name, label) for name, label in told if column(name)[1].shape == "date"])
    ]


def column(name: str) -> tuple[type[Record], Column]:
    """The kind and column behind `kind.field`; KeyError for what is none."""
    label, _, field = name.rpartition(".")
    model = kinds()[label]
    return model, columns(model)[field]


def split(line: str) -> tuple[str, str]:
    """A kept line such as `inventory.system.lifecycle=live` as (kind.field, value)."""
    name, _, value = line.partition("=")
    return name.strip(), value.strip()


def matches(wanted: Sequence[str], kind: str, verb: str) -> bool:
    """Whether an act is among the patterns; none wanted means all."""
    return not wanted or bool({f"{kind}.{verb}", f"{kind}.*", f"*.{verb}"} & set(wanted))


def holds(conditions: Iterable[str], kind: str, changes: Mapping[str, Any]) -> bool:
    """Whether the changes of a record of this kind meet one of the conditions; none given is met."""
    asked = [split(line) for line in conditions]
    return not asked or any(
        name.rpartition(".")[0] == kind and field in changes and (not value or _is(changes[field][1], value))
        for name, value in asked
        for field in [name.rpartition(".")[2]]
    )


def said(name: str, value: str) -> str:
    """A condition in words: “System: lifecycle becomes Live”."""
    try:
        model, one = column(name)
    except KeyError:
        return name
    noun = _upper(str(model._meta.verbose_name))
    if not value:
        return f"{noun}: {one.label.lower()} changes"
    return f"{noun}: {one.label.lower()} becomes {one.choices.get(value, value)}"


def ahead(name: str, value: str) -> str:
    """A day in words: “30 days before expires of an assurance”."""
    try:
        model, one = column(name)
    except KeyError:
        return name
    noun = str(model._meta.verbose_name)
    days = "On the day" if value == "0" else f"{value} day{'s' if value != '1' else ''} before"
    return f"{days}: “{one.label.lower()}” of {_article(noun)} {noun}"


def _is(after: Any, wanted: str) -> bool:
    if isinstance(after, list):
        return any(_is(one, wanted) for one in after)
    if isinstance(after, dict):
        return wanted in {str(after.get("id")), str(after.get("text"))}
    if isinstance(after, bool):
        return wanted.lower() in ({"true", "yes"} if after else {"false", "no"})
    return str("" if after is None else after) == wanted


def _changes(model: type[Record], name: str, one: Column) -> bool:
    """A fact of the record itself, not one computed or kept by the kernel."""
    own = {item.name for item in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    technical = {"id", "version", "created_at", "changed_at", "origin", "origin_detail", "retired_at"}
    return name in own and name not in technical and one.shape not in {"json", "ring"}


def _happened(verb: str, thing: str) -> str:
    return _upper(words_of(verb).done(thing))


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def told(wanted: Sequence[str]) -> Iterator[str]:
    """Kept patterns in words."""
    for pattern in wanted:
        yield known().get(pattern, pattern)
