"""How calendars are asked."""

from martech.calendars import models
from martech.filtering import Filters


class Calendars(Filters):
    sort = ("name", "created_at", "changed_at")

    class Meta:
        model = models.Calendar
        fields = ("name", "time_zone", "country")
