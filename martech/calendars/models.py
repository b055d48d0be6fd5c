"""Working hours and holidays of the organisation, of people and of agreements."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from martech import worktime
from martech.operations import Record

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def office_hours() -> dict[str, list[list[str]]]:
    """Monday to Friday, nine to five."""
    return {day: [["09:00", "17:00"]] for day in DAYS[:5]}


class Calendar(Record):
    """When somebody works: periods per weekday, holidays of a country and own ones, closures, in one time zone."""

    PREFIX = "CAL"

    name = models.CharField("name", max_length=80)
    time_zone = models.CharField("time zone", max_length=60, help_text="An IANA name such as Europe/Berlin.")
    weekly = models.JSONField("working hours", default=office_hours, help_text="Periods per weekday, from and to.")
    country = models.CharField("public holidays of", max_length=2, blank=True, help_text="ISO 3166 code, e.g. DE.")
    subdivision = models.CharField("part of the country", max_length=6, blank=True, help_text="E.g. BY or ENG.")
    own_days = models.JSONField("own days off", default=list, blank=True, help_text="Dates such as 2026-12-24.")
    is_default = models.BooleanField("the organisation's own", default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = "calendar"
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="calendar_default",
                violation_error_message="The organisation has one calendar.",
            )
        ]

    def clean(self) -> None:
        if self.country:
            try:
                holidays.country_holidays(self.country, subdiv=self.subdivision or None, years=2026)
            except (NotImplementedError, KeyError, AttributeError):
                field = "subdivision" if self.subdivision else "country"
                raise ValidationError({field: "No list of public holidays is known for this."}) from None
        if not isinstance(self.own_days, list):
            raise ValidationError({"own_days": "Give a list of dates."})
        if not isinstance(self.weekly, dict) or not all(isinstance(periods, list) for periods in self.weekly.values()):
            raise ValidationError({"weekly": "Give a list of periods for each weekday."})
        try:
            self.hours(2026)
        except worktime.InvalidCalendar as error:
            raise ValidationError({"weekly": str(error)}) from None
        except (TypeError, AttributeError, ValueError):
            raise ValidationError({"weekly": "Give periods per weekday and dates as in the help text."}) from None

    def hours(self, year: int) -> worktime.Calendar:
        """The arithmetic's calendar, with the holidays of the years around `year`."""
        off = sorted({*self.own_days, *_public(self.country, self.subdivision, year)})
        return worktime.Calendar.from_dict(
            {
                "time_zone": self.time_zone,
                "weekly": {day[:3]: periods for day, periods in self.weekly.items()},
                "holidays": off,
                "closures": [],
                "date_hours": {},
            }
        )

    def off(self) -> "DaysOff":
        """Its days off, of any year."""
        return DaysOff(frozenset(self.own_days), self.country, self.subdivision)

    def weekend(self) -> tuple[int, ...]:
        """Weekdays on which nobody works, Monday is 0; none where that would be all of them."""
        free = tuple(place for place, day in enumerate(DAYS) if not self.weekly.get(day))
        return free if len(free) < len(DAYS) else ()

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself within working hours, else the next instant somebody works."""
        return worktime.advance(self.hours(at.year), at)


@dataclass(frozen=True)
class DaysOff:
    """Public holidays and own days off; a year is looked up when one of its days is asked about."""

    own: frozenset[str]
    country: str
    subdivision: str

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        said = day.isoformat()
        return said in self.own or said in _public(self.country, self.subdivision, day.year)


@lru_cache(maxsize=256)
def _public(country: str, subdivision: str, year: int) -> tuple[str, ...]:
    if not country:
        return ()
    days = holidays.country_holidays(country, subdiv=subdivision or None, years=(year - 1, year, year + 1))
    return tuple(sorted(day.isoformat() for day in days))


def organisation() -> Calendar:
    """The organisation's calendar; office hours in its time zone where none is kept."""
    kept = Calendar.objects.filter(is_default=True, retired_at=None).first()
    return kept or Calendar(name="Organisation", time_zone=settings.TIME_ZONE)


def of(person: Any) -> Calendar:
    """A person's own working hours, else the organisation's."""
    return person.calendar if person.calendar_id else organisation()


def worktime_zone(calendar: Calendar) -> Any:
    return ZoneInfo(calendar.time_zone)
