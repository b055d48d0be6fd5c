from governance.models.activity import Activity, ProcessVersion
from governance.models.assessment import ResourceAssessment
from governance.models.assignment import Assignment
from governance.models.attestation import Attestation, Campaign
from governance.models.closing import ClosingPlan
from governance.models.competency import Competency
from governance.models.consultation import Consultation, Opinion
from governance.models.gap import Gap
from governance.models.handed import HandoverItem
from governance.models.handover import Handover
from governance.models.lettering import LetterProposal
from governance.models.operating import OperatingModel
from governance.models.process import BusinessProcess, JourneyStage, ProcessStep
from governance.models.sourcing import SourcingOption
from governance.models.standin import StandIn

__all__ = [
    "Activity",
    "Assignment",
    "Attestation",
    "BusinessProcess",
    "Campaign",
    "ClosingPlan",
    "Competency",
    "Consultation",
    "Gap",
    "Handover",
    "HandoverItem",
    "JourneyStage",
    "LetterProposal",
    "OperatingModel",
    "Opinion",
    "ProcessStep",
    "ProcessVersion",
    "ResourceAssessment",
    "SourcingOption",
    "StandIn",
]
