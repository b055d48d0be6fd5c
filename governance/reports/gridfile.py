"""What becomes of the rows of a RACI file: which letters begin and end, row by row, and which rows are left out."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from governance import letters
from governance.gridfile import Line
from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import Function, User
from martech.permissions import engine


@dataclass
class Fate:
    """One row: its plan in sentences, or its faults. `alone`: afterwards nobody is accountable."""

    line: Line
    system: str
    activity: str
    wanted: dict[letters.Cell, str] = field(default_factory=dict)
    seen: dict[letters.Cell, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    changes: int = 0
    alone: bool = False

    @property
    def key(self) -> str:
        return f"{self.line.system}-{self.line.activity}"


def fates(user: Any, lines: Sequence[Line], on: date, *, complete: bool) -> list[Fate]:
    """What a file would do from a day on; seven statements at most.

    `complete`: who is not named for an activity that has its row loses their letters for it; else they stay.
    """
    keys = {one.system for one in lines if one.system}
    systems = dict(engine.scope(user, System.objects.filter(pk__in=keys)).values_list("pk", "name"))
    mine = set(
        engine.scope(user, System.objects.filter(pk__in=keys), "inventory.change_system").values_list("pk", flat=True)
    )
    steps = dict(Activity.objects.filter(pk__in={one.activity for one in lines}).values_list("pk", "name"))
    held: dict[tuple[int, int], list[letters.Held]] = defaultdict(list)
    rows = Assignment.objects.filter(system__in=keys).standing(on).order_by("pk")
    for system, activity, person, function, letter, from_on, last_on, key in rows.values_list(
        *("system", "activity", "person", "function", "letter", "from_on", "last_on", "pk")
    ):
        holder = letters.holder(person, function)
        held[system, activity].append(letters.Held(activity, holder, letter, from_on, last_on, key))
    names, absent = _holders({one.holder for some in held.values() for one in some} | _named(lines))
    made = []
    for line in lines:
        fate = Fate(line, systems.get(line.system, ""), steps.get(line.activity, ""))
        if line.system and line.system not in mine:
            line.faults.append("You may not say who does what for this system.")
        if not line.faults:
            _judge(fate, held[line.system, line.activity], on, complete, names, absent)
        if line.faults or line.cells or fate.changes:
            made.append(fate)
    return made


def _judge(
    fate: Fate, held: list[letters.Held], on: date, complete: bool, names: dict[str, str], absent: dict[str, str]
) -> None:
    line = fate.line
    fate.wanted = {(line.activity, holder): told for holder, told in line.cells.items()}
    if complete:
        fate.wanted |= {(line.activity, one.holder): "" for one in held if one.holder not in line.cells}
    fate.seen = letters.read(held, on)
    plan = letters.plan(held, fate.wanted, on)
    line.faults += sorted(
        {
            absent[one.holder].format(name=names.get(one.holder, one.holder))
            for one in plan.begins
            if one.holder in absent
            and (one.letter == "A" or not one.holder.startswith("person") or "left" in absent[one.holder])
        }
    )
    gone = {one.key for one in (*plan.ends, *plan.cancelled)}
    stays = any(one.letter == "A" and one.key not in gone and one.from_on <= on for one in held)
    fate.alone = not stays and not any(one.letter == "A" for one in plan.begins)
    fate.changes = len(plan.begins) + len(gone)
    fate.says = tuple(plan.sentences(defaultdict(str, {line.activity: fate.activity}), defaultdict(str, names)))


def _named(lines: Iterable[Line]) -> set[str]:
    return {holder for one in lines for holder in one.cells}


def _holders(keys: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Holder -> name, and who cannot take a letter with the sentence that says so."""
    kinds, names, absent = letters.by_kind(keys), {}, {}
    for person in User.objects.filter(pk__in=kinds["person"]):
        holder = letters.holder(person.pk)
        names[holder] = person.name
        if not person.present:
            absent[holder] = "{name} has left."
        elif person.kind != "person":
            absent[holder] = "{name}: accountable is a person, not a service account."
    for function in Function.objects.filter(pk__in=kinds["function"]):
        holder = letters.holder(None, function.pk)
        names[holder] = function.name
        if function.retired_at:
            absent[holder] = "{name} is retired."
    return names, absent


def digest(told: Iterable[Fate]) -> str:
    """The same for the same rows with the same fates."""
    return hashlib.sha256(repr([(one.key, one.says, one.line.faults) for one in told]).encode()).hexdigest()
