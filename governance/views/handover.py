"""The pages of hand-overs."""

from typing import Any

from governance import filters, models, reports
from martech.web.views import RecordViews


class Handovers(RecordViews):
    model = models.Handover
    filterset_class = filters.Handovers
    path = "governance/handovers"
    icon = "arrows-right-left"
    lead = "What somebody held and who is to have it: proposed, decided, carried out in one act."
    columns = ("person", "receiver", "status", "cause", "expires_on")
    facts = ("person", "receiver", "cause", "expires_on", "checklist")
    related = ("person", "receiver")
    fieldsets = (("The hand-over", ("person", "receiver", "expires_on", "checklist")),)

    def sections(self, record: models.Handover) -> dict[str, Any]:
        return {"things": reports.things(record, self.user)}
