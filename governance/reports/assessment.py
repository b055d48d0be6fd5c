"""What an assessment tells: time by area beside what the field reports, succession, scores since the last one."""

from dataclasses import dataclass
from typing import Any

from governance import work
from governance.models import ResourceAssessment
from martech.accounts.models import User, half


@dataclass(frozen=True)
class Area:
    """One area of work: its share and that of the period before in percent, the parts below it, and how it compares.

    `reported` is what the field reports, None where it reports nothing; `hours` a week come from the share.
    """

    label: str
    share: int | None
    before: int | None
    hours: int | None
    parts: tuple[work.Part, ...]
    reported: int | None
    compared: str

    @property
    def moved(self) -> str:
        """The change since the period before, in words."""
        return changed(self.share, self.before, " points")


@dataclass(frozen=True)
class Score:
    """How well something goes, of five; `moved` since the period before."""

    label: str
    value: int | None
    words: str
    note: str
    moved: str


def assessed(record: ResourceAssessment) -> dict[str, Any]:
    """Everything the page of an assessment shows of the assessment itself; one statement, for the period before."""
    last = record.before()
    parts = [work.read(line) for line in record.below]
    shares = last.shares if last else {}
    side = half(record.function.kind)
    # What the field reports is about marketing operations: other functions are not measured by it.
    measured = record.function.kind == "marketing"
    areas = tuple(
        Area(
            label,
            record.shares[code],
            shares.get(code),
            round(record.hours * (record.shares[code] or 0) / 100) if record.hours else None,
            tuple(part for part in parts if part.area == code),
            work.REPORTED.get(code) if measured else None,
            work.compared(code, record.shares[code]) if measured else "",
        )
        for code, label in work.AREAS.items()
    )
    return {
        "areas": areas,
        "side": side,
        "allocated": record.allocated,
        "over_words": f"{record.allocated} % of the time is given away",
        "measured": measured,
        "source": work.SOURCE,
        "last": last,
        "stepping_in": stepping_in(record),
        "scores": tuple(_score(record, last, name) for name in ("workflow", "collaboration")),
    }


@dataclass(frozen=True)
class SteppingIn:
    """Who steps in for the head, and whether that holds: `tone` and `words` say it."""

    person: User | None
    named: bool
    tone: str
    words: str


def stepping_in(record: ResourceAssessment) -> SteppingIn:
    """Whoever is named, else the function's deputy head; somebody who left steps in for nobody."""
    person = record.successor or record.function.deputy
    named = record.successor_id is not None
    if person is None:
        return SteppingIn(None, named, "danger", "Nobody is named")
    if not person.present:
        return SteppingIn(person, named, "danger", "Has left")
    able = {"able": ("ok", "Able now"), "learning": ("attention", "Learning"), "not_yet": ("danger", "Not yet able")}
    tone, words = able.get(record.successor_able, ("muted", "Nobody has said whether they are able"))
    return SteppingIn(person, named, tone, words)


def _score(record: ResourceAssessment, last: ResourceAssessment | None, name: str) -> Score:
    value = getattr(record, name)
    return Score(
        name.capitalize(),
        value,
        getattr(record, f"get_{name}_display")() if value else "Not said",
        getattr(record, f"{name}_note"),
        changed(value, getattr(last, name, None)),
    )


def changed(now: int | None, before: int | None, unit: str = "") -> str:
    """`3 more than before`, `as before`; empty where one of the two is not known."""
    if now is None or before is None:
        return ""
    apart = now - before
    return f"{abs(apart)}{unit} {'more' if apart > 0 else 'less'} than before" if apart else "as before"
