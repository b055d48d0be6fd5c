"""The endpoints of hand-overs."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class Handovers(RecordViewSet):
    model = models.Handover
    filterset_class = filters.Handovers
    path = "handovers"
