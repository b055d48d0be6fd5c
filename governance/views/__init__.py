"""The pages of governance, by subject."""

from governance.views.activity import Activities, ProcessVersions
from governance.views.assignment import Assignments

__all__ = ["Activities", "Assignments", "ProcessVersions"]
