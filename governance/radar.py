"""Where the corners of a radar are, in the numbers of its drawing: the middle is 0,0, the rim 40 away. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

RIM = 40
AXES = 3
"""A picture with fewer axes than this has no area and is not drawn."""


@dataclass(frozen=True)
class Axis:
    """The label of an axis and where it stands; `anchor` keeps it clear of the picture."""

    label: str
    x: float
    y: float
    anchor: str


def points(values: Sequence[float], top: float) -> str:
    """Values from 0 to `top`, one an axis from the top clockwise, as `points` of a polygon."""
    return " ".join(f"{x:g},{y:g}" for x, y in (_at(place, len(values), v / top) for place, v in enumerate(values)))


def webs(axes: int, rings: int) -> list[str]:
    """The rings of the web, the outermost first."""
    return [points([ring] * axes, rings) for ring in range(rings, 0, -1)]


def labels(words: Sequence[str]) -> list[Axis]:
    """Where the words of the axes stand, just outside the rim."""
    told = []
    for place, word in enumerate(words):
        x, y = _at(place, len(words), 1.13)
        told.append(Axis(word, x, y, "middle" if abs(x) < 4 else "start" if x > 0 else "end"))
    return told


def _at(place: int, axes: int, share: float) -> tuple[float, float]:
    angle = 2 * pi * place / axes
    return round(RIM * share * sin(angle), 1) + 0.0, round(-RIM * share * cos(angle), 1) + 0.0
