"""How lists are asked: the process model."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Activities(filtering.Filters):
    sort = ("phase_order", "position", "name", *WHEN)

    class Meta:
        model = models.Activity
        fields = ("name", "code", "phase", "required_from", "kinds", "level")


class ProcessVersions(filtering.Filters):
    sort = ("published_on", "name", *WHEN)

    class Meta:
        model = models.ProcessVersion
        fields = ("name", "published_on")
