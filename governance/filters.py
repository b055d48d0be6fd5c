"""How governance is asked, by pages and REST alike."""

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
