"""How lists are asked: gaps of ownership."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Gaps(filtering.Filters):
    sort = ("since", "rule", "system", "mender", "due_on", "closed_at", *WHEN)

    class Meta:
        model = models.Gap
        fields = (
            "rule",
            "status",
            "system",
            "activity",
            "person",
            "function",
            "mender",
            "since",
            "closed_at",
            "due_on",
            "tolerated_until",
        )
