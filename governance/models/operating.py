"""Operating models: who does what by role, made letters of people and functions for a system."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance import letters, roles
from governance.models.activity import Activity
from governance.models.assignment import Assignment
from martech import locking
from martech.accounts.models import Function
from martech.errors import Refused, Stale
from martech.fields import Lines
from martech.operations import NOW, Record, acting

if TYPE_CHECKING:
    from inventory.models import System
    from martech.accounts.models import User


@dataclass(frozen=True)
class Resolved:
    """A model for one system: cells as `Assignment.arrange` takes them, and (activity, role) that is nobody."""

    wanted: Mapping[letters.Cell, str]
    nobody: tuple[tuple[str, str], ...]


class Applied(NamedTuple):
    """What becomes of a system's letters by a model, and (activity, role) that is nobody."""

    plan: letters.Plan
    nobody: tuple[tuple[str, str], ...]


class OperatingModel(Record):
    """Who is what for which activity, by role: applied to a system it becomes letters."""

    PREFIX = "OPM"
    SEARCH = ("name", "code", "description")
    BIRTH = ("code",)
    BLAMES: ClassVar = {"operating_model_code": "code"}

    name = models.CharField("name", max_length=120)
    code = models.CharField(
        "code",
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Small letters, digits and underscores; a letter first.")],
        help_text="What the REST interface calls it; it stays.",
    )
    description = models.TextField("who works how", blank=True)
    lines = Lines(
        "letters by role",
        help_text="One activity a line: operate: A business_owner, R owning_function, C it_head. Roles are "
        + ", ".join(roles.ROLES)
        + ", or a function by its number.",
    )

    class Meta(Record.Meta):
        verbose_name = "operating model"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(retired_at=None),
                name="operating_model_code",
                violation_error_message="There is an operating model of this code already.",
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="operating_model_order")]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        wrong, read = [], {}
        for text in self.lines:
            try:
                line = roles.line(text)
            except ValueError as error:
                wrong.append(str(error))
                continue
            if line.activity in read:
                wrong.append(f"{line.activity} has two lines.")
            read[line.activity] = line
        known = set(Activity.objects.filter(code__in=read).values_list("code", flat=True))
        wrong += [f"There is no activity {code}." for code in read if code not in known]
        named = {int(role[4:]) for line in read.values() for role in line.roles if role not in roles.ROLES}
        there = set(Function.objects.filter(pk__in=named).values_list("pk", flat=True))
        wrong += [f"There is no function FUN-{key}." for key in sorted(named - there)]
        if wrong:
            raise ValidationError({"lines": wrong})
        self.lines = [str(line) for line in read.values()]

    def read(self) -> list[roles.Line]:
        """Its lines, read."""
        return [roles.line(text) for text in self.lines]

    def resolved(self, system: "System", on: date) -> Resolved:
        """The model for this system from a day on; Refused where the model is retired.

        Of an activity the model names, letters of others end; but a letter whose role is nobody stays with who has it.
        """
        if self.retired_at:
            raise Refused(f"{self.number} is retired. Restore it first.")
        steps = dict(Activity.objects.filter(retired_at=None).values_list("code", "pk"))
        lines = [line for line in self.read() if line.activity in steps]
        holders = _holders(system, {role for line in lines for role in line.roles})
        held = Assignment.held(system, on)
        counts = letters.read(held, on)
        standing: dict[int, set[str]] = defaultdict(set)
        for one in held:
            standing[one.activity].add(one.holder)
        wanted: dict[letters.Cell, str] = {}
        nobody = []
        for line in lines:
            step, told, open_letters = steps[line.activity], defaultdict[str, list[str]](list), ""
            for role, given in line.roles.items():
                if holder := holders.get(role):
                    told[holder].append(given)
                else:
                    nobody.append((line.activity, role))
                    open_letters += given
            for holder in standing[step] | set(told):
                kept = "".join(one for one in counts.get((step, holder), "") if one in open_letters)
                wanted[step, holder] = roles.merged([*told.get(holder, ()), kept])
        return Resolved(wanted, tuple(nobody))

    def planned(self, system: "System", on: date, *, by: "User") -> Applied:
        """What `apply` would do."""
        found = self.resolved(system, on)
        return Applied(Assignment.planned(system, found.wanted, on, by=by), found.nobody)

    def apply(
        self,
        system: "System",
        *,
        by: "User",
        on: date | None = None,
        note: str = "",
        mark: str = "",
        at: datetime = NOW,
    ) -> Applied:
        """Make a system's letters those of the model from a day on, by default today; what was done.

        In one act, as `Assignment.arrange` does it: whoever may not give letters for the system is refused. `mark`:
        that of the plan somebody was shown; Stale where the letters, the model or its people moved since.
        """
        with acting(by, at) as act:
            system = locking.taken(system)
            day = on or timezone.localdate(act.at)
            said = note or f"Operating model: {self.name}."
            found = self.resolved(system, day)
            if mark and Assignment.planned(system, found.wanted, day, by=by).mark != mark:
                raise Stale("What would change is no longer what you saw.")
            return Applied(Assignment.arrange(system, found.wanted, by=by, on=day, note=said), found.nobody)


def _holders(system: "System", asked: set[str]) -> dict[str, str]:
    """The person or function each role is for a system; a role that is nobody, or nobody who is here, is left out."""
    functions = {
        row.pk: row for row in Function.objects.filter(retired_at=None).select_related("head").order_by("name", "pk")
    }
    led = [one for one in functions.values() if one.kind == "it" and one.head and one.head.present]
    first = min(led, key=lambda one: _place(one, functions), default=None)
    owning = functions.get(system.owning_function_id or 0)
    people = {
        "business_owner": system.business_owner,
        "technical_owner": system.technical_owner,
        "owning_head": owning.head if owning else None,
        "it_head": first.head if first else None,
    }
    units = {"owning_function": owning, "it_function": first}
    units |= {role: functions.get(int(role[4:])) for role in asked - set(roles.ROLES)}
    return {
        **{
            role: letters.holder(one.pk) for role, one in people.items() if one and one.present and one.kind == "person"
        },
        **{role: letters.holder(None, one.pk) for role, one in units.items() if one},
    }


def _place(function: Function, functions: Mapping[int, Function]) -> tuple[tuple[str, int], ...]:
    """Where a function stands in the tree, read from the top."""
    way: list[tuple[str, int]] = []
    above: Function | None = function
    while above is not None:
        way.insert(0, (above.name.casefold(), above.pk))
        above = functions.get(above.parent_id or 0)
    return tuple(way)
