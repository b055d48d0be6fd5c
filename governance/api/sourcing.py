"""The endpoints of sourcing options."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class SourcingOptions(RecordViewSet):
    model = models.SourcingOption
    filterset_class = filters.SourcingOptions
    path = "sourcing-options"
