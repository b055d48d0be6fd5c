"""The endpoints of gaps."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class Gaps(RecordViewSet):
    model = models.Gap
    filterset_class = filters.Gaps
    path = "gaps"
