"""The endpoints of the process model."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class Activities(RecordViewSet):
    model = models.Activity
    filterset_class = filters.Activities
    path = "activities"


class ProcessVersions(RecordViewSet):
    model = models.ProcessVersion
    filterset_class = filters.ProcessVersions
    path = "process-versions"
