"""The pages of calendars."""

from martech.calendars import filters, models
from martech.web.views import RecordViews


class Calendars(RecordViews):
    model = models.Calendar
    filterset_class = filters.Calendars
    path = "calendars"
    icon = "calendar-days"
    lead = "When the organisation and its people work, and when nobody does."
    columns = ("time_zone", "country", "subdivision", "is_default")
    facts = ("time_zone", "weekly", "country", "subdivision", "own_days", "is_default")
    fieldsets = (
        ("The calendar", ("name", "time_zone", "weekly")),
        ("Days off", ("country", "subdivision", "own_days")),
    )
