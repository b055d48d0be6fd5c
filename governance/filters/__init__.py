"""The filters of governance, by subject."""

from governance.filters.activity import Activities, ProcessVersions
from governance.filters.assessment import Competencies, LetterProposals, ResourceAssessments
from governance.filters.assignment import Assignments
from governance.filters.attestation import Attestations, Campaigns
from governance.filters.consultation import Consultations
from governance.filters.gap import ClosingPlans, Gaps
from governance.filters.handover import Handovers
from governance.filters.operating import OperatingModels
from governance.filters.process import BusinessProcesses, JourneyStages, ProcessSteps
from governance.filters.sourcing import SourcingOptions
from governance.filters.standin import StandIns

__all__ = [
    "Activities",
    "Assignments",
    "Attestations",
    "BusinessProcesses",
    "Campaigns",
    "ClosingPlans",
    "Competencies",
    "Consultations",
    "Gaps",
    "Handovers",
    "JourneyStages",
    "LetterProposals",
    "OperatingModels",
    "ProcessSteps",
    "ProcessVersions",
    "ResourceAssessments",
    "SourcingOptions",
    "StandIns",
]
