"""Standing in, as one person sees it: who answers in their place and in whose place they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from governance.models import StandIn
from martech.permissions import engine


@dataclass(frozen=True)
class Stretch:
    """One period: `now`, it counts today; `over`, it has passed."""

    record: StandIn
    now: bool
    over: bool


def stretches(rows: Iterable[StandIn], on: date) -> list[Stretch]:
    return [Stretch(one, one.from_on <= on <= one.to_on, one.to_on < on) for one in rows]


def deputies_of(user: Any, on: date) -> dict[str, Any]:
    """What the page of one's deputies shows: present and coming periods, the nearest first, and the last past ones."""
    rows = engine.scope(user, StandIn.objects.filter(retired_at=None).of(user)).select_related("person", "deputy")
    ahead = stretches(rows.filter(to_on__gte=on).order_by("from_on", "pk"), on)
    past = stretches(rows.filter(to_on__lt=on).order_by("-to_on", "pk")[:10], on)
    return {
        "deputies": [one for one in ahead if one.record.person_id == user.pk],
        "principals": [one for one in ahead if one.record.deputy_id == user.pk],
        "past": past,
        "today": on,
        "usual": user.deputy,
        "add_url": f"/governance/stand-ins/new/?person={user.pk}"
        + (f"&deputy={user.deputy_id}" if user.deputy_id else ""),
    }
