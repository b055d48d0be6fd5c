from governance.models.activity import Activity, ProcessVersion
from governance.models.assignment import Assignment

__all__ = ["Activity", "Assignment", "ProcessVersion"]
