"""The roles by which an operating model gives letters, and how its lines are written. Pure: no database.

A line is an activity and who is what for it: `operate: A business_owner, R owning_function, C it_head`. A role is one
of `ROLES`, or a function by its number.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from governance import letters

ROLES = {
    "business_owner": "Business owner of the system",
    "technical_owner": "Technical owner of the system",
    "owning_function": "Owning function",
    "owning_head": "Head of the owning function",
    "it_function": "IT function: the first of the tree that has a head",
    "it_head": "Head of the IT function",
}
FUNCTIONS = frozenset({"owning_function", "it_function"})
"""Roles that are a function and so never answer for anything."""
NAMED = re.compile(r"FUN-[1-9][0-9]{0,17}")
PART = re.compile(r"([RACIraci]{1,4}) +([A-Za-z0-9_-]+)")


class Line(NamedTuple):
    """An activity by its code, and the letters of each role for it."""

    activity: str
    roles: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.activity}: " + ", ".join(f"{told} {role}" for role, told in self.roles.items())


def line(text: str) -> Line:
    """A line as it was typed; ValueError says what is wrong with it."""
    activity, colon, rest = text.partition(":")
    activity = activity.strip().lower()
    if not (activity and colon):
        raise ValueError(f"“{text}”: write an activity, a colon, and who is what for it.")
    roles: dict[str, str] = {}
    for part in rest.split(","):
        found = PART.fullmatch(part.strip())
        role = "" if found is None else found[2].upper() if found[2].upper().startswith("FUN-") else found[2].lower()
        if found is None or not (role in ROLES or NAMED.fullmatch(role)):
            raise ValueError(f"{activity}: “{part.strip()}” is not letters and a role.")
        if role in roles:
            raise ValueError(f"{activity}: {role} is named twice.")
        roles[role] = letters.ordered(found[1])
    answering = [role for role, told in roles.items() if "A" in told]
    if len(answering) > 1:
        raise ValueError(f"{activity}: only one is accountable.")
    if answering and (answering[0] in FUNCTIONS or answering[0] not in ROLES):
        raise ValueError(f"{activity}: accountable is a person, {answering[0]} is a function.")
    return Line(activity, roles)


def merged(told: Iterable[str]) -> str:
    """The letters of one holder who is several roles: doing goes before being asked, being asked before being told."""
    given = set("".join(told))
    does = given & {"R", "A"}
    return letters.ordered("".join(does)) if does else next((one for one in "CI" if one in given), "")
