"""The pages of business processes, their steps, and the customer's journey."""

from typing import Any

from governance import filters, models, reports
from martech.web.shown import may_add
from martech.web.views import RecordViews


class BusinessProcesses(RecordViews):
    model = models.BusinessProcess
    filterset_class = filters.BusinessProcesses
    path = "governance/business-processes"
    icon = "arrow-path-rounded-square"
    lead = "How the business works across functions and systems: who owns each process, and who answers in between."
    columns = ("owner", "owning_function", "journey_stages", "metric", "metric_now", "metric_target", "edition")
    facts = ("owner", "owning_function", "journey_stages", "edition")
    related = ("owner", "owning_function")
    fieldsets = (
        ("The process", ("name", "description", "owner", "owning_function", "journey_stages")),
        ("How it does", ("metric", "metric_now", "metric_target", "metric_on", "improvements")),
    )

    def sections(self, record: models.BusinessProcess) -> dict[str, Any]:
        last = record.steps.count() * 10 + 10
        return {
            **reports.lanes(record, self.user),
            "editions": reports.editions(record, self.user),
            "add_step": may_add(self.user, models.ProcessStep, f"process={record.number}&position={last}"),
        }


class ProcessSteps(RecordViews):
    model = models.ProcessStep
    filterset_class = filters.ProcessSteps
    path = "governance/process-steps"
    icon = "list-bullet"
    lead = "The steps of the processes: who does them, with which system."
    columns = ("process", "position", "function", "system", "handover_accountable")
    facts = ("process", "function", "system", "handover_accountable")
    related = ("process", "function", "system", "handover_accountable")
    fieldsets = (
        ("The step", ("process", "name", "position", "function", "system", "description")),
        ("The hand-over", ("handover_accountable",)),
    )


class JourneyStages(RecordViews):
    model = models.JourneyStage
    filterset_class = filters.JourneyStages
    path = "governance/journey-stages"
    icon = "map"
    lead = "The customer's journey, stage by stage, and who answers for each."
    columns = ("code", "accountable", "description")
    facts = ("accountable",)
    related = ("accountable",)
    fieldsets = (("The stage", ("code", "accountable", "description")),)
