"""My work: what waits for me, what is mine, what changed. Each list in a fixed number of statements."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from inventory import halves
from inventory.models import Assurance, Integration, System
from martech import timeline
from martech.audit.models import Entry
from martech.notifications.models import Notice
from martech.permissions import engine
from martech.records.models import Follow
from martech.web import links


@dataclass(frozen=True)
class Mine:
    """A system I answer for, how full its halves are, and the points my side still owes."""

    system: System
    business: float
    technology: float
    missing: tuple[str, ...]


def of(user: Any) -> dict[str, Any]:
    """The home page's context."""
    today = timezone.localdate()
    current = System.objects.current()
    systems = list(engine.scope(user, current.of(user)).select_related("vendor", "owning_function").order_by("name")[:50])
    running_out = engine.scope(user, Assurance.objects.running_out(today + timedelta(days=60)))
    flows = engine.scope(user, Integration.objects.filter(retired_at=None, status="degraded"))
    return {
        "today": today,
        "mine": [mine(system) for system in systems],
        "notices": list(Notice.objects.for_(user).unread(timezone.now())[:8]),
        "assurances": running_out.select_related("system", "vendor").order_by("expires_on")[:8],
        "trials": engine.scope(user, current.trials_ending(today + timedelta(days=30))).order_by("trial_ends_on")[:8],
        "degraded": flows.select_related("source", "target", "owner").order_by("-changed_at")[:8],
        "changed": changed(user),
        "figures": figures(user),
    }


def mine(system: System) -> Mine:
    told = halves.points(system)
    business, technology = (sum(done for _, done in told[half]) / len(told[half]) for half in ("business", "technology"))
    missing = tuple(point.label for half in told.values() for point, done in half if not done)
    return Mine(system, business, technology, missing)


def changed(user: Any) -> list[Any]:
    """What happened lately to what I follow; for whoever follows nothing, to the whole stack."""
    followed = list(Follow.objects.filter(person=user).values_list("kind", "key")[:200])
    rows = engine.scope(user, Entry.objects.exclude(verb="choose_theme").select_related("by"))
    if followed:
        held = Q(pk__in=())
        for kind in {kind for kind, _ in followed}:
            held |= Q(kind=kind, key__in=[key for one, key in followed if one == kind])
        rows = rows.filter(held)
    else:
        rows = rows.filter(kind__startswith="inventory.")
    return [(line, links.url(line.entry.kind, line.entry.key)) for line in timeline.mixed(rows.order_by("-id")[:10], user)]


def figures(user: Any) -> dict[str, int]:
    """How the stack stands, each figure opening its list."""
    counted = engine.scope(user, System.objects.current()).aggregate(
        total=Count("pk"),
        live=Count("pk", filter=Q(lifecycle="live")),
        unowned=Count("pk", filter=Q(business_owner=None)),
        untended=Count("pk", filter=Q(technical_owner=None)),
        unclassified=Count("pk", filter=Q(data_classification="")),
    )
    return dict(counted)
