"""Questions across the inventory. Each passes through the asker's scope, so totals never leak rows."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from inventory import asked
from inventory.models import Integration, System, SystemUse
from inventory.models.integration import impact as reach
from martech.accounts.models import Function
from martech.permissions import engine


@dataclass(frozen=True)
class Affected:
    """A system that loses data: which, over how many steps, by which integration, from which neighbour."""

    system: "System | Named"
    steps: int
    integration: int
    through: str


ONWARD = """
WITH RECURSIVE reached(system) AS (
    SELECT CAST(%s AS bigint)
    UNION
    SELECT CASE WHEN f.source_id = reached.system THEN f.target_id ELSE f.source_id END
    FROM reached JOIN inventory_integration f
    ON f.source_id = reached.system OR (f.target_id = reached.system AND f.direction = 'two_way')
    WHERE f.retired_at IS NULL AND f.status NOT IN ('planned', 'retired')
), near AS (SELECT system FROM reached LIMIT %s)
SELECT DISTINCT f.id, f.source_id, f.target_id, f.direction
FROM near JOIN inventory_integration f
ON f.source_id = near.system OR (f.target_id = near.system AND f.direction = 'two_way')
WHERE f.retired_at IS NULL AND f.status NOT IN ('planned', 'retired')
ORDER BY f.id
"""
"""The integrations in use over which a system's data flows on, from as many systems as are wanted, nearest first."""
EVERY = 1 << 31


class Named(NamedTuple):
    """As much of a system as a page needs to name it."""

    pk: int
    name: str

    def __str__(self) -> str:
        return self.name


def impact(system: System, user: Any, most: int = EVERY) -> list[Affected]:
    """What breaks if a system goes: every system its data reaches, nearest first. At most two statements.

    Of `most` the nearest are told; where thousands hang together, a page need not read them all. Half as many more are
    looked at, for those that the asker does not see; where that was not enough, every one is.
    """
    wide = min(most + most // 2, EVERY)
    with connection.cursor() as cursor:
        cursor.execute(ONWARD, [system.pk, wide])
        edges = [
            (key, source, target, direction == Integration.Direction.TWO_WAY)
            for key, source, target, direction in cursor.fetchall()
        ]
    reached = reach(system.pk, edges)
    found = reached[:wide]
    keys = {hit.system for hit in found} | {hit.before for hit in found}
    seen: dict[int, Any] = {}
    if keys and most == EVERY:  # whoever wants all of them wants to know whom to tell
        rows = (
            engine.scope(user, System.objects.filter(pk__in=keys))
            .select_related("business_owner")
            .only("name", "business_owner__name", "business_owner__email")
        )
        seen = rows.in_bulk()
    elif keys:
        seen = {key: Named(key, name) for key, name in asked.named(user, **_places(keys, wide + 1))}
    told = [
        Affected(seen[hit.system], hit.steps, hit.integration, str(seen.get(hit.before, "")))
        for hit in found
        if hit.system in seen
    ]
    return told[:most] if len(told) >= most or len(found) == len(reached) < wide else impact(system, user)[:most]


def _places(keys: set[int], most: int) -> dict[str, int]:
    """The keys by the names of their places; a few or all places, so that there are few statements."""
    ones = sorted(keys)
    places = min(most, 1 << (len(ones) - 1).bit_length())
    return {f"key_{place}": ones[min(place, len(ones) - 1)] for place in range(places)}


@dataclass(frozen=True)
class Meeting:
    """Two functions and the systems in which they meet."""

    systems: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Meetings:
    """Functions by functions; `cells[i][j]` is what functions i and j share, the diagonal what one has to itself."""

    functions: tuple[Function, ...]
    rows: tuple[tuple[Function, tuple[tuple[Function, Meeting], ...]], ...]


def meetings(user: Any) -> Meetings:
    """Where functions meet: owning, using, feeding and receiving functions of each current system. Two statements."""
    systems = dict(engine.scope(user, System.objects.current()).order_by("name").values_list("pk", "name"))
    owning = (
        engine.scope(user, System.objects.current())
        .exclude(owning_function=None)
        .values_list("pk", "owning_function_id")
    )
    parts: dict[int, set[int]] = {}
    for system, function in [
        *owning,
        *SystemUse.objects.filter(system__retired_at=None).values_list("system_id", "function_id"),
    ]:
        if system in systems:
            parts.setdefault(system, set()).add(function)
    shared: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for system, name in systems.items():
        for one in parts.get(system, ()):
            for other in parts[system]:
                if one != other or len(parts[system]) == 1:
                    shared.setdefault((one, other), []).append((system, name))
    present = {one for one, _ in shared}
    functions = tuple(engine.scope(user, Function.objects.filter(pk__in=present)).order_by("kind", "name"))
    rows = tuple(
        (one, tuple((other, Meeting(tuple(shared.get((one.pk, other.pk), ())))) for other in functions))
        for one in functions
    )
    return Meetings(functions, rows)


@dataclass(frozen=True)
class Pair:
    """Two functions that meet, or one with what it has to itself; `key` is the same whichever comes first."""

    key: str
    one: Function
    other: Function
    systems: tuple[tuple[int, str], ...]


def pairs(matrix: Meetings) -> list[Pair]:
    """The cells of the matrix, each once, those that share most first. Pure."""
    made = [
        Pair(f"{one.pk}-{other.pk}", one, other, meeting.systems)
        for one, row in matrix.rows
        for other, meeting in row
        if meeting.systems and one.pk <= other.pk
    ]
    return sorted(made, key=lambda pair: (pair.one == pair.other, -len(pair.systems), pair.one.name, pair.other.name))
