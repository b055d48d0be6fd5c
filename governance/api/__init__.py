"""The endpoints of governance, by subject."""

from governance.api.activity import Activities, ProcessVersions
from governance.api.assignment import Assignments

__all__ = ["Activities", "Assignments", "ProcessVersions"]
