"""What an operating model would do to a system's letters: each cell before and after, and roles that are nobody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from governance import letters, roles
from governance.models import Activity, Assignment, OperatingModel
from governance.reports.matrix import Column, named
from inventory.models import System


@dataclass(frozen=True)
class Change:
    """A cell that changes."""

    activity: str
    holder: Column
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What would happen; `nobody` names roles without anybody, each with the activities that ask for it."""

    plan: letters.Plan
    changes: tuple[Change, ...]
    nobody: tuple[tuple[str, tuple[str, ...]], ...]


def shares(model: OperatingModel) -> list[tuple[str, list[tuple[str, str]]]]:
    """The model's lines in words: activities in order, each with roles and their letters."""
    lines = {line.activity: line.roles for line in model.read()}
    steps = Activity.objects.current().filter(code__in=lines).values_list("code", "name")
    return [(name, [(roles.ROLES.get(role, role), told) for role, told in lines[code].items()]) for code, name in steps]


def preview(model: OperatingModel, system: System, user: Any, on: date) -> Preview:
    """What `model.apply` would do for this person. Refused and ValidationError as there."""
    resolved = model.resolved(system, on)
    plan = Assignment.planned(system, resolved.wanted, on, by=user)
    steps = list(Activity.objects.current().values_list("pk", "code", "name"))
    place = {key: number for number, (key, _, _) in enumerate(steps)}
    names, codes = {key: name for key, _, name in steps}, {code: name for _, code, name in steps}
    columns = {one.key: one for one in named(plan)}
    moves = sorted(plan.moves(Assignment.held(system, on)), key=lambda one: (place[one[0][0]], one[0][1]))
    open_roles: dict[str, list[str]] = {}
    for code, role in resolved.nobody:
        open_roles.setdefault(roles.ROLES.get(role, role), []).append(codes[code])
    return Preview(
        plan=plan,
        changes=tuple(Change(names[step], columns[holder], was, then) for (step, holder), was, then in moves),
        nobody=tuple((role, tuple(told)) for role, told in open_roles.items()),
    )
