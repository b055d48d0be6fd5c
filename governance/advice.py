"""Who should be involved where: letters to propose for the systems of a function, each with its reason. Pure.

Rules of the field (RACI): somebody is responsible and one person accountable for what a system needs; whoever does
the work has the skill it takes, whoever answers for it need not; nobody carries everything; whoever gives data to a
system is asked about its quality, whoever gets data is told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from governance.letters import Cell, holder, ordered, split
from governance.skills import Skills, counts

RULES = {
    "accountable": "Nobody is accountable",
    "responsible": "Nobody is responsible",
    "skill": "The skill is missing",
    "overload": "Too much on one person",
    "feeds": "Gives data",
    "receives": "Gets data",
}
MANY = 10
"""From so many letters R and A on, a person who holds more than half of those of the group carries too much."""
MOST = 60
"""Letters proposed at once: those of the most critical systems first."""
RELIEVED = 5
"""Letters proposed at once to take from one person."""


@dataclass(frozen=True)
class Member:
    """A person of the function, and how many letters R and A they hold anywhere."""

    key: int
    name: str
    carries: int = 0

    @property
    def holder(self) -> str:
        """As cells name them."""
        return holder(self.key)


@dataclass(frozen=True)
class Need:
    """An activity that a system of the function needs, and who holds letters for it now (`person-3` -> "RA").

    `owner` is who owns the system, else who heads the function, whose name is `leads` then. `feeds` and `receives` are
    functions by key and name.
    """

    system: int
    activity: int
    name: str
    level: int
    held: Mapping[str, str]
    owner: Member | None = None
    leads: str = ""
    feeds: tuple[tuple[int, str], ...] = ()
    receives: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Proposed:
    """Letters that one holder should have for an activity of a system, and why; `instead_of` gives theirs away."""

    system: int
    activity: int
    holder: str
    letters: str
    rule: str
    reason: str
    instead_of: str = ""

    def basis(self, held: Mapping[str, str]) -> dict[str, str]:
        """Of the letters of the cell, those the proposal rests on: while they stay, it is not out of date."""
        new = (set(self.letters) - set(held.get(self.holder, ""))) & {"R", "A"}  # any number may be asked or told
        named = {self.holder, self.instead_of} - {""}
        return {one: told for one, told in sorted(held.items()) if one in named or new & set(told)}

    def wanted(self, held: Mapping[str, str]) -> dict[Cell, str]:
        """What the cells become, as `Assignment.arrange` takes it."""
        cells = {(self.activity, self.holder): self.letters}
        if self.instead_of:
            cells[self.activity, self.instead_of] = held.get(self.instead_of, "").replace("R", "")
        return cells


@dataclass
class Loads:
    """How many letters R and A each member holds, with those proposed already."""

    of: dict[int, int] = field(default_factory=dict)

    def lightest(self, able: Iterable[Member], need: Need, skills: Skills) -> Member | None:
        """Whoever carries least; of those who carry the same, the one who can do it best."""

        def order(one: Member) -> tuple[int, int, int]:
            return self.of.get(one.key, 0), -counts(skills.get((one.key, need.activity))), one.key

        return min(able, key=order, default=None)


def drawn(needs: Sequence[Need], group: Sequence[Member], skills: Skills) -> list[Proposed]:
    """Every proposal for these needs, at most MOST, at most one for each holder of a cell."""
    loads = Loads({one.key: one.carries for one in group})
    over = overloaded(group)
    found: dict[tuple[int, int, str], Proposed] = {}
    for need in needs:
        for one in _of(need, group, skills, loads, over):
            known = found.setdefault((one.system, one.activity, one.holder), one)
            if known is one and set(one.letters) & set("RA"):
                _, key = split(one.holder)  # only people are proposed to do it or to answer for it
                loads.of[key] = loads.of.get(key, 0) + 1
    kept: list[Proposed] = []
    relieved: dict[str, int] = {}
    for one in found.values():
        relieved[one.instead_of] = relieved.get(one.instead_of, 0) + bool(one.instead_of)
        if relieved[one.instead_of] <= RELIEVED:
            kept.append(one)
    return kept[:MOST]


def overloaded(group: Sequence[Member]) -> frozenset[int]:
    """Members who hold more than half of the letters R and A of the group, where these are MANY or more."""
    total = sum(one.carries for one in group)
    return frozenset(one.key for one in group if len(group) > 2 and one.carries >= MANY and one.carries * 2 > total)


def _of(need: Need, group: Sequence[Member], skills: Skills, loads: Loads, over: frozenset[int]) -> Iterator[Proposed]:
    does = [who for who, told in need.held.items() if "R" in told]
    answers = any("A" in told for told in need.held.values())
    able = [one for one in group if counts(skills.get((one.key, need.activity))) >= need.level]
    free = [one for one in able if one.holder not in does]
    best = loads.lightest(free, need, skills)
    owner = need.owner if not answers else None
    if not does and best is not None:
        level = counts(skills.get((best.key, need.activity)))
        reason = f"Nobody is responsible for it. {_fits(need, best, level, able, loads)}"
        if owner is not None and owner.key == best.key:
            yield _proposed(need, best, "RA", "responsible", f"{reason} It is theirs to answer for, too.")
            owner = None
        else:
            yield _proposed(need, best, "R", "responsible", reason)
    elif does and best is not None:
        yield from _better(need, group, skills, does, best)
        yield from _lighter(need, group, does, best, loads, over)
    if owner is not None:
        why = f"leads {need.leads}, which owns the system" if need.leads else "owns the system"
        reason = f"Nobody is accountable for it. {owner.name} {why}."
        yield _proposed(need, owner, "A", "accountable", reason)
    yield from _data(need)


def _better(need: Need, group: Sequence[Member], skills: Skills, does: list[str], best: Member) -> Iterator[Proposed]:
    """Somebody able beside those who do it, where all of them are of this group and known to be below the level."""
    names = {one.holder: one for one in group}
    doers = [names[one] for one in does if one in names]
    known = {one.key: skills.get((one.key, need.activity)) for one in doers}
    if len(doers) < len(does) or any(one is None or counts(one) >= need.level for one in known.values()):
        return
    told = " and ".join(f"{one.name} at level {counts(known[one.key])}" for one in doers)
    level = counts(skills[best.key, need.activity])
    reason = f"Responsible is {told}; {need.level} is needed. {best.name} is at {level} and can show it."
    yield _proposed(need, best, "R", "skill", reason)


def _lighter(
    need: Need, group: Sequence[Member], does: list[str], best: Member, loads: Loads, over: frozenset[int]
) -> Iterator[Proposed]:
    """Somebody able in the place of one who carries too much, where they carry less than half of it."""
    for one in group:
        if one.key in over and one.holder in does and loads.of.get(best.key, 0) * 2 < one.carries:
            reason = (
                f"{one.name} holds {one.carries} letters R and A, more than half of the function’s. "
                f"{best.name} has the skill and holds {loads.of.get(best.key, 0)}."
            )
            made = _proposed(need, best, "R", "overload", reason)
            yield Proposed(**{**vars(made), "instead_of": one.holder})
            return


def _data(need: Need) -> Iterator[Proposed]:
    feeding = {key for key, _ in need.feeds}
    for parts, letter, rule in ((need.feeds, "C", "feeds"), (need.receives, "I", "receives")):
        for key, name in parts:
            part = holder(None, key)
            if part in need.held or (rule == "receives" and key in feeding):
                continue
            words = "gives data to" if rule == "feeds" else "gets data from"
            then = "is to be asked about" if rule == "feeds" else "is to hear of"
            reason = f"{name} {words} the system and {then} the quality of the data."
            yield Proposed(need.system, need.activity, part, letter, rule, reason)


def _proposed(need: Need, who: Member, told: str, rule: str, reason: str) -> Proposed:
    does = set(need.held.get(who.holder, "")) & {"R", "A"}
    return Proposed(need.system, need.activity, who.holder, ordered("".join(does | set(told))), rule, reason)


def _fits(need: Need, best: Member, level: int, able: Sequence[Member], loads: Loads) -> str:
    if len(able) < 2:
        return f"{best.name} alone is able: level {level}, {need.level} is needed."
    carried = loads.of.get(best.key, 0)
    return (
        f"{best.name} is at level {level}, {need.level} is needed, "
        f"and carries the fewest letters of the {len(able)} who are able ({carried})."
    )
