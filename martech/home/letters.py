"""What people's letters bring to their home page: activities they are responsible for, and consultations that wait."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from governance.models import Assignment, Attestation, Consultation, Handover
from inventory.models import System
from martech.permissions import engine

MOST = 8
SYSTEMS = 50
_TOLD = ("system", "asked_by", "business_owner", "technical_owner", "owning_function")


@dataclass(frozen=True)
class Responsible:
    """A system with the activities that somebody is responsible for, in the order of the process."""

    system: System
    activities: tuple[str, ...]


def responsible(user: Any, on: date) -> list[Responsible]:
    """Systems by name with the activities this person does, by letters of their own or as a function's; one statement.

    Of the first 50 systems; letters that are switched off ask for nothing.
    """
    rows = engine.scope(user, Assignment.objects.asking(user, on).filter(letter="R", system__retired_at=None))
    rows = rows.select_related("system", "activity").order_by("system__name", "system", "activity__phase_order", "pk")
    found: dict[int, tuple[System, list[str]]] = {}
    for row in rows[: SYSTEMS * 20]:
        found.setdefault(row.system_id, (row.system, []))[1].append(str(row.activity))
    return [Responsible(system, tuple(dict.fromkeys(names))) for system, names in list(found.values())[:SYSTEMS]]


def to_answer(user: Any, on: date) -> list[Consultation]:
    """Consultations in which this person is asked and has not answered, the most urgent first."""
    rows = Consultation.objects.asking(on).filter(opinions__person=user, opinions__answer="")
    return list(engine.scope(user, rows).select_related(*_TOLD).order_by("answer_by_on", "pk")[:MOST])


def to_confirm(user: Any) -> list[Attestation]:
    """Systems whose record this person is asked to confirm, the most urgent first."""
    return list(
        engine.scope(user, Attestation.objects.of(user)).select_related("system").order_by("due_on", "pk")[:MOST]
    )


def to_decide(user: Any) -> list[Consultation]:
    """Objections that are this person's to decide; two statements, one where nothing is objected to."""
    rows = Consultation.objects.current().filter(status=Consultation.Status.OBJECTED)
    open_ones = list(engine.scope(user, rows).select_related(*_TOLD).order_by("answer_by_on", "pk")[:200])
    if not open_ones:
        return []
    keys = {one.system_id for one in open_ones}
    told = engine.answers(System._meta.label_lower, keys, "accountable")
    return [one for one in open_ones if user.pk in {each.pk for each in told[one.system_id].people}][:MOST]


def to_hand_over(user: Any) -> list[Handover]:
    """Hand-overs proposed to this person, and what a leaver held for which nobody is proposed where they may name one.

    One statement.
    """
    may = engine.verdict_column(engine.condition(user, "governance.carry_out_handover"))
    rows = engine.scope(user, Handover.objects.current())
    nobodys = Q(receiver=None, cause=Handover.Cause.LEAVING, may=True)
    rows = rows.annotate(may=may).filter(Q(receiver=user) | nobodys)
    return list(rows.select_related("person").order_by("expires_on", "pk")[:MOST])
