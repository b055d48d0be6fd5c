"""What an assessment knows of its function's people and systems, and the letters it proposes from that."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from governance import advice, letters, skills, tiers
from governance.models.activity import Activity
from governance.models.assignment import Assignment
from governance.models.competency import Competency
from governance.models.lettering import LetterProposal, cell, cells_of
from inventory.models import System
from inventory.models.system import SystemUse
from martech.accounts.models import Function, User
from martech.audit import context
from martech.inserting import insert
from martech.operations import acting, record_entry
from martech.permissions import engine
from martech.picture import begun, labelled, picture

if TYPE_CHECKING:
    from governance.models.assessment import ResourceAssessment

DATA = "own_data_quality"


@dataclass(frozen=True)
class Group:
    """The people of a function who are there, what its systems ask of them, and what is known of their skills."""

    people: tuple[User, ...]
    duties: tuple[skills.Duty, ...]
    known: dict[tuple[int, int], skills.Skill]

    @property
    def covers(self) -> list[skills.Cover]:
        """How each duty is covered by these people."""
        return skills.covered(self.duties, [one.pk for one in self.people], self.known)

    def kept(self) -> dict[str, Any]:
        """As an assessment keeps it, by keys alone: names are looked up when it is shown."""
        return {
            "people": [one.pk for one in self.people],
            "duties": [[one.key, one.level] for one in self.duties],
            "skills": [[person, activity, *one] for (person, activity), one in self.known.items()],
        }


def group(function: Function) -> Group:
    """The function as it is now; three statements and one for its systems."""
    people = tuple(
        User.objects.filter(function=function, kind="person", is_active=True, retired_at=None).order_by("name")
    )
    rows = Competency.objects.current().filter(person__in=[one.pk for one in people])
    known = {
        (person, activity): skills.Skill(level, status)
        for person, activity, level, status in rows.values_list("person", "activity", "level", "status")
    }
    sorts = set(
        System.objects.current()
        .filter(owning_function=function)
        .order_by()
        .values_list("criticality", "kind")
        .distinct()
    )
    said = {activity for _, activity in known}
    duties = tuple(
        duty(one)
        for one in Activity.objects.current()
        if one.pk in said or any(tiers.requires(one.required_from, one.kinds, *sort) for sort in sorts)
    )
    return Group(people, duties, known)


def recalled(kept: dict[str, Any]) -> Group:
    """The function as an assessment kept it when it was concluded; two statements."""
    people = User.objects.in_bulk(kept["people"])
    levels = dict(kept["duties"])
    steps = Activity.objects.filter(pk__in=levels).order_by("phase_order", "position", "id")
    return Group(
        tuple(people[key] for key in kept["people"] if key in people),
        tuple(duty(one, levels[one.pk]) for one in steps),
        {(person, activity): skills.Skill(level, status) for person, activity, level, status in kept["skills"]},
    )


def duty(one: Activity, level: int | None = None) -> skills.Duty:
    """An activity as a duty, at the level given, else the one it needs now."""
    return skills.Duty(one.pk, one.name, str(one.get_phase_display()), one.level if level is None else level)


def members(people: tuple[User, ...], on: date) -> list[advice.Member]:
    """The people with how many letters R and A each holds today; one statement."""
    rows = Assignment.objects.valid(on).filter(person__in=[one.pk for one in people], letter__in="RA")
    carried = Counter(rows.values_list("person", flat=True))
    return [advice.Member(one.pk, str(one), carried[one.pk]) for one in people]


def needs(function: Function, by: Any, on: date) -> list[advice.Need]:
    """What the systems of the function that `by` sees need, the most critical first, with the letters that count."""
    rows = engine.scope(by, System.objects.current().filter(owning_function=function))
    systems = sorted(
        rows.select_related("business_owner"),
        key=lambda one: (-tiers.RANKS[tiers.tier(one.criticality)], one.name, one.pk),
    )
    keys = [one.pk for one in systems]
    held = cells_of(keys, on)
    parts: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    uses = SystemUse.objects.filter(system__in=keys, function__retired_at=None).exclude(function=function)
    for place, part, key, name in uses.order_by("function__name").values_list(
        "system", "part", "function", "function__name"
    ):
        parts[place, part].append((key, name))
    head = function.head if function.head and function.head.present else None
    steps = list(Activity.objects.current())
    found = []
    for system in systems:
        owned = system.business_owner if system.business_owner and system.business_owner.present else None
        owner = owned or head
        found += [
            advice.Need(
                system.pk,
                one.pk,
                one.name,
                one.level,
                cell(held.get(system.pk, {}), one.pk),
                advice.Member(owner.pk, str(owner)) if owner else None,
                "" if owned else str(function),
                tuple(parts[system.pk, "feeds"]) if one.code == DATA else (),
                tuple(parts[system.pk, "receives"]) if one.code == DATA else (),
            )
            for one in steps
            if tiers.requires(one.required_from, one.kinds, system.criticality, system.kind)
        ]
    return found


def draw(assessment: "ResourceAssessment", by: Any, at: datetime, on: date) -> tuple[int, int]:
    """Propose letters anew: what holds no longer lapses, what is new is proposed; how many of each.

    What this assessment proposed and somebody declined is not proposed again.
    """
    known = group(assessment.function)
    asked = needs(assessment.function, by, on)
    wanted = {
        (one.system, one.activity, one.holder, one.letters): one
        for one in advice.drawn(asked, members(known.people, on), known.known)
    }
    cells = {(one.system, one.activity): one.held for one in asked}
    standing: set[tuple[int, int, str, str]] = set()
    lapsed = 0
    rows = LetterProposal.objects.filter(assessment=assessment, retired_at=None, status__in=("open", "declined"))
    mine = System._base_manager.filter(pk__in=[row.system_id for row in rows])
    seen = set(engine.scope(by, mine).values_list("pk", flat=True))
    for row in rows:
        proposed = row.proposed
        this = (proposed.system, proposed.activity, proposed.holder, proposed.letters)
        if row.status == LetterProposal.Status.DECLINED or (
            this in wanted and wanted[this].basis(cells[this[:2]]) == row.basis
        ):
            standing.add(this)
        elif row.system_id in seen:
            row.lapse(by=by, at=at)
            lapsed += 1
    new = [one for this, one in wanted.items() if this not in standing]
    _insert(assessment, new, cells, by, at)
    return len(new), lapsed


def _insert(
    assessment: "ResourceAssessment",
    new: list[advice.Proposed],
    cells: dict[tuple[int, int], Any],
    by: Any,
    at: datetime,
) -> None:
    """The proposals as records, in a constant number of statements."""
    systems = System.objects.in_bulk({one.system for one in new})
    steps = Activity.objects.in_bulk({one.activity for one in new})
    keys = letters.by_kind(holder for one in new for holder in (one.holder, one.instead_of) if holder)
    people, functions = User.objects.in_bulk(keys["person"]), Function.objects.in_bulk(keys["function"])
    there: dict[str, Any] = {letters.holder(key): one for key, one in people.items()}
    there |= {letters.holder(None, key): one for key, one in functions.items()}
    door, rows = context.current(), []
    for one in new:
        row = LetterProposal(
            assessment=assessment,
            system=systems[one.system],
            activity=steps[one.activity],
            letters=one.letters,
            instead_of=there[one.instead_of] if one.instead_of else None,
            rule=one.rule,
            reason=one.reason[:500],
            basis=one.basis(cells[one.system, one.activity]),
            **{letters.split(one.holder)[0]: there[one.holder]},
        )
        row.name = f"{row.holder} {row.get_letters_display().lower()} for “{row.activity}” of {row.system}"
        row.created_at = row.changed_at = at
        row.origin, row.origin_detail, row.lookup = door.name, door.origin, row.searched()
        rows.append(row)
    with acting(by, at) as act:
        insert(rows)
        for row in rows:
            record_entry(row, act, "add", labelled(row, begun(picture(row))), "")
