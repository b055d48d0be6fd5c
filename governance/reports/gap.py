"""Gaps of ownership on pages: those of a system, how they came and went by week, and how a closing plan stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from governance import gap_rules
from governance.models import ClosingPlan, Gap
from inventory.models import System
from martech.permissions import engine
from martech.questions import question
from martech.web import links
from martech.web.shown import MOST

SPANS = (13, 26, 52)
"""Weeks the picture of gaps can be asked for on its page; the endpoint takes any number up to the last."""


@dataclass(frozen=True)
class Week:
    """The seven days from a Monday on: gaps opened, gaps closed, and how many were open at its end."""

    begins_on: date
    opened: int
    closed: int
    open: int


@dataclass(frozen=True)
class Bar:
    """One week drawn: its place, where the upper bar begins, and the lengths of both, 50 for the highest."""

    place: int
    top: float
    opened: float
    closed: float


@dataclass(frozen=True)
class Trend:
    """Gaps by week, oldest first, and the same drawn in a picture as wide as there are weeks."""

    weeks: tuple[Week, ...]

    @property
    def now(self) -> int:
        return self.weeks[-1].open

    @property
    def opened(self) -> int:
        return sum(week.opened for week in self.weeks)

    @property
    def closed(self) -> int:
        return sum(week.closed for week in self.weeks)

    @property
    def latest_first(self) -> tuple[Week, ...]:
        return self.weeks[::-1]

    @property
    def most_open(self) -> int:
        return max(week.open for week in self.weeks)

    @property
    def most_moved(self) -> int:
        return max(max(week.opened, week.closed) for week in self.weeks)

    @property
    def line(self) -> str:
        """Points of the line of open gaps, 0 to 100 high, the highest on top."""
        top = self.most_open or 1
        return " ".join(f"{n + 0.5},{100 - 100 * week.open / top:.2f}" for n, week in enumerate(self.weeks))

    @property
    def bars(self) -> tuple[Bar, ...]:
        top = self.most_moved or 1
        return tuple(
            Bar(
                n,
                round(50 - 50 * week.opened / top, 2),
                round(50 * week.opened / top, 2),
                round(50 * week.closed / top, 2),
            )
            for n, week in enumerate(self.weeks)
        )


def weeks_asked(text: str) -> int:
    """So many weeks as the address asks for; the middle span for anything else."""
    return next((span for span in SPANS if text == f"{span}"), SPANS[1])


def weeks_given(text: str) -> int:
    """So many weeks as a program asks for, 1 to a year's; ValidationError for anything else."""
    if not text:
        return SPANS[1]
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= SPANS[-1]):
        raise ValidationError({"weeks": f"Give a number from 1 to {SPANS[-1]}."})
    return int(text)


def trend(gaps: "QuerySet[Gap]", on: date, weeks: int) -> Trend:
    """These gaps by week up to the day `on`; three statements, whatever the span."""
    first = on - timedelta(days=on.weekday() + 7 * (weeks - 1))
    rows = gaps.order_by()
    begun, ended = _by_week(rows, "since", first), _by_week(rows, "closed_at", first)
    left, told = rows.filter(closed_at=None).count(), []
    for number in reversed(range(weeks)):
        monday = first + timedelta(days=7 * number)
        told.append(Week(monday, begun.get(monday, 0), ended.get(monday, 0), left))
        left += ended.get(monday, 0) - begun.get(monday, 0)
    return Trend(tuple(reversed(told)))


def _by_week(rows: "QuerySet[Gap]", name: str, first: date) -> dict[date, int]:
    midnight = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    counted = rows.filter(**{f"{name}__gte": midnight}).annotate(week=TruncWeek(name)).values_list("week")
    return {timezone.localdate(week): many for week, many in counted.annotate(many=Count("pk"))}


@dataclass(frozen=True)
class Line:
    """Gaps of one rule in a system, alike in who mends them and by when: what is missing, each with its address."""

    label: str
    tone: str
    what: tuple[tuple[str, str], ...]
    since: datetime
    mender: str
    due_on: date | None
    tolerated_until: date | None


@question
def _of_system(user: Any, *, key: Any) -> Any:
    """What is open of one system, in the order of the process."""
    rows = engine.scope(user, Gap.objects.filter(system=key, closed_at=None))
    told = ("pk", "rule", "activity__name", "person__name", "function__name", "since", "mender__name")
    return rows.order_by("activity__phase_order", "activity__position", "pk").values_list(
        *told, "plan__due_on", "tolerated_until"
    )[: MOST + 1]


def of_system(record: System, user: Any) -> dict[str, Any]:
    """The gaps in who answers for a system, for its page; one statement."""
    rows = _of_system(user, key=record.pk)
    base = links.list_url(Gap._meta.label_lower)
    alike: dict[tuple[Any, ...], list[tuple[datetime, str, str]]] = {}
    for key, rule, step, person, team, since, mender, due, until in rows[:MOST]:
        holder = person or team
        what = (since, f"{step}: {holder}" if holder else step, f"{base}{key}/")
        alike.setdefault((rule, mender or "", due, until), []).append(what)
    lines = []
    for (rule, mender, due, until), each in alike.items():
        said, what = gap_rules.RULES[rule], tuple((text, url) for _since, text, url in each)
        lines.append(Line(said.label, said.tone, what, min(each)[0], mender, due, until))
    more = f"{base}?system={record.pk}&closed_at__isnull=true" if len(rows) > MOST else ""
    return {"gap_lines": lines, "gaps_count": f"{MOST}+" if more else len(rows), "gaps_url": more}


def mending(gap: Gap) -> dict[str, str]:
    """How a gap is mended: the sentence, and the page where it is done; no page once it is closed."""
    if gap.closed_at:
        return {"sentence": "", "url": "", "action": ""}
    if gap.system_id:
        return {"sentence": gap.mend, "url": f"{links.of(gap.system)}raci/", "action": "Who does what"}
    about = gap.stage or gap.step or gap.person
    return {"sentence": gap.mend, "url": links.of(about), "action": f"{about}"}


@dataclass(frozen=True)
class Part:
    """The gaps of a plan in one system: all of them, those closed, and those still open, rule by rule."""

    system: Any
    url: str
    size: int
    closed: int
    open: tuple[tuple[str, tuple[Gap, ...]], ...]


def closing_plan(record: ClosingPlan, user: Any) -> dict[str, Any]:
    """How a plan stands, system by system, what is open first; one statement."""
    rows = engine.scope(user, Gap.objects.filter(plan=record)).select_related("system", "activity")
    return {"parts": _parts(rows.order_by("system__name", "system", "activity__phase_order", "pk"))}


def _parts(rows: Iterable[Gap]) -> list[Part]:
    parts = []
    for _key, each in groupby(rows, key=lambda gap: gap.system_id):
        gaps = list(each)
        system = gaps[0].system
        left = [gap for gap in gaps if not gap.closed_at]
        rules: dict[str, list[Gap]] = {}
        for gap in left:
            rules.setdefault(gap.get_rule_display(), []).append(gap)
        told = tuple((label, tuple(ones)) for label, ones in rules.items())
        parts.append(Part(system, f"{links.of(system)}raci/", len(gaps), len(gaps) - len(left), told))
    return sorted(parts, key=lambda part: not part.open)
