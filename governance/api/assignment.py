"""The endpoints of assignments."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class Assignments(RecordViewSet):
    model = models.Assignment
    filterset_class = filters.Assignments
    path = "assignments"
