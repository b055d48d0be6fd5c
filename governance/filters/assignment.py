"""How lists are asked: assignments."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Assignments(filtering.Filters):
    sort = ("system", "activity", "letter", "from_on", "to_on", *WHEN)

    class Meta:
        model = models.Assignment
        fields = (
            "system",
            "activity",
            "person",
            "function",
            "letter",
            "from_on",
            "to_on",
            "silent",
            "ended_by_leaving",
            "reason",
        )
