"""The rows of the demo's tables. Days are counted back from the day of seeding; negative ones lie ahead."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """`key` is how the other tables name the person. `roles` are standing roles; `since` and `left` are days ago."""

    key: str
    name: str
    title: str
    function: str
    roles: str = "member"
    sign_in: str = ""
    deputy: str = ""
    since: int = 729
    left: int = 0


@dataclass(frozen=True)
class Team:
    """A function: its head and deputy by key, the function it is part of by name."""

    name: str
    kind: str
    head: str
    deputy: str
    parent: str
    about: str


@dataclass(frozen=True)
class Maker:
    """A vendor. `verdicts` are (days ago, verb, who, note)."""

    name: str
    kinds: str
    country: str
    about: str
    owner: str = ""
    risk: str = "unrated"
    why: str = ""
    also: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    group: str = ""
    sells: str = ""
    logged: int = 0
    verdicts: tuple[tuple[int, str, str, str], ...] = ()


@dataclass(frozen=True)
class Tool:
    """A system. `life` are (lifecycle, days ago, what the verb takes besides); the first is how it was logged.

    `since` is how many days ago it went live where that was before it was logged.
    `fit` is (functional, technical, days ago); `plan` is (days ago, disposition, target, by in days, reason).
    `uses` are (function, part, what for, people).
    """

    name: str
    about: str
    capability: str = ""
    vendor: str = ""
    kind: str = ""
    hosting: str = ""
    function: str = ""
    owner: str = ""
    tech: str = ""
    more: tuple[str, ...] = ()
    journey: str = ""
    audience: str = ""
    users: int | None = None
    criticality: str = ""
    data: str = ""
    personal: str = "unknown"
    sso: str = "unknown"
    scim: str = "unknown"
    mfa: str = "unknown"
    residency: str = ""
    also: tuple[str, ...] = ()
    url: str = ""
    since: int | None = None
    life: tuple[tuple[Any, ...], ...] = (("live", 722),)
    fit: tuple[int | None, int | None, int] | None = None
    verified: int | None = None
    plan: tuple[int, str, str, int | None, str] | None = None
    confidential: bool = False
    by: str = ""
    uses: tuple[tuple[str, str, str, int | None], ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Path:
    """An integration. `story` are (verb, days ago, who, what the verb takes besides)."""

    source: str
    target: str
    data: str
    method: str = "api"
    frequency: str = "daily"
    owner: str = ""
    personal: bool = False
    both: bool = False
    planned: bool = False
    logged: int | None = None
    how: str = ""
    story: tuple[tuple[Any, ...], ...] = ()
