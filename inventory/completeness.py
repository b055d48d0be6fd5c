"""How complete a system's record is: points with weights and levels, bronze, silver and gold. Pure; nothing blocks.

Which points are there is read from the database as one number (`inventory/measured.py`): a bit for each point that is
there, and one of a second row for each that is not asked of this system. A level needs all its own points and those
below. Points whose records do not exist yet are not on the list.
"""

from dataclasses import dataclass

from inventory import halves

LEVELS = (("none", "Below bronze"), ("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold"))
ORDER = ("bronze", "silver", "gold")
NORMAL, IMPORTANT, CRITICAL = 1, 2, 3
"""Weights of a point. Source: the field's custom, four grades of which the fourth, ignored, is not on the list."""
WITHIN = 365
"""Days within which somebody verified the record, for gold. Source: the field's custom, once a year."""
LABELS = {point.field: point.label for point in halves.POINTS}


@dataclass(frozen=True)
class Point:
    """One point: a field of the system, or a word for something else; `mend` is where on its page that is done."""

    code: str
    label: str
    level: str
    weight: int
    mend: str


def _field(name: str, level: str, weight: int = NORMAL) -> Point:
    return Point(name, LABELS[name], level, weight, f"change/#id_{name}")


POINTS = (
    _field("description", "bronze"),
    _field("owning_function", "bronze", IMPORTANT),
    _field("business_owner", "bronze", CRITICAL),
    _field("criticality", "bronze", IMPORTANT),
    Point("accountable", "Name who is accountable for operating it", "bronze", CRITICAL, "raci/"),
    _field("technical_owner", "silver", IMPORTANT),
    _field("vendor", "silver"),
    _field("primary_capability", "silver"),
    _field("audience", "silver"),
    _field("hosting", "silver"),
    _field("data_classification", "silver", IMPORTANT),
    _field("personal_data", "silver", IMPORTANT),
    Point("responsible", "Name who is responsible for operating it", "silver", IMPORTANT, "raci/"),
    _field("functional_fit", "gold"),
    _field("technical_fit", "gold"),
    Point("single_sign_on", "Put it behind single sign-on", "gold", IMPORTANT, "change/#id_sso"),
    Point("dpa", "Record a data-processing agreement that is in force", "gold", CRITICAL, "#assurances"),
    Point("verified", "Verify it: nobody did within a year", "gold", CRITICAL, "verify/"),
)
PLACES = {point.code: place for place, point in enumerate(POINTS)}
THERE, NOT_ASKED = 1, 1 << len(POINTS)
"""What a bit of each row begins at."""


def _is(bits: int, point: Point) -> tuple[bool, bool]:
    """Whether a point is asked of the system, and whether it is there."""
    place = PLACES[point.code]
    return not bits & (NOT_ASKED << place), bool(bits & (THERE << place))


def lacking(bits: int) -> tuple[Point, ...]:
    """The points that are asked and not there, in the order of the levels."""
    return tuple(point for point in POINTS if _is(bits, point) == (True, False))


def score(bits: int) -> int:
    """The weight of what is there in percent of what is asked, rounded down: 100 only where nothing is lacking."""
    told = [(point.weight, *_is(bits, point)) for point in POINTS]
    asked = sum(weight for weight, wanted, _ in told if wanted)
    return 100 * sum(weight for weight, wanted, there in told if wanted and there) // asked


def level(bits: int) -> str:
    """The highest level of which nothing is lacking, nor of those below."""
    wanting = {point.level for point in lacking(bits)}
    reached = "none"
    for one in ORDER:
        if one in wanting:
            break
        reached = one
    return reached
