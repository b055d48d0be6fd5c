"""The gate in front of acts on critical systems: first those consulted. Named in martech/gates.py.

Held are changes of a present owner and of the lifecycle. Who left holds nothing up: what was theirs passes at once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from governance import tiers
from governance.models.consultation import LIFECYCLE, OWNERS, Consultation, consulted_of
from inventory.models import System
from martech.accounts.models import Function, User
from martech.errors import Instead
from martech.gates import Asked, Point

KIND = Consultation._meta.label_lower
BACK = "take back"
"""A step of the lifecycle is undone with the act that brought it: no verb leads there, so nobody is asked for it."""
Matter = tuple[str, dict[str, Any]]
"""A verb, and for a change of owner the columns with the keys of who follows."""


def missing(asked: Sequence[Asked]) -> dict[int, list[Point]]:
    """What still stands between these acts and being carried out: key of a system -> points.

    At most nine statements, however many systems; none where no critical system changes its owner or lifecycle.
    The acts are of one instant: who is consulted is asked as of its day.
    """
    matters = {one.record.pk: (one, found) for one in asked if _critical(one) and (found := _matters(one))}
    left = _who_left(one for one, _ in matters.values())
    held = {key: (one, _held(one, found, left)) for key, (one, found) in matters.items()}
    verbs = {verb for _, found in held.values() for verb, _ in found}
    if not verbs:
        return {}
    on = timezone.localdate(asked[0].at)
    asking = {verb: consulted_of([*held], verb, on) for verb in {"change", *verbs & {"retire", "phase_out"}}}
    kept: dict[int, list[Consultation]] = {}
    rows = Consultation.objects.current().filter(system__in=held).exclude(status=Consultation.Status.WITHDRAWN)
    for row in rows.order_by("-pk").prefetch_related("opinions__person"):
        kept.setdefault(row.system_id, []).append(row)
    told: dict[int, list[Point]] = {}
    for key, (one, found) in held.items():
        for verb, wanted in found:
            people = asking.get(verb, asking["change"])[key]
            others = [name for person, name in people.items() if person != one.by.pk]
            if others and not any(row.opens(verb, wanted, on) for row in kept.get(key, ())):
                told.setdefault(key, []).append(_point(one, verb, wanted, others, kept.get(key, ())))
    return told


def _critical(one: Asked) -> bool:
    """By its rating before the act: no act lowers the rating and passes in one."""
    if one.adding:
        return False
    rated = one.changes["criticality"][0] if "criticality" in one.changes else one.record.criticality
    return tiers.tier(rated) == tiers.CRITICAL


def _matters(one: Asked) -> list[Matter]:
    columns = {f"{name}_id" for name in OWNERS}
    owners = {name: after for name, (before, after) in one.changes.items() if name in columns and before}
    found: list[Matter] = [("change", owners)] if owners else []
    if "lifecycle" in one.changes:
        found.append((one.verb if one.verb in LIFECYCLE else BACK, {}))
    return found


def _who_left(asked: Iterable[Asked]) -> set[tuple[str, Any]]:
    """(column, key) of owners so far who cannot be asked any more."""
    before = {
        (f"{name}_id", one.changes[f"{name}_id"][0]) for one in asked for name in OWNERS if f"{name}_id" in one.changes
    }
    if not before:
        return set()
    people = {key for name, key in before if name != "owning_function_id"}
    functions = {key for name, key in before if name == "owning_function_id"}
    present = set(User.objects.filter(pk__in=people, is_active=True, retired_at=None).values_list("pk", flat=True))
    kept = set(Function.objects.filter(pk__in=functions, retired_at=None).values_list("pk", flat=True))
    return {(name, key) for name, key in before if key not in (kept if name == "owning_function_id" else present)}


def _held(one: Asked, found: list[Matter], left: set[tuple[str, Any]]) -> list[Matter]:
    held: list[Matter] = []
    for verb, wanted in found:
        kept = {name: after for name, after in wanted.items() if (name, one.changes[name][0]) not in left}
        if kept or not wanted:
            held.append((verb, kept))
    return held


def _point(one: Asked, verb: str, wanted: dict[str, Any], others: list[str], rows: Iterable[Consultation]) -> Point:
    """The sentence, and where to go from here: to what is asked already, or to the form that asks."""
    names = " and ".join([", ".join(others[:-1]), others[-1]] if len(others) > 1 else others)
    for row in rows:
        if row.verb != verb or any(getattr(row, name) != value for name, value in wanted.items()):
            continue
        if row.status == Consultation.Status.OBJECTED:
            against = next(one for one in row.opinions.all() if one.answer == "objects")
            said = f"{against.person} objects: “{against.note}” Whoever is accountable decides, in {row.number}."
            return Point(said, Instead(f"See {row.number}", KIND, key=row.pk))
        if row.status == Consultation.Status.ASKING:
            said = f"{names} {_has(others)} until {row.answer_by_on:%-d %B %Y} to answer {row.number}."
            return Point(said, Instead(f"See {row.number}", KIND, key=row.pk))
    if verb == BACK:
        return Point(f"{one.record} is critical, and {names} {_is(others)} consulted before its lifecycle changes.")
    if None in wanted.values():
        return Point(f"{one.record} is critical: name who follows, and put it to {names}, who {_is(others)} consulted.")
    fields = {"system": System.PREFIX + f"-{one.record.pk}", "verb": verb}
    fields |= {name.removesuffix("_id"): _number(name, key) for name, key in wanted.items()}
    said = f"{one.record} is critical, and {names} {_is(others)} consulted first: put it to them."
    return Point(said, Instead("Consult", KIND, fields=fields))


def _number(name: str, key: Any) -> Any:
    return key if name == "owning_function_id" else f"{User.PREFIX}-{key}"


def _is(people: list[str]) -> str:
    return "are" if len(people) > 1 else "is"


def _has(people: list[str]) -> str:
    return "have" if len(people) > 1 else "has"
