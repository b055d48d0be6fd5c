"""Many letters of one system in one act: planned, and then as planned."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from governance import letters
from governance.models.activity import Activity
from martech import locking
from martech.errors import Refused, Stale
from martech.operations import NOW, acting
from martech.permissions import engine

if TYPE_CHECKING:
    from inventory.models import System
    from martech.accounts.models import User

FIELDS = ("activity", "person", "function", "letter", "from_on", "last_on", "pk")


class Arranging:
    """Mixed into the assignment: letters of a system, arranged together."""

    @classmethod
    def held(cls, system: "System", on: date) -> list[letters.Held]:
        """The letters of a system that count on a day or will later; one statement."""
        rows = cls.objects.filter(system=system).standing(on)  # type: ignore[attr-defined]
        return [
            letters.Held(activity, letters.holder(person, function), letter, from_on, last_on, key)
            for activity, person, function, letter, from_on, last_on, key in rows.values_list(*FIELDS)
        ]

    @classmethod
    def planned(
        cls,
        system: "System",
        wanted: Mapping[letters.Cell, str],
        on: date,
        *,
        by: "User | None" = None,
        complete: bool = False,
    ) -> letters.Plan:
        """What `arrange` would do. ValidationError at `letters` for cells that cannot be; with `by`, as they see it."""
        if system.retired_at:
            raise Refused(f"{system.number} is retired. Restore it first.")
        if not letters.meant(on):
            raise ValidationError({"on": "Give a day of this century."})
        wrong = [f"{_told(cell)}: {fault}" for cell, fault in letters.faults(wanted).items()]
        if wrong:
            raise ValidationError({"letters": wrong})
        held = cls.held(system, on)
        plan = letters.plan(held, letters.completed(held, wanted) if complete else wanted, on)
        cls._known(plan.begins, by)
        return plan

    @classmethod
    def arrange(
        cls,
        system: "System",
        wanted: Mapping[letters.Cell, str],
        *,
        by: "User",
        on: date | None = None,
        note: str = "",
        seen: Mapping[letters.Cell, str] | None = None,
        complete: bool = False,
        at: datetime = NOW,
    ) -> letters.Plan:
        """Make the letters of the cells named as wanted from a day on, by default today, in one act; what was done.

        `wanted`: (key of the activity, `person-3` or `function-2`) -> a part of RACI; nothing clears the cell. The
        system's row is locked first. Each letter that begins or ends asks for its own permission and is on the trail
        with the note, which is the reason of those that begin. `seen`: what stood in the cells when the wish was made;
        Stale where one of them holds something else by now, unless that is what is wanted. `complete`: of the
        activities named, whoever is not named loses their letters.
        """
        with acting(by, at) as act:
            system = locking.taken(system)
            day = on or timezone.localdate(act.at)
            if seen is not None and letters.meant(day) and letters.moved(cls.held(system, day), wanted, seen, day):
                raise Stale("Somebody changed these letters meanwhile.")
            plan = cls.planned(system, wanted, day, by=by, complete=complete)
            gone = cls.objects.in_bulk([one.key for one in (*plan.ends, *plan.cancelled)])  # type: ignore[attr-defined]
            for one in (*plan.ends, *plan.cancelled):
                gone[one.key].end(by=by, to_on=day - timedelta(1), note=note or "The letters were arranged anew.")
            for new in plan.begins:
                kind, key = letters.split(new.holder)
                cls.add(  # type: ignore[attr-defined]
                    by=by,
                    note=note,
                    system=system,
                    activity=new.activity,
                    letter=new.letter,
                    from_on=new.from_on,
                    to_on=new.to_on,
                    reason=note[:300],
                    **{kind: key},
                )
        return plan

    @classmethod
    def arrange_all(
        cls,
        wanted: "Mapping[System, Mapping[letters.Cell, str]]",
        *,
        by: "User",
        on: date | None = None,
        note: str = "",
        seen: "Mapping[System, Mapping[letters.Cell, str]] | None" = None,
    ) -> int:
        """`arrange` for several systems in one act, in the order of their keys; how many letters began and ended."""
        done = 0
        with acting(by):
            for system in sorted(wanted, key=lambda one: one.pk):
                before = seen[system] if seen is not None else None
                plan = cls.arrange(system, wanted[system], by=by, on=on, note=note, seen=before)
                done += len(plan.begins) + len(plan.ends) + len(plan.cancelled)
        return done

    @classmethod
    def _known(cls, begins: Iterable[letters.Begun], by: "User | None") -> None:
        """Raise ValidationError where what begins names an activity or a holder that is not there or not in use."""
        wrong = []
        fields: dict[str, Any] = {name: cls._meta.get_field(name).related_model for name in ("person", "function")}  # type: ignore[attr-defined]
        asked: dict[str, set[int]] = {"activity": set(), "person": set(), "function": set()}
        for one in begins:
            kind, _, key = one.holder.partition("-")
            if kind not in fields or not (key.isascii() and key.isdigit() and len(key) < 19):
                raise ValidationError({"letters": f"“{one.holder}” is neither a person nor a function."})
            asked[kind].add(int(key))
            asked["activity"].add(one.activity)
        answering = letters.by_kind(one.holder for one in begins if one.letter == "A")["person"]
        for name, model in {"activity": Activity, **fields}.items():
            rows = model._base_manager.filter(pk__in=asked[name]) if asked[name] else model._base_manager.none()
            found = {row.pk: row for row in (engine.scope(by, rows) if by and asked[name] else rows)}
            for number in sorted(asked[name]):
                row = found.get(number)
                if row is None:
                    wrong.append(f"{name} {number}: There is no such record.")
                elif getattr(row, "retired_at", None) or not getattr(row, "is_active", True):
                    wrong.append(f"{row.number} is retired.")
                elif name == "person" and number in answering and row.kind != "person":
                    wrong.append(f"{row.number}: Accountable is a person, not a service account.")
        if wrong:
            raise ValidationError({"letters": wrong})


def _told(cell: letters.Cell) -> str:
    return f"Activity {cell[0]}, {cell[1].replace('-', ' ')}"
