"""The endpoints of governance, by subject."""

from governance.api.activity import Activities, ProcessVersions
from governance.api.answering import Answers
from governance.api.assessment import Competencies, LetterProposals, ResourceAssessments
from governance.api.assignment import Assignments
from governance.api.attestation import Attestations, Campaigns
from governance.api.consultation import Consultations
from governance.api.gap import ClosingPlans, Gaps
from governance.api.handover import Handovers
from governance.api.matrix import Matrices
from governance.api.operating import OperatingModels
from governance.api.process import BusinessProcesses, JourneyStages, ProcessSteps
from governance.api.sourcing import SourcingOptions
from governance.api.standin import StandIns

__all__ = [
    "Activities",
    "Answers",
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
    "Matrices",
    "OperatingModels",
    "ProcessSteps",
    "ProcessVersions",
    "ResourceAssessments",
    "SourcingOptions",
    "StandIns",
]
