"""The endpoint of periods of standing in."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class StandIns(RecordViewSet):
    model = models.StandIn
    filterset_class = filters.StandIns
    path = "stand-ins"
