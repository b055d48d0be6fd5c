"""When people can be disturbed: the opening of their working hours, each calendar read once."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from martech import worktime
from martech.calendars import models as calendar_models

DAY = timedelta(days=1)
SETTLED = timedelta(minutes=5)
"""After opening, until what falls due as work begins is written and the day's digest can be closed."""


class Hours:
    """Openings of people whose `calendar` is loaded; the organisation's calendar is asked for once.

    A calendar without any working time for a year disturbs nobody's reminders: they come at once.
    """

    def __init__(self) -> None:
        self._calendars: dict[tuple[Any, int], worktime.Calendar] = {}
        self._openings: dict[tuple[Any, date], datetime] = {}

    @cached_property
    def organisation(self) -> calendar_models.Calendar:
        return calendar_models.organisation()

    def of(self, person: Any) -> calendar_models.Calendar:
        return person.calendar if person.calendar_id else self.organisation

    def today(self, person: Any, at: datetime) -> date:
        """The day it is where the person works."""
        return at.astimezone(calendar_models.worktime_zone(self.of(person))).date()

    def next(self, person: Any, at: datetime) -> datetime:
        """`at` itself within working hours, else the next opening."""
        return self._advance(self.of(person), at)

    def opening_of(self, person: Any, day: date) -> datetime:
        """The first opening on that day or after it."""
        kept = self.of(person)
        key = (kept.pk, day)
        if key not in self._openings:
            midnight = datetime.combine(day, time.min, calendar_models.worktime_zone(kept))
            self._openings[key] = self._advance(kept, midnight)
        return self._openings[key]

    def in_time(self, person: Any, day: date, deadline: date) -> datetime:
        """The first opening from that day on, or, where that is after the deadline, the last one before it."""
        opening = self.opening_of(person, day)
        if self.today(person, opening) <= deadline:
            return opening
        kept = self.of(person)
        midnight = datetime.combine(day, time.min, calendar_models.worktime_zone(kept))
        try:
            before = worktime.shift(self._arithmetic(kept, day.year), midnight, -1)
        except worktime.InvalidCalendar:
            return opening
        return self.opening_of(person, self.today(person, before))

    def next_day(self, person: Any, at: datetime) -> datetime:
        """The first opening of a day that is still to come: this morning's before it, else the next working day's."""
        today = self.today(person, at)
        opening = self.opening_of(person, today)
        return opening if opening > at else self.opening_of(person, today + DAY)

    def digest(self, person: Any, at: datetime) -> datetime:
        """When the digest goes out that takes in what happens at `at`: shortly after the next day's opening."""
        return self.next_day(person, at) + SETTLED

    def digest_today(self, person: Any, at: datetime) -> datetime:
        """The same for what cannot wait a day: within working hours it is `at`, but not before the day is settled."""
        opens = self.next(person, at)
        return max(opens, self.opening_of(person, self.today(person, opens)) + SETTLED)

    def _arithmetic(self, kept: calendar_models.Calendar, year: int) -> worktime.Calendar:
        key = (kept.pk, year)
        if key not in self._calendars:
            self._calendars[key] = kept.hours(year)
        return self._calendars[key]

    def _advance(self, kept: calendar_models.Calendar, at: datetime) -> datetime:
        try:
            return worktime.advance(self._arithmetic(kept, at.year), at)
        except worktime.InvalidCalendar:
            return at
