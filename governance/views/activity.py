"""The pages of the process model."""

from governance import filters, models
from martech.web.views import RecordViews


class Activities(RecordViews):
    model = models.Activity
    filterset_class = filters.Activities
    path = "governance/activities"
    icon = "queue-list"
    lead = "The steps of the process, from the wish to the end, and which of them need somebody."
    columns = ("phase", "position", "required_from", "kinds", "code")
    facts = ("phase", "required_from", "kinds", "level", "code")
    fieldsets = (
        ("The step", ("name", "code", "phase", "position", "description")),
        ("Who must answer for it", ("required_from", "kinds", "level")),
    )


class ProcessVersions(RecordViews):
    model = models.ProcessVersion
    filterset_class = filters.ProcessVersions
    path = "governance/process-versions"
    icon = "bookmark"
    lead = "The process model as it was published, each time it was."
    columns = ("published_on", "created_at")
    facts = ("published_on",)
    fieldsets = (("The version", ("name",)),)
