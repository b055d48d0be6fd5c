"""The pages of assessments, competencies and proposed letters."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from governance import filters, models, reports
from martech.web import links, sending
from martech.web.shown import may_add
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
        today, known = timezone.localdate(), reports.group_of(record)
        told = reports.assessed(record)
        return {
            **told,
            **reports.skilled(record, known),
            "findings": reports.findings(record, known, told["stepping_in"], today),
            **reports.offers(record, self.user, today),
            "add_skill": may_add(self.user, models.Competency),
            "once": sending.key(self.request),
        }

    def done(self, record: models.ResourceAssessment, verb: str) -> HttpResponse:
        """After new advice: to the advice."""
        answer = super().done(record, verb)
        return redirect(f"{links.of(record)}#advice") if verb == "advise" else answer


class Competencies(RecordViews):
    model = models.Competency
    filterset_class = filters.Competencies
    path = "governance/competencies"
    icon = "academic-cap"
    lead = "Who is able to do what, on seven levels: said by themselves, or confirmed, for twelve months."
    columns = ("person", "activity", "level", "status", "valid_until")
    facts = ("person", "activity", "level", "valid_until")
    related = ("person", "activity")
    fieldsets = (("The competency", ("person", "activity", "level", "evidence")),)


class LetterProposals(RecordViews):
    model = models.LetterProposal
    filterset_class = filters.LetterProposals
    path = "governance/letter-proposals"
    icon = "light-bulb"
    lead = "Letters that assessments propose, each with its reason. An assessment draws them up; nobody writes them."
    columns = ("rule", "status", "assessment", "reason")
    facts = ("system", "activity", "letters", "rule", "assessment")
    related = ("system", "activity", "person", "function", "instead_of", "assessment__function")

    def sections(self, record: models.LetterProposal) -> dict[str, Any]:
        return reports.rests_on(record, self.user, timezone.localdate())

    def done(self, record: models.LetterProposal, verb: str) -> HttpResponse:
        """After an answer: back to the advice it belongs to."""
        super().done(record, verb)
        return redirect(f"{links.of(record.assessment)}#advice")
