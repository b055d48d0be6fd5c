"""What we have and pay for."""

from inventory.models.assurance import Assurance
from inventory.models.capability import Capability
from inventory.models.contract import Contract
from inventory.models.data import DataObject, DataSource
from inventory.models.integration import Integration
from inventory.models.system import System, SystemUse
from inventory.models.vendor import Vendor

__all__ = [
    "Assurance",
    "Capability",
    "Contract",
    "DataObject",
    "DataSource",
    "Integration",
    "System",
    "SystemUse",
    "Vendor",
]
