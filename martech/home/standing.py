"""How the stack stands, in figures that open what they count; and the first steps where there is nothing yet."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import is_valid_path
from django.utils import timezone

from inventory import completeness, halves, measured
from inventory.models import Assurance, Integration, System
from martech.permissions import engine

SYSTEMS, ASSURANCES, INTEGRATIONS = "/inventory/systems/", "/inventory/assurances/", "/inventory/integrations/"
ON_TRIAL = "lifecycle=evaluating&trial_ends_on__lte=%2B30d"
RUNNING_OUT = "expires_on__lte=%2B60d"
AT_FAULT = "status=degraded"


@dataclass(frozen=True)
class Figure:
    """A number and the list that shows what it counts. `wanting`: it should be nought."""

    label: str
    value: int
    url: str
    wanting: bool = True


@dataclass(frozen=True)
class Part:
    """One part of the lifecycle bar: where it begins, how long it is, and its list."""

    code: str
    label: str
    start: int
    value: int
    url: str


@dataclass(frozen=True)
class Stand:
    """The stack in figures; `business` and `technology` say how full all halves are, 0 to 1.

    `levels` are parts too: how many records are at gold, silver, bronze and below.
    """

    total: int
    business: float
    technology: float
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]
    levels: tuple[Part, ...]


@dataclass(frozen=True)
class Step:
    """One thing to begin with."""

    label: str
    text: str
    url: str
    icon: str


def of(user: Any) -> Stand:
    """Four statements, whatever there is."""
    current = engine.scope(user, System.objects.current())
    points = {f"point_{point.field}": Count("pk", filter=measured.filled(point.field)) for point in halves.POINTS}
    today = timezone.localdate()
    counted = current.aggregate(
        total=Count("pk"),
        unowned=Count("pk", filter=Q(business_owner=None)),
        untended=Count("pk", filter=Q(technical_owner=None)),
        unclassified=Count("pk", filter=Q(data_classification="")),
        trials=Count("pk", filter=Q(lifecycle="evaluating", trial_ends_on__lte=today + timedelta(days=30))),
        **points,
        **{level: Count("pk", filter=measured.at_least(level, today)) for level in completeness.ORDER},
    )
    by_phase: dict[str, int] = dict(current.order_by().values_list("lifecycle").annotate(held=Count("pk")))
    running_out = engine.scope(user, Assurance.objects.running_out(today + timedelta(days=60))).count()
    at_fault = engine.scope(user, Integration.objects.filter(retired_at=None, status="degraded")).count()
    figures = (
        Figure("Systems", counted["total"], SYSTEMS, wanting=False),
        Figure("Without a business owner", counted["unowned"], f"{SYSTEMS}?business_owner__isnull=true"),
        Figure("Without a technical owner", counted["untended"], f"{SYSTEMS}?technical_owner__isnull=true"),
        Figure("Data not classified", counted["unclassified"], f"{SYSTEMS}?data_classification=-"),
        Figure("Trials ending in 30 days", counted["trials"], f"{SYSTEMS}?{ON_TRIAL}"),
        Figure("Assurances running out", running_out, f"{ASSURANCES}?{RUNNING_OUT}"),
        Figure("Integrations at fault", at_fault, f"{INTEGRATIONS}?{AT_FAULT}"),
    )
    shares = {half: _share(half, counted) for half in ("business", "technology")}
    return Stand(
        counted["total"], shares["business"], shares["technology"], figures, _parts(by_phase), _levels(counted)
    )


def _share(half: str, counted: dict[str, int]) -> float:
    names = [f"point_{point.field}" for point in halves.POINTS if point.half == half]
    return round(sum(counted[name] for name in names) / (len(names) * counted["total"]), 2) if counted["total"] else 0.0


def _levels(counted: dict[str, int]) -> tuple[Part, ...]:
    """The highest level first."""
    made: list[Part] = []
    above = 0
    for code, label in reversed(completeness.LEVELS):
        reached = counted.get(code, counted["total"])
        if reached > above:
            made.append(Part(code, label, above, reached - above, f"{SYSTEMS}?level={code}"))
        above = reached
    return tuple(made)


def _parts(by_phase: dict[str, int]) -> tuple[Part, ...]:
    made: list[Part] = []
    for phase in System.Lifecycle:
        number = by_phase.get(phase.value, 0)
        if number:
            start = made[-1].start + made[-1].value if made else 0
            made.append(Part(phase.value, str(phase.label), start, number, f"{SYSTEMS}?lifecycle={phase.value}"))
    return tuple(made)


STEPS = (
    (
        "imports.add_importbatch",
        Step(
            "Import a list",
            "A spreadsheet of vendors or systems is enough. You see every change before it is made.",
            "/imports/",
            "arrow-up-tray",
        ),
    ),
    (
        "inventory.add_system",
        Step(
            "Log a tool", "Its name alone is enough; what is missing is asked for step by step.", "/new/", "plus-circle"
        ),
    ),
    (
        "accounts.add_function",
        Step(
            "Name the functions",
            "Marketing, sales, IT: whose tools they are, and who heads each.",
            "/functions/new/",
            "building-office-2",
        ),
    ),
    (
        "accounts.add_user",
        Step("Add people", "Owners and everybody who should see the stack.", "/people/new/", "user-plus"),
    ),
)


def first_steps(user: Any) -> list[Step]:
    """What this person can begin with."""
    return [
        step
        for permission, step in STEPS
        if engine.condition(user, permission) is not False and is_valid_path(step.url)
    ]
