"""The pages of assessments."""

from typing import Any

from governance import filters, models, reports
from martech.web.views import RecordViews


class ResourceAssessments(RecordViews):
    model = models.ResourceAssessment
    filterset_class = filters.ResourceAssessments
    path = "governance/assessments"
    icon = "chart-pie"
    lead = "What each function can carry in a period: its people, what their time goes into, who steps in."
    columns = ("function", "from_on", "to_on", "status", "people", "infrastructure", "successor_able", "workflow")
    facts = ("function", "from_on", "to_on", "people", "hours")
    related = ("function__head", "function__deputy", "successor")
    fieldsets = (
        ("The period", ("function", "from_on", "to_on", "people", "hours")),
        (
            "What the time goes into",
            ("measurement", "planning", "infrastructure", "data", "other", "below"),
        ),
        ("Who steps in", ("successor", "successor_able")),
        (
            "How it works",
            ("workflow", "workflow_note", "collaboration", "collaboration_note", "summary"),
        ),
    )

    def sections(self, record: models.ResourceAssessment) -> dict[str, Any]:
        return reports.assessed(record)
