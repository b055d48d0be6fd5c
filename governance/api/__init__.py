"""The endpoints of governance, by subject."""

from governance.api.activity import Activities, ProcessVersions
from governance.api.assignment import Assignments
from governance.api.process import BusinessProcesses, JourneyStages, ProcessSteps

__all__ = [
    "Activities",
    "Assignments",
    "BusinessProcesses",
    "JourneyStages",
    "ProcessSteps",
    "ProcessVersions",
]
