"""The pages of calendars."""

from typing import Any

from django.apps import apps
from django.utils import timezone

from martech.calendars import filters, models, week
from martech.permissions import engine
from martech.web import links
from martech.web.shown import shown
from martech.web.views import RecordViews


class Calendars(RecordViews):
    model = models.Calendar
    filterset_class = filters.Calendars
    path = "calendars"
    icon = "calendar-days"
    lead = "When the organisation and its people work, and when nobody does."
    columns = ("time_zone", "country", "subdivision", "is_default")
    facts = ("time_zone", "country", "is_default")
    fieldsets = (
        ("The calendar", ("name", "time_zone", "weekly")),
        ("Days off", ("country", "subdivision", "own_days")),
    )

    def sections(self, record: models.Calendar) -> dict[str, Any]:
        now = timezone.now()
        person = apps.get_model("accounts.User")
        people = engine.scope(self.user, person.objects.filter(calendar=record, retired_at=None)).order_by("name")
        return {
            "week": week.drawn(record.weekly),
            "days_off": week.days_off(record, timezone.localdate(now)),
            "opening": week.opening(record, now),
            "people": shown(people, links.list_url("accounts.user")),
        }
