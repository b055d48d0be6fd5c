"""The pages of governance, by subject."""

from governance.views import grid, gridfile, matrix, sourcing
from governance.views.activity import Activities, ProcessVersions
from governance.views.assessment import Competencies, LetterProposals, ResourceAssessments
from governance.views.assignment import Assignments
from governance.views.attestation import Attestations, Campaigns
from governance.views.consultation import Consultations
from governance.views.gap import ClosingPlans, Gaps
from governance.views.handover import Handovers
from governance.views.operating import OperatingModels
from governance.views.process import BusinessProcesses, JourneyStages, ProcessSteps
from governance.views.sourcing import SourcingOptions
from governance.views.standin import StandIns

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
    "grid",
    "gridfile",
    "matrix",
    "sourcing",
]
