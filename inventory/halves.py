"""The two halves of a system: what the business and what technology have put on record. Pure.

Each point is a fact that one side knows best. A half is full when all of its points are there.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Point:
    """One fact: the field that holds it, and what to do where it is missing."""

    field: str
    label: str
    half: str


POINTS = (
    Point("description", "Say what it is for", "business"),
    Point("owning_function", "Name the owning function", "business"),
    Point("business_owner", "Name a business owner", "business"),
    Point("primary_capability", "Choose its main capability", "business"),
    Point("audience", "Say who uses it", "business"),
    Point("criticality", "Rate how critical it is", "business"),
    Point("functional_fit", "Rate the functional fit", "business"),
    Point("technical_owner", "Name a technical owner", "technology"),
    Point("vendor", "Name the vendor", "technology"),
    Point("hosting", "Say where it is hosted", "technology"),
    Point("data_classification", "Classify its data", "technology"),
    Point("personal_data", "Say whether it holds personal data", "technology"),
    Point("sso", "Say whether it has single sign-on", "technology"),
    Point("technical_fit", "Rate the technical fit", "technology"),
)
RELATED = frozenset({"owning_function", "business_owner", "primary_capability", "technical_owner", "vendor"})
PATHS = tuple(f"{point.field}_id" if point.field in RELATED else point.field for point in POINTS)
_BUSINESS = sum(point.half == "business" for point in POINTS)


# Read from its end: -1 is the share of a half in which nothing is absent.
_SHARES = tuple(
    tuple(round(there / most, 2) for there in range(most + 1)) for most in (_BUSINESS, len(POINTS) - _BUSINESS)
)
ABSENT = frozenset({None, "", "unknown"})


@cache
def _told(absent: tuple[bool, ...]) -> tuple[float, float]:
    """Shares by what is absent: few of the combinations ever occur, and lists ask for thousands of rows."""
    return _SHARES[0][~sum(absent[:_BUSINESS])], _SHARES[1][~sum(absent[_BUSINESS:])]


def there(value: Any) -> bool:
    return value not in ABSENT


def shares(*values: Any) -> tuple[float, float]:
    """How full each half is, 0 to 1, from the values of PATHS in their order."""
    return _told(tuple(map(ABSENT.__contains__, values)))


def points(system: Any) -> dict[str, list[tuple[Point, bool]]]:
    """Each half's points with whether they are there."""
    told: dict[str, list[tuple[Point, bool]]] = {"business": [], "technology": []}
    for point, path in zip(POINTS, PATHS, strict=True):
        told[point.half].append((point, there(getattr(system, path))))
    return told
