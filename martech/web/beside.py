"""What stands above a kind of record and shows itself on its page: kind -> dotted names of functions.

Each takes the record and the person who looks, and gives a part of the template's context. As with martech/gates.py,
the record does not import what stands above it: the names are resolved once, here.
"""

from functools import cache
from typing import Any

from django.utils.module_loading import import_string

BESIDE: dict[str, tuple[str, ...]] = {
    "accounts.user": ("governance.reports.stand_ins_of",),
    "inventory.system": ("governance.reports.of_system",),
}


@cache
def _functions(kind: str) -> tuple[Any, ...]:
    return tuple(import_string(name) for name in BESIDE.get(kind, ()))


def of(record: Any, user: Any) -> dict[str, Any]:
    """Everything that is shown on the page of this record by what stands above it."""
    context: dict[str, Any] = {}
    for told in _functions(record._meta.label_lower):
        context |= told(record, user)
    return context
