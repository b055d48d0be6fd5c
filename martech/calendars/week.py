"""A calendar as people read it: the week drawn, the days off ahead with their names, and whether anybody works now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import holidays

from martech.calendars.models import DAYS, Calendar, worktime_zone

AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Period:
    """A stretch of work within a day, in minutes since midnight, and in words."""

    start: int
    length: int
    words: str


@dataclass(frozen=True)
class Day:
    """A weekday with its periods; `words` says how long it is."""

    label: str
    periods: tuple[Period, ...]
    words: str


@dataclass(frozen=True)
class Week:
    """Seven days between `start` and `start + length`, minutes since midnight; `hours` mark the scale."""

    days: tuple[Day, ...]
    start: int
    length: int
    hours: tuple[tuple[int, str], ...]
    words: str


def drawn(weekly: Mapping[str, Any]) -> Week:
    """The week of a calendar's `weekly`: weekday -> periods such as ["09:00", "17:00"]."""
    days = tuple(_day(name, weekly.get(name) or ()) for name in DAYS)
    every = [period for day in days for period in day.periods]
    start = min([360, *(period.start // 180 * 180 for period in every)])
    end = max([1260, *(-(-(period.start + period.length) // 180) * 180 for period in every)])
    hours = tuple((minute, f"{minute // 60:02d}") for minute in range(start, end, 180))
    return Week(days, start, end - start, hours, _long(sum(period.length for period in every)) or "No hours")


def _day(name: str, periods: Any) -> Day:
    made = []
    for begin, end in periods:
        first, last = _minutes(begin), _minutes(end) or 1440
        made.append(Period(first, last - first, f"{begin} to {end}"))
    return Day(name.capitalize(), tuple(made), _long(sum(period.length for period in made)))


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes or 0)


def _long(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


@dataclass(frozen=True)
class DayOff:
    """A day on which nobody works: a public holiday by its name, or one of the calendar's own."""

    day: date
    name: str
    public: bool


def days_off(calendar: Calendar, today: date) -> list[DayOff]:
    """The days off within a year from today, in their order."""
    found = {day: DayOff(day, name, True) for day, name in _named(calendar.country, calendar.subdivision, today.year)}
    found |= {day: DayOff(day, "Own day off", False) for day in map(date.fromisoformat, calendar.own_days)}
    return [one for day, one in sorted(found.items()) if today <= day <= today + AHEAD]


@lru_cache(maxsize=64)
def _named(country: str, subdivision: str, year: int) -> tuple[tuple[date, str], ...]:
    if not country:
        return ()
    return tuple(sorted(holidays.country_holidays(country, subdiv=subdivision or None, years=(year, year + 1)).items()))


@dataclass(frozen=True)
class Opening:
    """Whether it is working time now, and the next instant of working time, in the calendar's own zone."""

    now: bool
    at: datetime | None
    here: datetime


def opening(calendar: Calendar, now: datetime) -> Opening:
    """Whether anybody works at this instant; `at` is None where the calendar has no hours at all."""
    zone = worktime_zone(calendar)
    if not any(calendar.weekly.values()):
        return Opening(False, None, now.astimezone(zone))
    at = calendar.next_opening(now)
    return Opening(at == now, at.astimezone(zone), now.astimezone(zone))
