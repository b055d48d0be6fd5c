"""How lists are asked: gaps of ownership and the plans that close them."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Gaps(filtering.Filters):
    sort = ("since", "rule", "system", "mender", "plan", "closed_at", *WHEN)

    class Meta:
        model = models.Gap
        fields = (
            "rule",
            "status",
            "system",
            "activity",
            "person",
            "function",
            "stage",
            "step",
            "mender",
            "since",
            "closed_at",
            "plan",
            "tolerated_until",
        )


class ClosingPlans(filtering.Filters):
    sort = ("due_on", "name", "owner", "size", "closed", "done_at", *WHEN)

    class Meta:
        model = models.ClosingPlan
        fields = ("name", "owner", "status", "due_on", "size", "closed", "done_at")
