"""What a function spends its time on, and what the field itself reports. Pure: no database, no clock."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

AREAS = {
    "measurement": "Measurement",
    "planning": "Planning",
    "infrastructure": "Infrastructure",
    "data": "Data",
    "other": "Everything else",
}
"""The four priorities of marketing operations as the field names them, and what is none of them: code -> words."""
REPORTED = {"infrastructure": 40}
"""Share of time in percent that the field reports of marketing operations, where it reports any."""
SOURCE = (
    "SiriusDecisions, survey of marketing operations at the end of 2016 (now Forrester): almost 40 % of the time goes "
    "into infrastructure, which is technology and process. It gives no figure for the other areas."
)
ABOUT = 5
"""Points of difference that are told as none: shares are estimates."""
_LINE = re.compile(r"(?P<area>[A-Za-z ]+):\s*(?P<name>\S.*?)\s+(?P<share>\d{1,3})\s*%?")


@dataclass(frozen=True)
class Part:
    """One kind of work below an area, in percent of all the time."""

    area: str
    name: str
    share: int

    def __str__(self) -> str:
        return f"{AREAS[self.area]}: {self.name} {self.share} %"


def read(line: str) -> Part:
    """`Measurement: Dashboards 15 %` as a part; ValueError with a sentence for anything else."""
    found = _LINE.fullmatch(line.strip())
    codes = {**{words.lower(): code for code, words in AREAS.items()}, **{code: code for code in AREAS}}
    area = codes.get(" ".join(found["area"].lower().split())) if found else None
    if found is None or area is None:
        raise ValueError(f"“{line}” is not understood: write it like “Measurement: Dashboards 15 %”.")
    return Part(area, found["name"], int(found["share"]))


def excess(parts: Iterable[Part], shares: Mapping[str, int | None]) -> dict[str, int]:
    """Areas whose parts come to more than the area itself: area -> what they come to."""
    sums: dict[str, int] = {}
    for part in parts:
        sums[part.area] = sums.get(part.area, 0) + part.share
    return {area: total for area, total in sums.items() if total > (shares.get(area) or 0)}


def compared(area: str, share: int | None) -> str:
    """How a share stands beside what the field reports, in words; empty where there is nothing to compare."""
    reported = REPORTED.get(area)
    if reported is None or share is None:
        return ""
    apart = share - reported
    if abs(apart) <= ABOUT:
        return f"about what the field reports ({reported} %)"
    return f"{abs(apart)} points {'more' if apart > 0 else 'less'} than the field reports ({reported} %)"
