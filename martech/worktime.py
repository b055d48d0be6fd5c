"""Business-time arithmetic: due times, working time between instants, working days. Pure: no Django, no clock.

Instants are aware datetimes, read to the whole second and returned in UTC; budgets and answers are whole seconds.
A working period includes its start and excludes its end. The choices where products differ:

* a budget that ends exactly at closing is due at closing; an empty budget outside hours moves to the next opening;
* N working days are the same clock time on the N-th working day; a start on a free day first moves to a working day in
  the direction of counting; a clock time outside that day's hours moves on to working time (back, when counting back);
* a clock time in the gap of a spring change moves on by the gap, one that occurs twice means its first occurrence;
* a holiday is free, even where the same date has hours of its own.

Past year 9999 everything raises OverflowError; a naive datetime raises ValueError.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import chain, islice, pairwise
from operator import index, itemgetter
from typing import Any, Self
from zoneinfo import ZoneInfo

Span = tuple[int, int]
Pauses = Iterable[tuple[datetime, datetime]]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
IDLE_DAYS = 366
_IDLE = f"there is no working time for {IDLE_DAYS} days"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY, _WEEK = 86_400, 604_800
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?", re.ASCII)
_END = itemgetter(1)


class InvalidCalendar(ValueError):
    """A calendar nobody can work by; the message says why."""


@dataclass(frozen=True)
class Calendar:
    """Working hours in one time zone; `from_dict` builds and checks it.

    Clock times are seconds after midnight, closures seconds since 1970; both are sorted and free of overlaps.
    """

    zone: ZoneInfo
    week: tuple[tuple[Span, ...], ...]
    holidays: frozenset[date] = frozenset()
    closures: tuple[Span, ...] = ()
    date_hours: Mapping[date, tuple[Span, ...]] = field(default_factory=dict, hash=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read `{"time_zone", "weekly", "holidays", "closures", "date_hours"}`; other keys are notes and ignored.

        `weekly` maps mon..sun to lists of ["HH:MM", "HH:MM"] (seconds may follow, 24:00 ends a day; a missing or empty
        day is closed), `holidays` lists ISO dates, `closures` pairs of instants, `date_hours` maps ISO dates to
        periods in place of the weekly ones. Without `time_zone` it is UTC. Raises InvalidCalendar with the reason.
        """
        zone = _zone(data.get("time_zone", "UTC"))
        weekly = _table(data, "weekly")
        if unknown := [key for key in weekly if key not in WEEKDAYS]:
            raise InvalidCalendar(f"weekly: {unknown[0]!r} is not a day; days are {', '.join(WEEKDAYS)}")
        week = tuple(_periods(weekly.get(name), name) for name in WEEKDAYS)
        hours = {_date(key): _periods(value, str(key)) for key, value in _table(data, "date_hours").items()}
        if not any(week) and not any(hours.values()):
            raise InvalidCalendar("there are no working hours at all")
        return cls(
            zone=zone,
            week=week,
            holidays=frozenset(_date(value) for value in _rows(data.get("holidays"), "holidays")),
            closures=_merged(_closure(value) for value in _rows(data.get("closures"), "closures")),
            date_hours=hours,
        )

    @cached_property
    def _week_seconds(self) -> int:
        return sum(end - start for periods in self.week for start, end in periods)

    @cached_property
    def _open_weekdays(self) -> list[int]:
        return [weekday for weekday, periods in enumerate(self.week) if periods]

    @cached_property
    def _odd_weeks(self) -> frozenset[date]:
        """Mondays of the weeks in which a date departs from the weekly hours."""
        return frozenset(day - timedelta(days=day.weekday()) for day in chain(self.holidays, self.date_hours))

    def _wall(self, day: date, seconds: int = 0) -> int:
        # Adding to an aware datetime moves the clock on the wall, which is what a calendar means.
        return _seconds(datetime.combine(day, time.min, tzinfo=self.zone) + timedelta(seconds=seconds))

    def _hours(self, day: date) -> Sequence[Span]:
        """The working spans of a local date, in seconds since 1970, closures taken out."""
        periods = () if day in self.holidays else self.date_hours.get(day, self.week[day.weekday()])
        if not periods:
            return ()
        dawn, dusk = self._wall(day), self._wall(day, _DAY)
        if dusk - dawn == _DAY:
            spans: Sequence[Span] = [(dawn + start, dawn + end) for start, end in periods]
        else:
            # The zone's offset changes: each clock time is looked up alone. A period inside the gap may come out empty,
            # one moved out of it may run into its neighbour, and neither may leave the day.
            spans, reached = [], dawn
            for start, end in periods:
                start, end = max(self._wall(day, start), reached), min(self._wall(day, end), dusk)
                if start < end:
                    spans.append((start, end))
                    reached = end
        return _without(spans, self.closures)


def due(calendar: Calendar, start: datetime, seconds: int, pauses: Pauses = ()) -> datetime:
    """The instant at which `seconds` of working time after `start`, pauses left out, are used up.

    Pauses are (from, to) instants in any order, overlaps count once. Raises ValueError for a negative budget or a
    reversed pause, InvalidCalendar when 366 days in a row hold no working time.
    """
    if seconds < 0:
        raise ValueError("a budget cannot be negative; shift goes back")
    return _moment(_reach(calendar, _seconds(start), index(seconds), 1, _cuts(pauses)))


def elapsed(calendar: Calendar, start: datetime, end: datetime, pauses: Pauses = ()) -> int:
    """Working seconds from `start` to `end`, pauses left out; 0 when the end is before the start."""
    return _worked(calendar, _seconds(start), _seconds(end), _cuts(pauses))


def shift(calendar: Calendar, start: datetime, seconds: int) -> datetime:
    """The instant `seconds` of working time after `start`, or before it when negative (then at opening, not closing).

    Meant for reminder levels around a due time. Raises as `due` does.
    """
    return _moment(_reach(calendar, _seconds(start), abs(index(seconds)), -1 if seconds < 0 else 1))


def due_days(calendar: Calendar, start: datetime, days: int, pauses: Pauses = (), end_of_day: bool = False) -> datetime:
    """The same clock time `days` working days later (earlier when negative), or that day's closing with `end_of_day`.

    The working time of every pause that began before the due time is added after it. Raises as `due` does.
    """
    origin, step = _seconds(start), -1 if days < 0 else 1
    local = datetime.fromtimestamp(origin, calendar.zone)
    day = add_working_days(calendar, local.date(), days)
    if end_of_day:
        moment = calendar._hours(day)[-1][1]
        if days == 0 and moment <= origin:
            moment = calendar._hours(_working_day(calendar, day, 1, skip=1))[-1][1]
    else:
        same_clock = datetime.combine(day, local.time(), tzinfo=calendar.zone)
        moment = _reach(calendar, origin if day == local.date() else _seconds(same_clock), 0, step)
    for begins, ends in _cuts(pauses):
        if begins >= moment:
            break
        if paused := _worked(calendar, max(begins, origin), ends):
            moment = _reach(calendar, moment, paused, 1)
    return _moment(moment)


def shift_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The same clock time `days` working days after `start`, or before it when negative. Raises as `due` does."""
    return due_days(calendar, start, days)


def advance(calendar: Calendar, start: datetime) -> datetime:
    """The first working instant at or after `start`. Raises InvalidCalendar when the next 366 days hold none."""
    return _moment(_reach(calendar, _seconds(start), 0, 1))


def periods(calendar: Calendar, start: datetime, count: int) -> list[tuple[datetime, datetime]]:
    """The first `count` working periods from `start` on, the first cut at `start`. Raises as `due` does."""
    origin = _seconds(start)
    spans = ((max(begins, origin), ends) for _, spans in _walk(calendar, origin, 1) for begins, ends in spans)
    found = list(islice(((begins, ends) for begins, ends in spans if begins < ends), count))
    if len(found) < count:
        raise InvalidCalendar(_IDLE)
    return [(_moment(begins), _moment(ends)) for begins, ends in found]


def instant(wall_clock: datetime | str, time_zone: ZoneInfo | str) -> datetime:
    """The instant of a clock time (naive datetime or its ISO text) in a zone; gaps and double hours as said above.

    Raises ValueError for a clock time with an offset, InvalidCalendar for an unknown zone.
    """
    wall = datetime.fromisoformat(wall_clock) if isinstance(wall_clock, str) else wall_clock
    if wall.tzinfo is not None:
        raise ValueError("a wall clock time carries no offset")
    return _moment(_seconds(wall.replace(tzinfo=_zone(time_zone), fold=0)))


def add_working_days(calendar: Calendar, day: date, days: int) -> date:
    """The date `days` working days after `day`, or before it when negative.

    A working day has working time left after holidays and closures; a free `day` first moves to one in the direction
    of counting. Raises as `due` does.
    """
    step = -1 if days < 0 else 1
    day = _working_day(calendar, day, step)
    for _ in range(abs(index(days))):
        day = _working_day(calendar, day, step, skip=1)
    return day


def _working_day(calendar: Calendar, day: date, step: int, skip: int = 0) -> date:
    for offset in range(skip, IDLE_DAYS + 1):
        candidate = day + timedelta(days=step * offset)
        if calendar._hours(candidate):
            return candidate
    raise InvalidCalendar(_IDLE)


def _reach(calendar: Calendar, start: int, seconds: int, step: int, cuts: Sequence[Span] = ()) -> int:
    """Walk `seconds` of working time from `start`, forward (step 1) or back (-1)."""
    for whole, spans in _walk(calendar, start, step, cuts):
        if whole is not None and whole < seconds:
            seconds -= whole
            continue
        for begins, ends in spans:
            begins, ends = (max(begins, start), ends) if step > 0 else (begins, min(ends, start))
            if begins < ends:
                if seconds <= ends - begins:
                    return begins + seconds if step > 0 else ends - seconds
                seconds -= ends - begins
    raise InvalidCalendar(_IDLE)


def _worked(calendar: Calendar, start: int, end: int, cuts: Sequence[Span] = ()) -> int:
    return sum(
        sum(max(0, min(ends, end) - max(begins, start)) for begins, ends in spans) if whole is None else whole
        for whole, spans in _walk(calendar, start, 1, cuts, until=max(start, end))
    )


def _walk(
    calendar: Calendar, start: int, step: int, cuts: Sequence[Span] = (), until: int | None = None
) -> Iterator[tuple[int | None, Iterable[Span]]]:
    """Working spans from about `start` on, in walking order, a day at a time, or a week where nothing disturbs it.

    Such a week comes with its working seconds, so that it need not be looked into; its spans are made only on demand.
    Days come with None and may reach beyond `start`. Ends at `until`, or after 366 days without working time, in
    which a pause is no obstacle: what is closed is the calendar, not the clock.
    """
    today = datetime.fromtimestamp(start, calendar.zone).date()
    last_open = today
    # One day early: around a clock change at midnight an instant may belong to its neighbour's hours.
    day = today - timedelta(days=step)
    while until is not None or abs((day - last_open).days) <= IDLE_DAYS:
        if until is not None and calendar._wall(day) >= until:
            return
        if day.weekday() == (0 if step > 0 else 6):
            monday = day if step > 0 else day - timedelta(days=6)
            opens, closes = calendar._wall(monday), calendar._wall(monday, _WEEK)
            ahead = opens >= start and (until is None or closes <= until) if step > 0 else closes <= start
            plain = closes - opens == _WEEK and monday not in calendar._odd_weeks
            if ahead and plain and not any(_touches(each, opens, closes) for each in (calendar.closures, cuts)):
                week = [monday + timedelta(days=offset) for offset in range(7)][::step]
                yield calendar._week_seconds, chain.from_iterable(calendar._hours(each)[::step] for each in week)
                if calendar._open_weekdays:
                    last_open = monday + timedelta(days=calendar._open_weekdays[-1 if step > 0 else 0])
                day += timedelta(days=7 * step)
                continue
        if hours := calendar._hours(day):
            last_open = max(last_open, day) if step > 0 else min(last_open, day)
            yield None, _without(hours, cuts)[::step]
        day += timedelta(days=step)


def _seconds(moment: datetime) -> int:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    return (moment - _EPOCH) // timedelta(seconds=1)


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _cuts(pauses: Pauses) -> tuple[Span, ...]:
    spans = [(_seconds(begins), _seconds(ends)) for begins, ends in pauses]
    for begins, ends in spans:
        if ends < begins:
            raise ValueError(f"a pause ends before it begins: {_moment(begins)} to {_moment(ends)}")
    return _merged(spans)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, joined where they overlap or touch, empty ones left out."""
    merged: list[Span] = []
    for begins, ends in sorted(spans):
        if begins < ends:
            if merged and begins <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
            else:
                merged.append((begins, ends))
    return tuple(merged)


def _touches(cuts: Sequence[Span], begins: int, ends: int) -> bool:
    following = bisect_right(cuts, begins, key=_END)
    return following < len(cuts) and cuts[following][0] < ends


def _without(spans: Sequence[Span], cuts: Sequence[Span]) -> Sequence[Span]:
    """The spans with the cuts (sorted, apart) taken out."""
    if not cuts or not spans or not _touches(cuts, spans[0][0], spans[-1][1]):
        return spans
    left: list[Span] = []
    for begins, ends in spans:
        following = bisect_right(cuts, begins, key=_END)
        while following < len(cuts) and cuts[following][0] < ends:
            if cuts[following][0] > begins:
                left.append((begins, cuts[following][0]))
            begins = cuts[following][1]
            following += 1
        if begins < ends:
            left.append((begins, ends))
    return left


def _zone(name: Any) -> ZoneInfo:
    if isinstance(name, ZoneInfo):
        return name
    # "localtime" and its like are whatever the server is set to.
    if isinstance(name, str) and "/localtime" not in f"/{name}" and name != "posixrules":
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise InvalidCalendar(f"unknown time zone {name!r}")


def _table(data: Mapping[str, Any], key: str) -> Mapping[Any, Any]:
    table = data.get(key) or {}
    if not isinstance(table, Mapping):
        raise InvalidCalendar(f"{key} is not an object of days and their periods")
    return table


def _rows(value: Any, key: str) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise InvalidCalendar(f"{key} is not a list")
    return list(value)


def _periods(value: Any, day: str) -> tuple[Span, ...]:
    """Read the periods of one day; order is free, touching is fine, overlapping is refused."""
    found: list[Span] = []
    for row in _rows(value, day):
        try:
            opens, closes = row
        except (TypeError, ValueError) as error:
            raise InvalidCalendar(f"{day}: {row!r} is not a pair of start and end") from error
        start, end = _clock(opens, day), _clock(closes, day)
        if end <= start:
            raise InvalidCalendar(f"{day}: the period {opens}-{closes} is {'empty' if start == end else 'reversed'}")
        found.append((start, end))
    found.sort()
    for (_, end), (start, _) in pairwise(found):
        if start < end:
            raise InvalidCalendar(f"{day}: two periods overlap")
    return tuple(found)


def _clock(value: Any, day: str) -> int:
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not match:
        raise InvalidCalendar(f"{day}: {value!r} is not a clock time from 00:00 to 24:00")
    if match[1] is None:
        return _DAY
    return int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise InvalidCalendar(f"{value!r} is not a date like 2026-12-24")


def _closure(value: Any) -> Span:
    try:
        begins, ends = (_seconds(datetime.fromisoformat(each) if isinstance(each, str) else each) for each in value)
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidCalendar(f"closures: {value!r} is not a pair of instants with their offsets") from error
    if ends < begins:
        raise InvalidCalendar(f"closures: {value[0]} to {value[1]} is reversed")
    return begins, ends
