"""What an operating model would do to a system's letters: each cell before and after, and roles that are nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance import letters, roles
from governance.models import Activity, Assignment, OperatingModel
from governance.reports.matrix import Column, in_order, matrix, named
from inventory.models import System


@dataclass(frozen=True)
class Line:
    """An activity before and after: for each column its holder, the letters so far and those that would be."""

    activity: Activity
    cells: tuple[tuple[Column, str, str], ...]

    @property
    def changes(self) -> bool:
        """Whether anything of it changes."""
        return any(before != after for _, before, after in self.cells)


@dataclass(frozen=True)
class Preview:
    """What would happen; `nobody` names roles without anybody, each with the activities that ask for it.

    `lines` and `columns` are the matrix as it stands and as it would be. `headline`: the accountable person of the
    system as a whole before and after, None where there is nobody.
    """

    plan: letters.Plan
    nobody: tuple[tuple[str, tuple[str, ...]], ...]
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    headline: tuple[Column | None, Column | None]

    @property
    def changes(self) -> bool:
        """Whether any cell changes."""
        return any(line.changes for line in self.lines)

    @property
    def gone(self) -> int:
        """How many letters end, or never begin."""
        return len(self.plan.ends) + len(self.plan.cancelled)


def shares(model: OperatingModel) -> list[tuple[str, list[tuple[str, str]]]]:
    """The model's lines in words: activities in order, each with roles and their letters."""
    lines = {line.activity: line.roles for line in model.read()}
    steps = Activity.objects.current().filter(code__in=lines).values_list("code", "name")
    return [(name, [(roles.ROLES.get(role, role), told) for role, told in lines[code].items()]) for code, name in steps]


def preview(model: OperatingModel, system: System, user: Any, on: date) -> Preview:
    """What `model.apply` would do for this person. Refused and ValidationError as there."""
    plan, nobody = model.planned(system, on, by=user)
    steps = list(Activity.objects.current())
    codes = {one.code: one.name for one in steps}
    now = matrix(system, user, on)
    columns = {one.key: one for one in (*now.columns, *named(plan))}
    after = now.cells | {cell: then for cell, _, then in plan.moves(Assignment.held(system, on))}
    asked = {cell[0] for cell, told in (*now.cells.items(), *after.items()) if told}
    across = in_order(columns.values())
    open_roles: dict[str, list[str]] = {}
    for code, role in nobody:
        open_roles.setdefault(roles.ROLES.get(role, role), []).append(codes[code])
    return Preview(
        plan=plan,
        nobody=tuple((role, tuple(told)) for role, told in open_roles.items()),
        columns=across,
        lines=tuple(
            Line(
                step,
                tuple(
                    (one, now.cells.get((step.pk, one.key), ""), after.get((step.pk, one.key), "")) for one in across
                ),
            )
            for step in steps
            if step.pk in asked
        ),
        headline=(_answers(steps, columns, now.cells), _answers(steps, columns, after)),
    )


def _answers(steps: list[Activity], columns: Mapping[str, Column], cells: Mapping[letters.Cell, str]) -> Column | None:
    """Whoever is accountable for the system as a whole, by these cells."""
    whole = {one.pk for one in steps if one.code == "operate"}
    return next((columns[holder] for (step, holder), told in cells.items() if step in whole and "A" in told), None)
