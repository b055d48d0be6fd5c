"""The dates of a contract: which term runs on a day, until when notice counts, and by when to act.

Pure: no Django, no clock. Days are calendar dates, both ends of a term belong to it, and every term is reckoned from
the first start, so that the 31st does not drift.
"""

from calendar import monthrange
from collections.abc import Collection, Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

DAY = timedelta(1)
MOST_MONTHS, MOST_DAYS = 1200, 36_525
"""A hundred years: whatever is longer was mistyped."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Of the days that are given: whatever is worked out of them is a day, too."""


class InvalidTerms(ValueError):
    """Terms no contract can have. `field` is the argument that is wrong, the message one sentence about it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Mode(StrEnum):
    """What happens at the end of a term: it ends, is renewed by saying so, renews itself, or there is no end."""

    NONE = "none"
    MANUAL = "manual"
    AUTOMATIC = "automatic"
    OPEN_ENDED = "open_ended"


class Unit(StrEnum):
    """What a period of notice is counted in."""

    DAYS = "days"
    MONTHS = "months"


class State(StrEnum):
    """Not begun; running; notice has to go out now; renews, as the deadline has passed; over."""

    PENDING = "pending"
    ACTIVE = "active"
    IN_NOTICE_WINDOW = "in_notice_window"
    COMMITTED = "committed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class TermState:
    """How a contract stands on a day. What does not apply is None.

    `number`: 1 is the initial term. `term_start` to `term_end`: the term of the day; before the start the first one,
    after the end the last. `notice_deadline`: the last day on which notice still counts for its end; `act_by`: the last
    working day up to then; `send_by`: the last working day that leaves time for delivery. `renewal_deadline`: what
    reminders count back from: the notice deadline where a contract renews itself, its end where it does not, the next
    day on which it could end where it has none. `next_notice_deadline`: the next one that somebody can still meet.
    `committed_until`: the last day to be paid for if notice is given as soon as it counts. `state`: in the notice
    window from `send_by` to the deadline; committed from then on, where the contract renews itself.
    """

    number: int
    term_start: date
    term_end: date | None
    notice_deadline: date | None
    act_by: date | None
    send_by: date | None
    renewal_deadline: date | None
    next_notice_deadline: date | None
    committed_until: date | None
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed about the time of a contract; InvalidTerms where it cannot be.

    One of `initial_months` and `initial_until` (last day of an initial term of no whole number of months) is given.
    `renewal_months` is asked where the contract renews itself. `notice_period` counts `notice_unit`s; 0 is notice until
    the last day. `minimum_until`: the contract does not end before that day. `mail_buffer_days`: calendar days that
    delivery of the notice takes.
    """

    start: date
    initial_months: int | None = None
    initial_until: date | None = None
    renewal_mode: str = Mode.NONE
    renewal_months: int | None = None
    notice_period: int = 0
    notice_unit: str = Unit.MONTHS
    minimum_until: date | None = None
    mail_buffer_days: int = 0

    def __post_init__(self) -> None:
        _day("start", self.start)
        if (self.initial_months is None) == (self.initial_until is None):
            raise InvalidTerms("initial_months", "Give the initial term in months or its last day, one of the two.")
        if self.initial_months is not None:
            _count("initial_months", self.initial_months, 1, MOST_MONTHS)
        for name in ("initial_until", "minimum_until"):
            until = getattr(self, name)
            if until is not None and _day(name, until) < self.start:
                raise InvalidTerms(name, "This day is before the start.")
        for name, kind in (("renewal_mode", Mode), ("notice_unit", Unit)):
            told = getattr(self, name)
            if told not in list(kind):
                raise InvalidTerms(name, f"“{told}” is none of {', '.join(kind)}.")
        if self.renewal_months is not None:
            _count("renewal_months", self.renewal_months, 1, MOST_MONTHS)
        elif self.renewal_mode == Mode.AUTOMATIC:
            raise InvalidTerms("renewal_months", "A contract that renews itself does so for some months: how many?")
        _count("notice_period", self.notice_period, 0, MOST_DAYS if self.notice_unit == Unit.DAYS else MOST_MONTHS)
        _count("mail_buffer_days", self.mail_buffer_days, 0, MOST_DAYS)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is legal and worth a second look, a sentence each."""
        if self.renewal_mode != Mode.AUTOMATIC or not self.notice_period:
            return ()
        first, second = self._after(0), self._after(1)
        if self._deadline(second) < first:
            return ("Notice takes as long as a renewal: the deadline of a term falls before the term begins.",)
        if self._deadline(first) < self.start:
            return ("Notice takes as long as the initial term: its deadline has passed when the contract begins.",)
        return ()

    def on(self, day: date, holidays: Container[date] = frozenset(), weekend: Collection[int] = (5, 6)) -> TermState:
        """How the contract stands on a day; `weekend`: 0 is Monday. InvalidTerms for a week without working days."""
        _day("day", day)
        if set(weekend) >= set(range(7)):
            raise InvalidTerms("weekend", "A week has at least one working day.")
        if self.renewal_mode == Mode.OPEN_ENDED:
            return self._open_ended(day, holidays, weekend)
        renews = self.renewal_mode == Mode.AUTOMATIC
        place = self._place(day) if renews and day >= self.start else 0
        after = self._after(place)
        deadline, end = self._deadline(after), after - DAY
        over = day > end
        act_by, send_by = self._by(deadline, holidays, weekend)
        upcoming: date | None = deadline
        bound: date | None = end
        if renews:
            after_next = self._next(day)
            upcoming, bound = self._deadline(after_next), after_next - DAY
        elif day > deadline:
            upcoming = None
        return TermState(
            number=place + 1,
            term_start=self.start if place == 0 else self._after(place - 1),
            term_end=end,
            notice_deadline=deadline,
            act_by=act_by,
            send_by=send_by,
            renewal_deadline=deadline if renews else end,
            next_notice_deadline=None if over else upcoming,
            committed_until=None if over else bound,
            state=State.ENDED if over else self._state(day, deadline, send_by),
        )

    def until(self, day: date, seen: TermState) -> date | None:
        """The last day on which all of `seen`, the state of a day, still holds; None where nothing will change."""
        if seen.state == State.ENDED:
            return None
        if self.renewal_mode == Mode.OPEN_ENDED and seen.notice_deadline is None:
            return day  # notice counts from any day on, and so the end moves with the day
        turns = [seen.term_end, seen.notice_deadline, seen.next_notice_deadline, self.start - DAY]
        turns.append(seen.send_by - DAY if seen.send_by else None)
        return min((turn for turn in turns if turn and turn >= day), default=day)

    def _open_ended(self, day: date, holidays: Container[date], weekend: Collection[int]) -> TermState:
        """Without an end: notice counts for the end of the minimum, and from then on for any day."""
        least = self._least(self._after(0))
        deadline: date | None = self._deadline(least)
        if deadline is not None and day > deadline:
            deadline, least = None, self._ahead(day + DAY)
        act_by, send_by = self._by(deadline, holidays, weekend) if deadline else (None, None)
        return TermState(
            number=1,
            term_start=self.start,
            term_end=None,
            notice_deadline=deadline,
            act_by=act_by,
            send_by=send_by,
            renewal_deadline=least - DAY,
            next_notice_deadline=deadline,
            committed_until=least - DAY,
            state=self._state(day, deadline, send_by),
        )

    def _state(self, day: date, deadline: date | None, send_by: date | None) -> State:
        if day < self.start:
            return State.PENDING
        if deadline is None or send_by is None:
            return State.ACTIVE
        if day > deadline:
            return State.COMMITTED if self.renewal_mode == Mode.AUTOMATIC else State.ACTIVE
        return State.IN_NOTICE_WINDOW if day >= send_by else State.ACTIVE

    def _after(self, place: int) -> date:
        """The day after a term: 0 is the initial one, others are renewals."""
        further = place * (self.renewal_months or 0)
        if self.initial_until is not None:
            return moved(self.initial_until + DAY, further)
        return moved(self.start, (self.initial_months or 0) + further)

    def _place(self, day: date) -> int:
        """Which term a day from the start on is in, where the contract renews itself."""
        first, step = self._after(0), self.renewal_months or 1
        # One too early at most: months are counted as if each had as many days.
        place = max(0, ((day.year - first.year) * 12 + day.month - first.month) // step)
        while self._after(place) <= day:
            place += 1
        return place

    def _next(self, day: date) -> date:
        """The day after the first term that can still be ended on a day, where the contract renews itself."""
        place = self._place(max(day, self.start, self.minimum_until or self.start))
        place = max(place, self._place(max(self._ahead(day) - DAY, self.start)) - 1)
        while self._deadline(self._after(place)) < day:
            place += 1
        return self._after(place)

    def _least(self, after: date) -> date:
        return max(after, self.minimum_until + DAY) if self.minimum_until else after

    def _deadline(self, after: date) -> date:
        """The last day on which notice counts for a term that ends the day before `after`."""
        if self.notice_unit == Unit.DAYS:
            return after - timedelta(self.notice_period + 1)
        return moved(after, -self.notice_period) - DAY

    def _ahead(self, day: date) -> date:
        """A day and the period of notice."""
        return day + timedelta(self.notice_period) if self.notice_unit == Unit.DAYS else moved(day, self.notice_period)

    def _by(self, deadline: date, holidays: Container[date], weekend: Collection[int]) -> tuple[date, date]:
        act_by = worked(deadline, holidays, weekend)
        return act_by, worked(act_by - timedelta(self.mail_buffer_days), holidays, weekend)


def moved(day: date, months: int) -> date:
    """The same day some months on; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, day.day if day.day < 29 else min(day.day, monthrange(year, month + 1)[1]))


def worked(day: date, holidays: Container[date], weekend: Collection[int]) -> date:
    """The last working day up to a day."""
    while day.weekday() in weekend or day in holidays:
        day = day - DAY
    return day


def _day(name: str, value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise InvalidTerms(name, f"{value!r} is no day.")
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise InvalidTerms(name, f"Give a day from {FIRST_YEAR} to {LAST_YEAR}.")
    return value


def _count(name: str, value: Any, least: int, most: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidTerms(name, f"Give a whole number from {least} to {most}.")
