"""How lists are asked: campaigns and attestations."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Campaigns(filtering.Filters):
    sort = ("due_on", "name", "status", *WHEN)

    class Meta:
        model = models.Campaign
        fields = ("name", "status", "tier", "owning_function", "due_on")


class Attestations(filtering.Filters):
    sort = ("due_on", "system", "person", "status", *WHEN)

    class Meta:
        model = models.Attestation
        fields = ("system", "person", "campaign", "status", "due_on", "answered_at")
