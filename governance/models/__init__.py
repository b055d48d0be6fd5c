from governance.models.activity import Activity, ProcessVersion
from governance.models.assignment import Assignment
from governance.models.process import BusinessProcess, JourneyStage, ProcessStep

__all__ = ["Activity", "Assignment", "BusinessProcess", "JourneyStage", "ProcessStep", "ProcessVersion"]
