"""How lists are asked: periods of standing in."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class StandIns(filtering.Filters):
    sort = ("from_on", "to_on", "person", "deputy", *WHEN)

    class Meta:
        model = models.StandIn
        fields = ("person", "deputy", "covers", "from_on", "to_on", "ended_by_leaving")
