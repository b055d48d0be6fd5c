"""Attestation on pages: how a campaign stands, what one person is asked, and how well a system is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from governance.models import Attestation, Campaign
from governance.models.attestation import MATTER
from martech.permissions import engine
from martech.web.shown import shown


@dataclass(frozen=True)
class Question:
    """One thing a person is asked: the system with what its owner should look at, and how long is left."""

    attestation: Attestation
    facts: tuple[tuple[str, str], ...]
    days: int
    instead_of: str = ""


def asked_of(user: Any, on: date) -> list[Question]:
    """Everything this person is asked now, and those they stand in for, the nearest day first; two statements."""
    instead = engine.stood_in_for(user, MATTER, on=on)
    rows = engine.scope(user, Attestation.objects.of(user, instead)).select_related(
        "person",
        "campaign",
        "system__vendor",
        "system__owning_function",
        "system__business_owner",
        "system__technical_owner",
    )
    return [
        Question(
            one,
            tuple(_facts(one.system)),
            (one.due_on - on).days,
            str(one.person) if one.person_id != user.pk else "",
        )
        for one in rows.order_by("due_on", "system__name")
    ]


def _facts(system: Any) -> Any:
    for name in ("lifecycle", "business_owner", "technical_owner", "owning_function", "vendor", "user_count"):
        item = system._meta.get_field(name)
        label = str(item.verbose_name)
        value = system.get_lifecycle_display() if name == "lifecycle" else getattr(system, name)
        yield label[:1].upper() + label[1:], str(value) if value not in (None, "") else ""
    rated = system.get_criticality_display()
    yield "Criticality", rated
    yield "Last verified", f"{system.last_verified_on:%-d %B %Y}" if system.last_verified_on else ""


def campaign(record: Campaign, user: Any, on: date) -> dict[str, Any]:
    """How a campaign stands: answers by kind, and who has not answered yet; before it starts, how many it will ask."""
    counted = dict(
        record.attestations.filter(retired_at=None).order_by().values_list("status").annotate(many=Count("pk"))
    )
    total = sum(counted.values())
    states = [(label, Attestation.TONES[code], counted.get(code, 0)) for code, label in Attestation.Status.choices]
    waiting = engine.scope(user, record.attestations.filter(status=Attestation.Status.OPEN, retired_at=None))
    return {
        "states": [state for state in states if state[2]],
        "total": total,
        "answered": total - counted.get("open", 0) - counted.get("lapsed", 0),
        "waiting": shown(
            waiting.select_related("person", "system").order_by("person__name", "system__name"),
            f"/governance/attestations/?campaign={record.pk}&status=open",
        ),
        "fits": record.systems(on).count() if record.status == Campaign.Status.PLANNED else 0,
    }
