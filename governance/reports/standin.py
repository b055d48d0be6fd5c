"""Standing in, as one person sees it: who answers in their place and in whose place they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from governance.models import StandIn
from martech.permissions import engine
from martech.web.shown import may_add


@dataclass(frozen=True)
class Stretch:
    """One period: `now`, it counts today; `over`, it has passed."""

    record: StandIn
    now: bool
    over: bool


def stretches(rows: Iterable[StandIn], on: date) -> list[Stretch]:
    return [Stretch(one, one.from_on <= on <= one.to_on, one.to_on < on) for one in rows]


def stand_ins_of(person: Any, user: Any) -> dict[str, Any]:
    """What stands on a person's page: who stands in for them, and for whom they do, now and later."""
    rows = engine.scope(user, StandIn.objects.standing(timezone.localdate()).of(person))
    return {"stand_ins": list(rows.select_related("person", "deputy").order_by("from_on", "pk"))}


def deputies_of(user: Any, on: date) -> dict[str, Any]:
    """What the page of one's deputies shows: present and coming periods, the nearest first, and the last past ones."""
    usual = f"&deputy={user.deputy_id}" if user.deputy_id else ""
    rows = engine.scope(user, StandIn.objects.filter(retired_at=None).of(user)).select_related("person", "deputy")
    ahead = stretches(rows.filter(to_on__gte=on).order_by("from_on", "pk"), on)
    past = stretches(rows.filter(to_on__lt=on).order_by("-to_on", "pk")[:10], on)
    return {
        "deputies": [one for one in ahead if one.record.person_id == user.pk],
        "principals": [one for one in ahead if one.record.deputy_id == user.pk],
        "past": past,
        "usual": user.deputy,
        "add_url": may_add(user, StandIn, f"person={user.pk}{usual}"),
    }
