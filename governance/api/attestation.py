"""The endpoints of attestation."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class Campaigns(RecordViewSet):
    model = models.Campaign
    filterset_class = filters.Campaigns
    path = "attestation-campaigns"


class Attestations(RecordViewSet):
    model = models.Attestation
    filterset_class = filters.Attestations
    path = "attestations"
