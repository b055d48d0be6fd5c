"""Where things stand in the inventory's pictures. Pure: days and ratings in, percents and words out."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from inventory import fit


@dataclass(frozen=True)
class Step:
    """A mark on the road to a day: how many days before it, where on the road (percent), and whether it is passed."""

    days: int
    at: float
    passed: bool


@dataclass(frozen=True)
class Countdown:
    """How long a proof still holds. `days` is None where it has no end; `at` is today's place on the road, percent."""

    days: int | None
    at: float
    tone: str
    words: str
    steps: tuple[Step, ...]


def countdown(expires_on: date | None, today: date, steps: Iterable[int]) -> Countdown:
    """The road of reminders up to the day something runs out. `steps` are days before it, such as 60, 30, 14, 7, 1, 0.

    Every step has the same share of the road, so that the last days are as plain to see as the first.
    """
    if expires_on is None:
        return Countdown(None, 0, "muted", "No end date", ())
    days = (expires_on - today).days
    marks = sorted({step for step in steps if step > 0}, reverse=True)
    share = 100 / (len(marks) + 1)
    bounds = [2 * marks[0], *marks, 0] if marks else [60, 0]
    at = 100.0
    for place, (more, less) in enumerate(itertools.pairwise(bounds)):
        if days > less:
            at = share * place + share * max(0.0, (more - days) / (more - less)) if more > less else share * place
            break
    road = tuple(Step(mark, round(share * number, 2), days <= mark) for number, mark in enumerate(marks, start=1))
    return Countdown(days, round(min(at, 100.0), 2), tone(days), left(days), road)


def tone(days: int) -> str:
    """The tone of a number of days left."""
    if days < 0:
        return "danger"
    return "attention" if days <= 30 else "info" if days <= 60 else "ok"


def left(days: int) -> str:
    """Days left in words."""
    if days == 0:
        return "Runs out today"
    unit = "day" if abs(days) == 1 else "days"
    return f"{days} {unit} left" if days > 0 else f"Ran out {-days} {unit} ago"


@dataclass(frozen=True)
class Field:
    """One of the four fields of the TIME picture: its code and word, and its corner in percent."""

    code: str
    label: str
    x: int
    y: int
    here: bool


@dataclass(frozen=True)
class Quadrant:
    """A system in the TIME picture. `x` and `y` place its dot in percent from the upper left; no dot while unrated."""

    label: str
    x: float
    y: float
    rated: bool
    fields: tuple[Field, ...]
    words: str


CORNERS = {"tolerate": (0, 0), "invest": (50, 0), "eliminate": (0, 50), "migrate": (50, 50)}
"""Better serving stands further right, better built stands higher."""


def quadrant(functional: int | None, technical: int | None) -> Quadrant:
    """The picture of two ratings from 1 to 4, either of which may be missing."""
    here = fit.quadrant(functional, technical)
    words = dict(fit.QUADRANTS)
    fields = tuple(Field(code, words[code], x, y, code == here) for code, (x, y) in CORNERS.items())
    serves = f"serves: {dict(fit.FUNCTIONAL)[functional].lower()}" if functional else "not yet rated how it serves"
    built = f"built: {dict(fit.TECHNICAL)[technical].lower()}" if technical else "not yet rated how it is built"
    x = (functional - 0.5) * 25 if functional else 0
    y = (4.5 - technical) * 25 if technical else 0
    return Quadrant(words.get(here, ""), x, y, bool(here), fields, f"{serves}, {built}")


@dataclass(frozen=True)
class Due:
    """A day on which somebody must act: what happens then, and the page that tells more."""

    day: date
    what: str
    url: str


def next_day(dues: Iterable[Due]) -> Due | None:
    """The nearest day to act; one that has passed comes first."""
    return min(dues, key=lambda due: due.day, default=None)


@dataclass(frozen=True)
class Stream:
    """One integration as seen from one of its ends.

    `way` is in, out or both; `other` the system at the far end, `seen` whether the reader may open it.
    """

    flow: Any
    other: Any
    way: str
    seen: bool


def streams(key: int, flows: Iterable[Any]) -> tuple[list[Stream], list[Stream]]:
    """What comes in and what goes out of a system; what goes both ways stands on the side where it begins.

    Each flow knows `source_seen` and `target_seen`: whether the reader may open that end.
    """
    coming: list[Stream] = []
    going: list[Stream] = []
    for flow in flows:
        both = flow.direction == "two_way"
        if flow.source_id == key:
            going.append(Stream(flow, flow.target, "both" if both else "out", flow.target_seen))
        else:
            coming.append(Stream(flow, flow.source, "both" if both else "in", flow.source_seen))
    return coming, going
