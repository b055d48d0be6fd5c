"""The process model with who does each step, and business processes as lanes of functions."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from governance import tiers
from governance.models import Activity, Assignment, BusinessProcess, ProcessStep, ProcessVersion
from governance.models.process import passings
from inventory.models import System
from martech.accounts.models import Function, User, half
from martech.permissions import engine

MOST = 3
"""Holders told of each activity across all systems; the list of assignments tells all."""


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a letter, on how many systems; `half` is the side of the ring they stand on."""

    name: str
    url: str
    half: str
    systems: int


@dataclass(frozen=True)
class Doing:
    """One step of the process model and who does it.

    `needed` live systems need somebody for it, `answered` of them have an accountable person; `more` are not told.
    """

    activity: Activity
    accountable: tuple[Holder, ...]
    responsible: tuple[Holder, ...]
    more: int
    needed: int
    answered: int


@dataclass(frozen=True)
class PhaseOf:
    """A phase with its steps."""

    code: str
    label: str
    steps: tuple[Doing, ...]


def end_to_end(user: Any, on: date, system: System | None = None) -> list[PhaseOf]:
    """The process model phase by phase with who does each step today: on one system, or over all that are live.

    A constant number of statements, whatever there is.
    """
    live = System.objects.current().filter(lifecycle=System.Lifecycle.LIVE)
    seen = engine.scope(user, live if system is None else System.objects.filter(pk=system.pk))
    letters = Assignment.objects.valid(on).filter(system__in=seen.values("pk"))
    needed = Counter({(row[0], row[1]): row[2] for row in _counted(seen.values("criticality", "kind"))})
    answered: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for activity, criticality, kind, many in (
        letters.filter(letter="A")
        .order_by()
        .values_list("activity", "system__criticality", "system__kind")
        .annotate(Count("system", distinct=True))
    ):
        answered[activity][criticality, kind] += many
    held = _holders(engine.scope(user, letters))
    phases: dict[str, list[Doing]] = {code: [] for code in Activity.Phase.values}
    for one in Activity.objects.current():
        sorts = [sort for sort in needed if tiers.requires(one.required_from, one.kinds, *sort)]
        people = {letter: held.get((one.pk, letter), ()) for letter in "AR"}
        phases[one.phase].append(
            Doing(
                one,
                people["A"][:MOST],
                people["R"][:MOST],
                sum(max(0, len(found) - MOST) for found in people.values()),
                sum(needed[sort] for sort in sorts),
                sum(answered[one.pk][sort] for sort in sorts),
            )
        )
    return [PhaseOf(code, str(Activity.Phase(code).label), tuple(steps)) for code, steps in phases.items() if steps]


def _counted(rows: Any) -> Any:
    return rows.order_by().annotate(many=Count("pk")).values_list("criticality", "kind", "many")


def _holders(letters: Any) -> dict[tuple[int, str], tuple[Holder, ...]]:
    """(activity, letter) -> who holds it on how many systems, most first."""
    rows = (
        letters.filter(letter__in="AR")
        .order_by()
        .values_list(
            *("activity", "letter", "person", "person__name", "person__function__kind"),
            *("function", "function__name", "function__kind"),
        )
        .annotate(many=Count("system", distinct=True))
    )
    found: dict[tuple[int, str], list[Holder]] = defaultdict(list)
    for activity, letter, person, name, kind, function, title, sort, many in rows:
        told = (
            Holder(name, f"/people/{person}/", half(kind or ""), many)
            if person
            else Holder(title, f"/functions/{function}/", half(sort or ""), many)
        )
        found[activity, letter].append(told)
    return {key: tuple(sorted(told, key=lambda one: (-one.systems, one.name))) for key, told in found.items()}


@dataclass(frozen=True)
class Box:
    """A step in its lane: `at` its place in the row, `seen` whether the reader may open its system."""

    step: ProcessStep
    at: int
    seen: bool
    passing: str
    passes_to: str
    accountable: User | None


@dataclass(frozen=True)
class Lane:
    """The steps of one function, each in the column of its place; None where another function is at work."""

    name: str
    url: str
    half: str
    cells: tuple[Box | None, ...]


def lanes(record: BusinessProcess, user: Any) -> dict[str, Any]:
    """A process as lanes: a row for each function, steps from left to right, and the hand-overs between functions."""
    steps = record.current_steps()
    named = {step.system_id for step in steps if step.system_id}
    seen = set(engine.scope(user, System.objects.filter(pk__in=named)).values_list("pk", flat=True)) if named else set()
    between = passings(steps)
    passing = {one.before.pk: one for one in between}
    rows: dict[int | None, list[Box]] = {}
    for place, step in enumerate(steps, start=1):
        over = passing.get(step.pk)
        box = Box(
            step,
            place,
            step.system_id in seen,
            "" if over is None else "answered" if over.accountable else "open",
            "" if over is None else str(over.after.function),
            over.accountable if over else None,
        )
        rows.setdefault(step.function_id, []).append(box)
    functions: dict[int | None, Any] = {step.function_id: step.function for step in steps}
    made = tuple(
        Lane(
            function.name if function else "Nobody named",
            f"/functions/{function.pk}/" if function else "",
            half(function.kind) if function else "",
            tuple({box.at: box for box in rows[key]}.get(place) for place in range(1, len(steps) + 1)),
        )
        for key, function in functions.items()
    )
    unanswered = sum(one.accountable is None for one in between)
    return {
        "lanes": made,
        "places": len(steps),
        "steps": steps,
        "passings": between,
        "open_passings": unanswered,
        "open_passings_words": f"{unanswered} hand-over{'s' if unanswered != 1 else ''} without an accountable person",
    }


@dataclass(frozen=True)
class Edition:
    """A published version: what it keeps, and in words what became different from the one before."""

    number: int
    published_on: date
    note: str
    count: int
    changes: tuple[str, ...]


def editions(record: BusinessProcess, user: Any) -> list[Edition]:
    """The published versions, the latest first, each with what changed."""
    rows = list(record.editions.order_by("number"))
    functions = {step["function"] for row in rows for step in row.steps} - {None}
    systems = {step["system"] for row in rows for step in row.steps} - {None}
    names = {
        "function": dict(Function.objects.filter(pk__in=functions).values_list("pk", "name")),
        "system": dict(engine.scope(user, System.objects.filter(pk__in=systems)).values_list("pk", "name")),
    }
    told: list[Edition] = []
    before: list[dict[str, Any]] = []
    for row in rows:
        changes = tuple(_changed(before, row.steps, names)) if before else ()
        told.append(Edition(row.number, row.published_on, row.note, len(row.steps), changes))
        before = row.steps
    return told[::-1]


def _changed(before: list[dict[str, Any]], after: list[dict[str, Any]], names: dict[str, dict[int, str]]) -> Any:
    old, new = ({step["name"]: step for step in steps} for steps in (before, after))
    for name in new.keys() - old.keys():
        yield f"“{name}” is new"
    for name in old.keys() - new.keys():
        yield f"“{name}” is gone"
    for name in (step["name"] for step in after if step["name"] in old):
        for field, known in names.items():
            was, now = old[name][field], new[name][field]
            if was != now:
                words = [known.get(key, "one you may not see") if key else "nobody" for key in (was, now)]
                yield f"“{name}”: {'done by' if field == 'function' else 'with'} {words[1]} instead of {words[0]}"
    kept = [[step["name"] for step in steps if step["name"] in old.keys() & new.keys()] for steps in (before, after)]
    if kept[0] != kept[1]:
        yield "the order is another"


TOLD = {"name": "name", "phase": "phase", "required_from": "required for", "kinds": "kinds", "level": "skill level"}


def compared(record: ProcessVersion) -> dict[str, Any]:
    """A published process model with what became different from the version before: code -> words."""
    before = (
        ProcessVersion.objects.filter(pk__lt=record.pk, retired_at=None).order_by("-pk").values_list("steps", flat=True)
    ).first()
    old = {step["code"]: step for step in before or ()}
    codes = {step["code"] for step in record.steps}
    changed: dict[str, str] = {}
    for step in record.steps if before else ():
        was = old.get(step["code"])
        differs = [label for name, label in TOLD.items() if was and was.get(name) != step.get(name)]
        if was is None:
            changed[step["code"]] = "new"
        elif differs:
            changed[step["code"]] = f"changed: {', '.join(differs)}"
    return {"changed": changed, "gone": [step for code, step in old.items() if code not in codes]}


def steps_of(record: ProcessVersion) -> list[tuple[str, list[dict[str, Any]]]]:
    """The steps of a published model by phase: (phase in words, steps)."""
    labels = dict(Activity.Phase.choices)
    found: dict[str, list[dict[str, Any]]] = {}
    for step in record.steps:
        found.setdefault(str(labels.get(step["phase"], step["phase"])), []).append(step)
    return list(found.items())
