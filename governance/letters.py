"""What has to happen to letters so that they stand as wanted from a day on. Pure: no database, no clock.

A cell is one holder for one activity: `person-3` or `function-2`. Its letters are a part of RACI. A is a person and
stands once an activity; C and I stand alone (RACI as the field uses it).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

ORDER = "RACI"
WORDS = {"R": "responsible", "A": "accountable", "C": "consulted", "I": "informed"}
CHOICES = (
    ("R", "Responsible"),
    ("A", "Accountable"),
    ("RA", "Responsible and accountable"),
    ("C", "Consulted"),
    ("I", "Informed"),
)
"""What one holder may be for one activity, in words."""
ALLOWED = frozenset({"", *dict(CHOICES)})

Cell = tuple[int, str]
"""Key of an activity and a holder."""


@dataclass(frozen=True, order=True)
class Held:
    """A letter on record: key of its row, the first and the last day it counts, both inclusive."""

    activity: int
    holder: str
    letter: str
    from_on: date
    last_on: date
    key: int = 0


@dataclass(frozen=True, order=True)
class Begun:
    """A letter that begins; `to_on` is its last day where something planned follows it."""

    activity: int
    holder: str
    letter: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True)
class Plan:
    """What happens from the day `on`: `ends` the day before, `cancelled` before it ever began, `begins`, `stays`."""

    on: date
    begins: tuple[Begun, ...]
    ends: tuple[Held, ...]
    cancelled: tuple[Held, ...]
    stays: tuple[Held, ...]

    @property
    def changes(self) -> tuple[Held | Begun, ...]:
        """Every letter that does not stay as it was."""
        return (*self.ends, *self.cancelled, *self.begins)

    @property
    def mark(self) -> str:
        """The same for two plans that do the same: what was shown is told from what would happen now."""
        return sha256(repr((self.on, self.begins, self.ends, self.cancelled)).encode()).hexdigest()[:32]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def moves(self, held: Iterable[Held]) -> list[tuple[Cell, str, str]]:
        """Each cell that changes on the day, of those held: what it would be without the plan, and what it becomes."""
        was = read(held, self.on)
        lost = {(one.activity, one.holder, one.letter) for one in (*self.ends, *self.cancelled)}
        won = {(one.activity, one.holder, one.letter) for one in self.begins}
        changes = []
        for cell in sorted({(one.activity, one.holder) for one in self.changes}):
            before = was.get(cell, "")
            after = "".join(one for one in ORDER if (*cell, one) in won or (one in before and (*cell, one) not in lost))
            if before != after:
                changes.append((cell, before, after))
        return changes

    def sentences(self, activities: Mapping[int, str], holders: Mapping[str, str]) -> list[str]:
        """The plan in words, by the names of activities and holders: what goes first, what comes last."""

        def said(one: Held | Begun, middle: str, tail: str) -> str:
            return f"{holders[one.holder]} {middle} {WORDS[one.letter]} for “{activities[one.activity]}”{tail}."

        before = f" after {_day(self.on - timedelta(1))}" if self.ends else ""
        return [
            *(said(one, "is no longer", before) for one in self.ends),
            *(said(one, "does not become", f" on {_day(one.from_on)}") for one in self.cancelled),
            *(
                said(one, "becomes", f" on {_day(one.from_on)}" + (f", until {_day(one.to_on)}" if one.to_on else ""))
                for one in self.begins
            ),
        ]


def holder(person: int | None, function: int | None = None) -> str:
    """The holder of a cell by the key of a person, else of a function: `person-3` or `function-2`."""
    return f"person-{person}" if person else f"function-{function}"


def split(holder: str) -> tuple[str, int]:
    """`person-3` as the kind of holder and its key: ("person", 3)."""
    kind, _, key = holder.partition("-")
    return kind, int(key)


def by_kind(holders: Iterable[str]) -> dict[str, set[int]]:
    """The keys of holders: of people as `person`, of functions as `function`."""
    keys: dict[str, set[int]] = {"person": set(), "function": set()}
    for kind, key in map(split, holders):
        keys[kind].add(key)
    return keys


def meant(on: date) -> bool:
    """Whether a day can be meant: letters are given for days of this century."""
    return 2000 <= on.year < 2100


def ordered(letters: str) -> str:
    """Letters in the order of RACI, each once; ValueError for anything else, or what one holder may not be."""
    given = set(letters.upper())
    told = "".join(letter for letter in ORDER if letter in given)
    if given - set(ORDER):
        raise ValueError(f"“{letters}” is not made of R, A, C and I.")
    if told not in ALLOWED:
        raise ValueError(f"{told} does not go together: consulted or informed is only who does not do it.")
    return told


def faults(wanted: Mapping[Cell, str]) -> dict[Cell, str]:
    """What is wrong with the cells wanted, in a sentence each: letters, a function as A, two A of one activity."""
    wrong: dict[Cell, str] = {}
    accountable: dict[int, str] = {}
    for (activity, holder), letters in wanted.items():
        try:
            told = ordered(letters)
        except ValueError as error:
            wrong[activity, holder] = str(error)
            continue
        if "A" not in told:
            continue
        if not holder.startswith("person-"):
            wrong[activity, holder] = "Accountable is always a person: a function cannot answer for it."
        elif accountable.setdefault(activity, holder) != holder:
            wrong[activity, holder] = "Only one person is accountable for an activity at a time."
    return wrong


def read(held: Iterable[Held], on: date) -> dict[Cell, str]:
    """The letters of each cell on a day."""
    told: dict[Cell, set[str]] = {}
    for one in held:
        if one.from_on <= on <= one.last_on:
            told.setdefault((one.activity, one.holder), set()).add(one.letter)
    return {cell: "".join(letter for letter in ORDER if letter in letters) for cell, letters in told.items()}


def moved(held: Iterable[Held], wanted: Mapping[Cell, str], seen: Mapping[Cell, str], on: date) -> set[Cell]:
    """The cells wanted that no longer hold what was seen in them, nor already what is wanted."""
    now = read(held, on)
    same = {cell: {ordered(seen.get(cell, "")), ordered(told)} for cell, told in wanted.items()}
    return {cell for cell, told in same.items() if now.get(cell, "") not in told}


def completed(held: Iterable[Held], wanted: Mapping[Cell, str]) -> dict[Cell, str]:
    """The cells wanted, where they say all there is of their activities: whoever else holds a letter loses it."""
    named = {activity for activity, _ in wanted}
    return {(one.activity, one.holder): "" for one in held if one.activity in named} | dict(wanted)


def taken_over(held: Iterable[Held], cell: Cell, letter: str, on: date) -> str | None:
    """What a holder's cell becomes from a day on as they take a letter over; None where there is nothing to take.

    Doing it takes the place of being consulted or informed, and being consulted that of being informed. Nothing is
    left to take where they have the letter or more, or where somebody else is accountable by now.
    """
    rows = [one for one in held if one.last_on >= on and one.activity == cell[0]]
    mine = {one.letter for one in rows if one.holder == cell[1]}
    if any(one.letter == letter and one.holder == cell[1] and one.from_on <= on for one in rows):
        return None
    if letter == "A" and any(one.letter == "A" and one.from_on <= on and one.holder != cell[1] for one in rows):
        return None
    if letter in "RA":
        return ordered("".join(mine & {"R", "A"} | {letter}))
    return None if mine - ({"I"} if letter == "C" else set()) - {letter} else letter


def plan(held: Iterable[Held], wanted: Mapping[Cell, str], on: date) -> Plan:
    """How the letters held become those wanted from a day on; cells not named stay, but for an A that is followed.

    A named cell is settled: what would begin later and is not wanted is cancelled. A letter that begins stops the day
    before one that was planned for later and is kept. ValueError where `faults` finds any.
    """
    wrong = faults(wanted)
    if wrong:
        raise ValueError(next(iter(wrong.values())))
    cells = {cell: ordered(letters) for cell, letters in wanted.items()}
    standing = sorted(one for one in held if one.last_on >= on)
    counts = {(one.activity, one.holder, one.letter): one for one in standing if one.from_on <= on}
    begun = [
        (activity, holder, letter)
        for (activity, holder), letters in sorted(cells.items())
        for letter in letters
        if (activity, holder, letter) not in counts
    ]
    followed = {activity for activity, _, letter in begun if letter == "A"}
    gone, stays = [], []
    for one in standing:
        cell = (one.activity, one.holder)
        followed_now = one.letter == "A" and one.activity in followed and one.from_on <= on
        if (cell in cells and one.letter not in cells[cell]) or followed_now:
            gone.append(one)
        elif cell in cells and one.from_on <= on:
            stays.append(one)
    kept = [one for one in standing if one not in gone]
    return Plan(
        on=on,
        begins=tuple(Begun(*one, from_on=on, to_on=_until(one, kept)) for one in begun),
        ends=tuple(one for one in gone if one.from_on < on),
        cancelled=tuple(one for one in gone if one.from_on >= on),
        stays=tuple(stays),
    )


def _until(begun: tuple[int, str, str], kept: list[Held]) -> date | None:
    """The day before the next letter that stands in the way of one begun now."""
    activity, holder, letter = begun
    later = [
        one.from_on
        for one in kept
        if (one.activity, one.letter) == (activity, letter) and (letter == "A" or one.holder == holder)
    ]
    return min(later) - timedelta(1) if later else None


def _day(on: date) -> str:
    return f"{on:%-d %B %Y}"
