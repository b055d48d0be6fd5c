"""How lists are asked: sourcing options. Amounts are not asked for: not everybody sees them."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class SourcingOptions(filtering.Filters):
    sort = ("activity", "name", "status", "hours", "ready_on", "review_on", *WHEN)

    class Meta:
        model = models.SourcingOption
        fields = (
            "name",
            "activity",
            "function",
            "system",
            "way",
            "provider",
            "vendor",
            "owner",
            "hours",
            "status",
            "chosen_on",
            "review_on",
        )
