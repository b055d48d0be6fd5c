"""How lists are asked: assessments."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class ResourceAssessments(filtering.Filters):
    sort = ("from_on", "to_on", "function", "status", *WHEN)

    class Meta:
        model = models.ResourceAssessment
        fields = (
            "function",
            "status",
            "from_on",
            "to_on",
            "people",
            "infrastructure",
            "successor",
            "successor_able",
            "workflow",
            "collaboration",
        )
