"""The endpoints of business processes, their steps, and the customer's journey."""

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class BusinessProcesses(RecordViewSet):
    model = models.BusinessProcess
    filterset_class = filters.BusinessProcesses
    path = "business-processes"


class ProcessSteps(RecordViewSet):
    model = models.ProcessStep
    filterset_class = filters.ProcessSteps
    path = "process-steps"


class JourneyStages(RecordViewSet):
    model = models.JourneyStage
    filterset_class = filters.JourneyStages
    path = "journey-stages"
