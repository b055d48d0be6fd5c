"""The filters of governance, by subject."""

from governance.filters.activity import Activities, ProcessVersions
from governance.filters.assignment import Assignments

__all__ = ["Activities", "Assignments", "ProcessVersions"]
