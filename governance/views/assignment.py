"""The pages of assignments."""

from governance import filters, models
from martech.web.views import RecordViews


class Assignments(RecordViews):
    model = models.Assignment
    filterset_class = filters.Assignments
    path = "governance/assignments"
    icon = "identification"
    lead = "Every letter: who is responsible, accountable, consulted or informed, for what, since when."
    columns = ("system", "activity", "letter", "person", "function", "from_on", "to_on", "silent")
    facts = ("letter", "system", "activity", "person", "function", "from_on", "to_on", "reason", "silent")
    related = ("system", "activity", "person", "function")
    fieldsets = (
        ("The letter", ("system", "activity", "letter", "person", "function")),
        ("How long and why", ("from_on", "to_on", "reason")),
    )
