"""The seven levels of skill, and who of a group is able to do what. Pure: no database, no clock.

The scale is that of SFIA, which is neutral of vendors: a level says how much responsibility somebody can carry.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LEVELS = (
    (1, "1, follows"),
    (2, "2, assists"),
    (3, "3, applies"),
    (4, "4, enables"),
    (5, "5, ensures or advises"),
    (6, "6, initiates or influences"),
    (7, "7, sets strategy"),
)
TOP = 7
MONTHS = 12
"""How long what was said of a skill counts."""
EXPIRED = "expired"


class Skill(NamedTuple):
    """What is known of one person for one activity: the level and whether it is `self`, `confirmed` or `expired`."""

    level: int
    status: str


class Duty(NamedTuple):
    """An activity that a group has to do: its key, name, phase in words, and the level it needs."""

    key: int
    name: str
    phase: str
    level: int


Skills = Mapping[tuple[int, int], Skill]
"""(person, activity) -> skill."""


@dataclass(frozen=True)
class Cover:
    """Who of the group can do a duty: `able` at the level it needs or above, the best first; `near` are below it."""

    duty: Duty
    able: tuple[int, ...]
    near: tuple[int, ...]
    best: int

    @property
    def single(self) -> bool:
        """Whether everything rests on one person."""
        return len(self.able) == 1

    @property
    def tone(self) -> str:
        return "danger" if not self.able else "attention" if self.single else "ok"

    @property
    def words(self) -> str:
        """How the duty is covered, in two or three words."""
        return "Nobody is able" if not self.able else "Rests on one person" if self.single else f"{len(self.able)} able"


def counts(skill: Skill | None) -> int:
    """The level that counts: what expired counts for nothing until it is looked at again."""
    return skill.level if skill is not None and skill.status != EXPIRED else 0


def covered(duties: Iterable[Duty], people: Iterable[int], skills: Skills) -> list[Cover]:
    """How each duty is covered by these people."""
    group, told = list(people), []
    for duty in duties:
        levels = {person: counts(skills.get((person, duty.key))) for person in group}
        ranked = sorted((person for person in group if levels[person]), key=lambda one: (-levels[one], one))
        able = tuple(one for one in ranked if levels[one] >= duty.level)
        near = tuple(one for one in ranked if levels[one] < duty.level)
        told.append(Cover(duty, able, near, max(levels.values(), default=0)))
    return told


@dataclass(frozen=True)
class Phase:
    """One axis of the radar: the mean of the levels needed, and of the best level there is, over its duties."""

    label: str
    needed: float
    reached: float

    @property
    def words(self) -> str:
        short = round(self.needed - self.reached, 1)
        return "reached" if short <= 0 else f"{short:g} short"


def by_phase(covers: Iterable[Cover]) -> list[Phase]:
    """The duties phase by phase, in the order in which they come."""
    found: dict[str, list[Cover]] = {}
    for cover in covers:
        found.setdefault(cover.duty.phase, []).append(cover)
    return [
        Phase(
            label,
            round(sum(one.duty.level for one in rows) / len(rows), 1),
            round(sum(one.best for one in rows) / len(rows), 1),
        )
        for label, rows in found.items()
    ]
