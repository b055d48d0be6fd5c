"""The lines of the day's mail: one for each system, however often something changed there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps

from martech.notifications.models import Notice

SYSTEM = "inventory.system"
OF_A_SYSTEM = {SYSTEM: "pk", "governance.assignment": "system_id"}
"""Kinds of record whose news is told as news of a system, and the column of its key."""


@dataclass(frozen=True)
class Line:
    """One line: what was said last of a system, or the one thing that was said of another record."""

    sentence: str
    link: str
    number: str


def lines(notices: Sequence[Notice]) -> list[Line]:
    """The notices, oldest first, as lines; at most one statement for each kind of OF_A_SYSTEM that is not a system.

    Several about one system are one line at the place of the first: the last sentence, and how many came before.
    """
    systems = _systems(notices)
    found: dict[object, list[Notice]] = {}
    for notice in notices:
        found.setdefault(systems.get((notice.kind, notice.key), notice.pk), []).append(notice)
    return [_line(each) for each in found.values()]


def _line(notices: list[Notice]) -> Line:
    last = notices[-1]
    before = len(notices) - 1
    more = f" (And {before} more change{'' if before == 1 else 's'} there.)" if before else ""
    return Line(last.sentence + more, last.link, last.number)


def _systems(notices: Sequence[Notice]) -> dict[tuple[str, int], tuple[str, int]]:
    """(kind, key) of what is told -> the system it is about."""
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for kind, column in OF_A_SYSTEM.items():
        keys = {notice.key for notice in notices if notice.kind == kind}
        if kind == SYSTEM:
            found |= {(kind, key): (SYSTEM, key) for key in keys}
        elif keys:
            rows = apps.get_model(kind)._base_manager.filter(pk__in=keys).values_list("pk", column)
            found |= {(kind, key): (SYSTEM, system) for key, system in rows}
    return found
