"""The pages of gaps."""

from governance import filters, models
from martech.web.views import RecordViews


class Gaps(RecordViews):
    model = models.Gap
    filterset_class = filters.Gaps
    path = "governance/gaps"
    icon = "exclamation-triangle"
    lead = "What is missing in who answers for what: found by the product, closed as soon as it is mended."
    columns = ("name", "rule", "status", "system", "mender", "since", "due_on")
    facts = (
        "rule",
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
    related = ("system", "activity", "person", "function", "mender")
