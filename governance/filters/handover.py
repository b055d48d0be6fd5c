"""How lists are asked: hand-overs."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Handovers(filtering.Filters):
    sort = ("expires_on", "status", "person", "receiver", *WHEN)

    class Meta:
        model = models.Handover
        fields = ("person", "receiver", "status", "cause", "expires_on")
