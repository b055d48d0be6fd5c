"""How lists are asked: business processes, their steps, the customer's journey."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class BusinessProcesses(filtering.Filters):
    sort = ("name", "owner", "owning_function", "metric_on", *WHEN)

    class Meta:
        model = models.BusinessProcess
        fields = ("name", "owner", "owning_function", "journey_stages", "metric", "metric_on", "edition")


class ProcessSteps(filtering.Filters):
    sort = ("process", "position", "name", *WHEN)

    class Meta:
        model = models.ProcessStep
        fields = ("process", "name", "function", "system", "handover_accountable")


class JourneyStages(filtering.Filters):
    sort = ("code", *WHEN)

    class Meta:
        model = models.JourneyStage
        fields = ("code", "accountable")
