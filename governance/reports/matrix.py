"""The matrix of one system: its activities in order, who holds which letter for each on a day, and what is missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from governance import letters, tiers
from governance.models import Activity, Assignment
from governance.reports.grid import called
from inventory.models import System
from martech.accounts.models import Function, User, half
from martech.permissions import engine


@dataclass(frozen=True)
class Column:
    """Somebody who holds letters, or may: `person-3` or `function-2`."""

    key: str
    name: str
    half: str
    url: str

    @property
    def is_function(self) -> bool:
        """Whether it is a function, which is never accountable."""
        return letters.split(self.key)[0] == "function"


@dataclass(frozen=True)
class Row:
    """An activity with its letters; `missing` names what a required one lacks, in words.

    `hidden`: letters, in words, that somebody holds whom the asker may not see; they are not missing.
    """

    activity: Activity
    required: bool
    held: tuple[Assignment, ...]
    cells: Mapping[str, str]
    missing: tuple[str, ...]
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Matrix:
    """The letters of a system on a day."""

    on: date
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]

    @property
    def cells(self) -> dict[letters.Cell, str]:
        """Every cell with letters, as `Assignment.arrange` takes them."""
        return {(row.activity.pk, key): told for row in self.rows for key, told in row.cells.items()}

    @property
    def needed(self) -> int:
        """How many activities need somebody."""
        return sum(row.required for row in self.rows)

    @property
    def open(self) -> int:
        """How many of those have nobody who answers for it or nobody who does it."""
        return sum(bool(row.missing) for row in self.rows)


def column(holder: Any) -> Column:
    """A person or a function as a column; its half of the ring is that of the function."""
    if hasattr(holder, "function_id"):
        kind = holder.function.kind if holder.function else ""
        return Column(letters.holder(holder.pk), holder.name, half(kind), f"/people/{holder.pk}/")
    return Column(letters.holder(None, holder.pk), holder.name, half(holder.kind), f"/functions/{holder.pk}/")


def in_order(columns: Iterable[Column]) -> tuple[Column, ...]:
    """People by name, then functions by name."""
    return tuple(sorted(columns, key=lambda one: (one.is_function, one.name, one.key)))


def matrix(system: System, user: Any, on: date) -> Matrix:
    """What the asker sees of a system's letters on a day; two statements."""
    shown = engine.verdict_column(engine.condition(user, engine.name(Assignment, "view")))
    rows: Any = Assignment.objects.valid(on).filter(system=system).annotate(shown=shown)
    held: dict[int, list[Assignment]] = defaultdict(list)
    hidden: dict[int, set[str]] = defaultdict(set)
    for one in rows.select_related("person__function", "function").order_by("pk"):
        if one.shown:
            held[one.activity_id].append(one)
        else:
            hidden[one.activity_id].add(one.letter)
    steps = Activity.objects.filter(Q(retired_at=None) | Q(pk__in=held)).order_by("phase_order", "position", "id")
    columns = {one.holder_key: column(one.holder) for some in held.values() for one in some}
    return Matrix(
        on=on,
        rows=tuple(_row(step, held.get(step.pk, []), hidden.get(step.pk, set()), system) for step in steps),
        columns=in_order(columns.values()),
    )


def _row(step: Activity, held: list[Assignment], hidden: set[str], system: System) -> Row:
    cells: dict[str, str] = {}
    for one in held:
        cells[one.holder_key] = letters.ordered(cells.get(one.holder_key, "") + one.letter)
    required = step.retired_at is None and tiers.requires(
        step.required_from, step.kinds, system.criticality, system.kind
    )
    given = {one.letter for one in held} | hidden
    missing = tuple(letters.WORDS[letter] for letter in "AR" if letter not in given) if required else ()
    in_order = sorted(held, key=lambda one: (letters.ORDER.index(one.letter), one.holder_key))
    unseen = tuple(letters.WORDS[letter] for letter in letters.ORDER if letter in hidden)
    return Row(step, required, tuple(in_order), cells, missing, unseen)


def sheet(system: System, seen: Matrix) -> list[list[str]]:
    """The matrix to take away, head first: an activity a row, a person or function a column, letters such as R/A.

    Who shares a name with somebody is told by number; the import of a grid reads it back. Two statements.
    """
    names = called()
    heads = [names[letters.split(one.key)] for one in seen.columns]
    rows = [
        [
            *(system.number, row.activity.code, row.activity.name, row.activity.get_phase_display()),
            "yes" if row.required else "no",
            *("/".join(row.cells.get(one.key, "")) for one in seen.columns),
        ]
        for row in seen.rows
    ]
    return [["system", "activity", "name", "phase", "required", *heads], *rows]


def named(plan: letters.Plan) -> list[Column]:
    """The holders a plan names."""
    keys = letters.by_kind(one.holder for one in plan.changes)
    people = User.objects.filter(pk__in=keys["person"]).select_related("function")
    return [column(one) for one in (*people, *Function.objects.filter(pk__in=keys["function"]))]


def told(plan: letters.Plan, columns: Iterable[Column]) -> list[str]:
    """A plan in words, by the names of these holders."""
    keys = {one.activity for one in plan.changes}
    names = dict(Activity.objects.filter(pk__in=keys).values_list("pk", "name"))
    return plan.sentences(names, {one.key: one.name for one in columns})


def changed(plan: letters.Plan) -> str:
    """How many letters a plan changed, in a sentence."""
    many = len(plan.changes)
    return f"{many} letter{'' if many == 1 else 's'} changed." if many else "Nothing to change."
