"""The endpoints of assessments."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class ResourceAssessments(RecordViewSet):
    model = models.ResourceAssessment
    filterset_class = filters.ResourceAssessments
    path = "assessments"
