"""The matrix across systems: systems by activities, who holds one letter in each cell, and where nobody does."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from governance import cells, letters, tiers
from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import Function, User, half, initials
from martech.folding import fold
from martech.inert import guard
from martech.permissions import engine

NEEDED = "AR"
"""Letters that a required activity wants; who is consulted or informed is up to the system."""
CHUNK = 500
"""Systems of an export read at once."""


@dataclass(frozen=True, slots=True)
class Column:
    """An activity; `open` systems need the letter for it and nobody has it."""

    activity: Activity
    open: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One letter of one activity of one system: initials or a number of holders, and `who` in words.

    `tone`: "gap" where somebody is needed and nobody is there, "pale" where nobody is needed, "" else.
    """

    tone: str
    half: str
    short: str
    who: str


@dataclass(frozen=True, slots=True)
class Row:
    """A system and its cells, one for each column."""

    key: int
    name: str
    cells: tuple[Cell, ...]


NOBODY, NOT_NEEDED = Cell("gap", "", "None", "Nobody"), Cell("pale", "", "–", "Not needed")


def columns(systems: Any, letter: str, on: date) -> tuple[tuple[Column, ...], int]:
    """The activities in order with what is open among the systems asked, and how many systems these are."""
    sorts = Counter(
        {
            (criticality, kind): many
            for criticality, kind, many in systems.order_by()
            .values_list("criticality", "kind")
            .annotate(many=Count("pk"))
        }
    )
    held: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    if letter in NEEDED:
        rows = Assignment.objects.valid(on).filter(system__in=systems.order_by().values("pk"), letter=letter).order_by()
        told = rows.values_list("activity", "system__criticality", "system__kind")
        for activity, criticality, kind, many in told.annotate(many=Count("system", distinct=True)):
            held[activity][criticality, kind] = many
    made = []
    for one in Activity.objects.current():
        needed = [sort for sort in sorts if letter in NEEDED and _needed(one, *sort)]
        made.append(Column(one, sum(sorts[sort] - held[one.pk][sort] for sort in needed)))
    return tuple(made), sorts.total()


def rows(user: Any, systems: Any, activities: Sequence[Activity], letter: str, on: date) -> list[Row]:
    """The systems of a page in their order, each with its cells; two statements.

    A letter the asker may not see is told without its holder: it is not open, but not theirs to name either.
    """
    asked = list(systems.values_list("pk", "name", "criticality", "kind"))
    seen = engine.verdict_column(engine.condition(user, engine.name(Assignment, "view")))
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    held = Assignment.objects.valid(on).filter(system__in=[key for key, *_ in asked], letter=letter)
    for system, activity, name, sort, title, kind, shown in (
        held.annotate(shown=seen)
        .order_by("person__name", "function__name", "pk")
        .values_list(
            *("system", "activity", "person__name", "person__function__kind"),
            *("function__name", "function__kind", "shown"),
        )
        .distinct()
    ):
        found[system, activity].append((name or title, half(sort or kind or "")) if shown else ("", ""))
    return [
        Row(key, name, tuple(_cell(one, letter, found.get((key, one.pk)), criticality, kind) for one in activities))
        for key, name, criticality, kind in asked
    ]


def initialled(made: Sequence[Row]) -> list[tuple[str, str]]:
    """Whose initials stand in the cells of these rows, by name: what paper needs, where nothing is pointed at."""
    empty = {NOBODY, NOT_NEEDED, OPEN_TO}
    told = {(cell.who, cell.short) for row in made for cell in row.cells if cell not in empty}
    return [(short, who) for who, short in sorted(told)]


def _cell(activity: Activity, letter: str, held: list[tuple[str, str]] | None, criticality: str, kind: str) -> Cell:
    needed = _needed(activity, criticality, kind)
    if not held:
        return NOBODY if needed and letter in NEEDED else NOT_NEEDED if not needed else OPEN_TO
    who = ", ".join(name or "Somebody you may not see" for name, _ in held)
    halves = {side for _, side in held}
    short = initials(held[0][0]) if letter == "A" else str(len(held))
    return Cell("" if needed else "pale", halves.pop() if len(halves) == 1 else "", short, who)


OPEN_TO = Cell("", "", "–", "Nobody")
"""Where nobody has to be consulted or informed, and nobody is."""


def _needed(activity: Activity, criticality: str, kind: str) -> bool:
    return tiers.requires(activity.required_from, activity.kinds, criticality, kind)


def sheet(user: Any, systems: Any, on: date) -> Iterator[list[list[str]]]:
    """The matrix to take away, chunk by chunk, each a list of rows; the first is the head.

    A row for each system, a column for each activity by its code, and in the cell every letter of it with its holder's
    name; who shares a name with somebody is told by number. Three statements, and two for each chunk.
    """
    activities = list(Activity.objects.current())
    yield [["system", "name", *(one.code for one in activities)]]
    names = called()
    keys = list(systems.values_list("pk", "name"))
    place = {one.pk: at for at, one in enumerate(activities)}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found: dict[int, list[dict[str, str]]] = {key: [{} for _ in activities] for key, _ in chunk}
        held = engine.scope(user, Assignment.objects.valid(on).filter(system__in=[key for key, _ in chunk]))
        told = ("system", "activity", "person", "function", "letter")
        for system, activity, person, function, letter in held.order_by("system", "activity", "pk").values_list(*told):
            if activity in place:
                cell = found[system][place[activity]]
                holder = ("person", person) if person else ("function", function)
                name = names.get(holder) or f"{'PER' if person else 'FUN'}-{holder[1]}"  # new since the first chunk
                cell[name] = letters.ordered(cell.get(name, "") + letter)
        yield [
            [f"{System.PREFIX}-{key}", name, *(cells.written(sorted(cell.items())) for cell in found[key])]
            for key, name in chunk
        ]


def called() -> dict[tuple[str, int], str]:
    """(person or function, key) -> how a file calls them: by name, by number where the name is not enough."""
    kinds: dict[str, Any] = {"person": User, "function": Function}
    names = {
        (kind, key): name
        for kind, model in kinds.items()
        for key, name in model._base_manager.values_list("pk", "name")
    }
    many = Counter(fold(name) for name in names.values())
    return {
        (kind, key): name
        if many[fold(name)] == 1 and cells.plain(name) and guard(name) == name
        else f"{kinds[kind].PREFIX}-{key}"
        for (kind, key), name in names.items()
    }
