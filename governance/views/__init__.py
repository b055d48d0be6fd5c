"""The pages of governance, by subject."""

from governance.views import grid, gridfile, matrix
from governance.views.activity import Activities, ProcessVersions
from governance.views.assessment import ResourceAssessments
from governance.views.assignment import Assignments
from governance.views.attestation import Attestations, Campaigns
from governance.views.consultation import Consultations
from governance.views.gap import ClosingPlans, Gaps
from governance.views.handover import Handovers
from governance.views.operating import OperatingModels
from governance.views.process import BusinessProcesses, JourneyStages, ProcessSteps
from governance.views.standin import StandIns

__all__ = [
    "Activities",
    "Assignments",
    "Attestations",
    "BusinessProcesses",
    "Campaigns",
    "ClosingPlans",
    "Consultations",
    "Gaps",
    "Handovers",
    "JourneyStages",
    "OperatingModels",
    "ProcessSteps",
    "ProcessVersions",
    "ResourceAssessments",
    "StandIns",
    "grid",
    "gridfile",
    "matrix",
]
