"""The inventory's jobs: sweeps over rows, short and repeatable."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.db.models import F, Q
from django.utils import timezone

from inventory.models import Assurance, standing
from martech.accounts.models import User
from martech.notifications import audience, clock, ledger
from martech.notifications.table import REMINDERS

TOPIC = "inventory.assurance.expiry"
ROLLING = "inventory.contract.roll"
KIND = "inventory.assurance"
AHEAD = timedelta(days=30)
"""Planned so long before the first step is due, so that an outage of a month loses no step and is told as late."""
PAST = timedelta(days=30)
"""What ran out longer ago is history: nobody is reminded of it for the first time."""
NOBODY = "Nobody is named as its owner, so {role} is asked."
STAND_INS = {"it": "IT", "steering": "the committee"}

log = logging.getLogger(__name__)


@shared_task(name="inventory.tasks.remind_of_assurances")
def remind_of_assurances() -> None:
    """Plan the reminders of certificates and agreements about to run out."""
    at = clock.now()
    with clock.alone(TOPIC) as mine:
        if mine:
            plan_assurance_reminders(at)


@shared_task(name="inventory.tasks.roll_contracts")
def roll_contracts() -> None:
    """Work out anew the days of contracts that hold no longer, a batch and a transaction at a time."""
    at, more = clock.now(), True
    standing.close()
    while more:
        with clock.alone(ROLLING) as mine:
            more = mine and standing.roll(at) == standing.BATCH


def plan_assurance_reminders(at: datetime) -> ledger.Planned:
    """Bring the ledger in line with all assurances that run out before long; a constant number of queries.

    Reminded is the system's business owner, else its technical owner, else its function's head; a vendor's relationship
    owner; whoever left or may not see the assurance is passed over. Where nobody is left IT is asked, and told why.
    """
    today = timezone.localdate(at)
    horizon = today + timedelta(days=max(REMINDERS[TOPIC].steps)) + AHEAD
    rows = (
        Assurance.objects.running_out(horizon)
        .filter(expires_on__gte=today - PAST)
        .exclude(acknowledged_for=F("expires_on"))
        .filter(Q(system=None) | Q(system__retired_at=None), Q(vendor=None) | Q(vendor__retired_at=None))
        .order_by("pk")
        .values_list(
            *("pk", "name", "expires_on"),
            *("system__business_owner", "system__technical_owner", "system__owning_function__head"),
            "vendor__relationship_owner",
        )
    )
    found = [(key, name, day, [one for one in owners if one]) for key, name, day, *owners in rows]
    persons = audience.people({owner for *_rest, owners in found for owner in owners})
    seen = audience.seen((persons[one], (KIND, key)) for key, *_, owners in found for one in owners if one in persons)
    asked: dict[int, tuple[list[User], str]] = {}
    for key, *_rest, owners in found:
        first = next((persons[one] for one in owners if (one, KIND, key) in seen), None)
        if first:
            asked[key] = ([first], "")
    asked |= _stand_ins([key for key, *_rest in found if key not in asked])
    if missing := [key for key, *_rest in found if key not in asked]:
        log.warning("nobody can be reminded of the assurances %s", ", ".join(f"ASR-{key}" for key in missing))
    return ledger.plan(
        TOPIC,
        [
            ledger.Subject(
                key=key,
                number=f"{Assurance.PREFIX}-{key}",
                text=name,
                deadline=day,
                people=asked[key][0],
                note=asked[key][1],
            )
            for key, name, day, _owners in found
            if key in asked
        ],
        at,
    )


def _stand_ins(keys: Iterable[int]) -> dict[int, tuple[list[User], str]]:
    """Who is asked about assurances that are nobody's: the first role with somebody who may see them, and why."""
    left: list[Any] = list(keys)
    asked: dict[int, tuple[list[User], str]] = {}
    for role, called in STAND_INS.items():
        if not left:
            break
        persons = audience.people(audience.in_role(role))
        seen = audience.seen((person, (KIND, key)) for person in persons.values() for key in left)
        for key in left:
            if group := [person for pk, person in sorted(persons.items()) if (pk, KIND, key) in seen]:
                asked[key] = (group, NOBODY.format(role=called))
        left = [key for key in left if key not in asked]
    return asked
