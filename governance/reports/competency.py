"""What a function is able to do: skills by phase as a radar, by person as a heat map, and who covers what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from governance import letters, radar, skills
from governance.models import Competency, ResourceAssessment
from governance.models.advising import Group, group, recalled
from martech.accounts.models import User
from martech.permissions import engine
from martech.web import links

LEFT, TOP, WIDE, HIGH = 232, 30, 40, 28
"""The heat map in pixels: the words of a row, the names above, a cell."""
STRONG = 5
"""From this level on a cell is so dark that its number is light."""


@dataclass(frozen=True)
class Cell:
    """One level of the heat map: where it stands, the number, and what it says."""

    x: int
    level: int
    status: str
    strong: bool
    below: bool
    words: str


@dataclass(frozen=True)
class Line:
    """A row of the heat map: an activity, the level it needs, and a cell for each person known."""

    name: str
    needed: int
    y: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Able:
    """Somebody and their level, in words."""

    name: str
    url: str
    words: str


@dataclass(frozen=True)
class Covered:
    """A row of the table: an activity with who is able and who is near it."""

    cover: skills.Cover
    url: str
    able: tuple[Able, ...]
    near: tuple[Able, ...]


def of(record: ResourceAssessment) -> Group:
    """The people and skills an assessment is about: as they were when it was concluded, else as they are."""
    return recalled(record.kept) if record.kept else group(record.function)


def skilled(record: ResourceAssessment, known: Group) -> dict[str, Any]:
    """The pictures and tables of skills on the page of an assessment; no statement of its own."""
    covers = known.covers
    phases = skills.by_phase(covers)
    people = {one.pk: one for one in known.people}
    return {
        "phases": phases,
        "radar": _radar(phases) if len(phases) >= radar.AXES else None,
        "heat": _heat(covers, known) if covers and people else None,
        "covered": tuple(
            Covered(
                one,
                links.url("governance.activity", one.duty.key),
                tuple(_able(people[key], one, known) for key in one.able),
                tuple(_able(people[key], one, known) for key in one.near),
            )
            for one in covers
        ),
        "unskilled": [str(one) for one in known.people if not any(key == one.pk for key, _ in known.known)],
        "skills_kept": bool(record.kept),
    }


def _able(person: User, cover: skills.Cover, known: Group) -> Able:
    skill = known.known[person.pk, cover.duty.key]
    own = ", not confirmed" if skill.status == Competency.Status.SELF else ""
    return Able(str(person), links.of(person), f"{skill.level}{own}")


def _radar(phases: list[skills.Phase]) -> dict[str, Any]:
    told = "; ".join(f"{one.label} {one.reached:g} of {one.needed:g}" for one in phases)
    return {
        "webs": radar.webs(len(phases), skills.TOP),
        "needed": radar.points([one.needed for one in phases], skills.TOP),
        "reached": radar.points([one.reached for one in phases], skills.TOP),
        "labels": radar.labels([one.label for one in phases]),
        "words": f"Level reached of level needed, by phase: {told}",
    }


def _heat(covers: Iterable[skills.Cover], known: Group) -> dict[str, Any]:
    lines = []
    for place, cover in enumerate(covers):
        cells = []
        for column, person in enumerate(known.people):
            skill = known.known.get((person.pk, cover.duty.key))
            if skill is not None:
                status = Competency.Status(skill.status).label
                words = f"{person}, {cover.duty.name}: level {skill.level}, {str(status).lower()}"
                below = skills.counts(skill) < cover.duty.level
                strong = skill.level >= STRONG and skill.status != skills.EXPIRED
                cells.append(Cell(LEFT + column * WIDE, skill.level, skill.status, strong, below, words))
        lines.append(Line(cover.duty.name, cover.duty.level, TOP + place * HIGH, tuple(cells)))
    heads = [(LEFT + place * WIDE + WIDE // 2, one.initials, str(one)) for place, one in enumerate(known.people)]
    return {
        "lines": lines,
        "heads": heads,
        "wide": LEFT + WIDE * len(heads),
        "high": TOP + HIGH * len(lines),
        "cell": (WIDE - 2, HIGH - 2),
        "words": f"Levels of {len(heads)} people for {len(lines)} activities; the table below tells them in words",
    }


def lacking(plan: letters.Plan, user: Any) -> list[str]:
    """Who becomes responsible below the level an activity needs, in sentences, as far as the asker sees levels.

    A warning and no hindrance. Whoever is accountable needs no level, and a level that nobody knows is no reproach.
    """
    begun = {(one.holder, one.activity) for one in plan.begins if one.letter == "R"}
    people = letters.by_kind(holder for holder, _ in begun)["person"]
    rows = engine.scope(user, Competency.objects.current().filter(person__in=people))
    return [
        f"{one.person} is at level {one.level} for “{one.activity}”, {one.activity.level} is needed."
        for one in rows.select_related("person", "activity").order_by("person__name", "activity__phase_order", "pk")
        if (letters.holder(one.person_id), one.activity_id) in begun and one.level < one.activity.level
    ]
