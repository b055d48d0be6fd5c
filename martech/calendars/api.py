"""The endpoints of calendars."""

from martech.calendars import filters, models
from martech.rest.viewsets import RecordViewSet


class Calendars(RecordViewSet):
    model = models.Calendar
    filterset_class = filters.Calendars
    path = "calendars"
