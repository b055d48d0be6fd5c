"""Who stands in for whom, from day to day: pure, no database and no clock."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple


class Period(NamedTuple):
    """A deputy stands in for a person from a day to a day, both included."""

    person: int
    deputy: int
    first: date
    last: date


def circle(periods: Iterable[Period], new: Period) -> tuple[Period, ...]:
    """The periods by which, on some day, the new one's person would stand in for themselves; empty where there is none.

    The new one comes first, each further one begins where the one before ends, and all have a day in common, from the
    last one's `first` to its `last`.
    """
    by_person: dict[int, list[Period]] = {}
    for one in periods:
        by_person.setdefault(one.person, []).append(one)
    roads = [(new,)]
    while roads:
        road = roads.pop()
        end = road[-1]
        if end.deputy == new.person:
            return road
        for one in by_person.get(end.deputy, ()):
            first, last = max(end.first, one.first), min(end.last, one.last)
            if first <= last and one.person not in {step.person for step in road}:
                roads.append((*road, one._replace(first=first, last=last)))
    return ()
