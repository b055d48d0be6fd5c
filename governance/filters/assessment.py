"""How lists are asked: assessments, competencies, proposed letters."""

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


class Competencies(filtering.Filters):
    sort = ("person", "activity", "level", "status", "valid_until", *WHEN)

    class Meta:
        model = models.Competency
        fields = ("person", "activity", "level", "status", "rated_on", "valid_until")


class LetterProposals(filtering.Filters):
    sort = ("assessment", "system", "activity", "status", "rule", *WHEN)

    class Meta:
        model = models.LetterProposal
        fields = ("assessment", "system", "activity", "person", "function", "letters", "rule", "status", "name")
