"""What people's letters bring to their home page: activities they are responsible for, and consultations that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.db.models import BigIntegerField, Case, Count, Min, OuterRef, Q, Subquery, Value, When

from governance.models import Assignment, Attestation, ClosingPlan, Consultation, Gap, Handover, Opinion, StandIn
from inventory.models import System
from martech.permissions import engine

MOST = 8
NOBODY: Mapping[int, str] = MappingProxyType({})
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


def standing_in(user: Any, on: date) -> list[StandIn]:
    """Who stands in for this person today, and for whom they do; one statement."""
    rows = StandIn.objects.valid(on).of(user).select_related("person", "deputy")
    return list(engine.scope(user, rows).order_by("to_on", "pk"))


def covered(user: Any, periods: list[StandIn], matter: str) -> dict[int, str]:
    """In whose place this person acts in a sort of matter: key -> name."""
    wide = (StandIn.Covers.EVERYTHING, matter)
    return {one.person_id: str(one.person) for one in periods if one.deputy_id == user.pk and one.covers in wide}


def to_answer(user: Any, on: date, instead: Mapping[int, str] = NOBODY) -> list[Consultation]:
    """Consultations in which this person, or somebody they stand in for, is asked and has not answered.

    The most urgent first. `waits_for` is whose answer it is, by key; what the person asked themselves is not theirs to
    answer for others.
    """
    open_ones = Opinion.objects.filter(consultation=OuterRef("pk"), answer="", person__in=(user.pk, *instead))
    first = open_ones.order_by(Case(When(person=user, then=Value(0)), default=Value(1)), "pk").values("person")[:1]
    rows = Consultation.objects.asking(on).annotate(waits_for=Subquery(first, output_field=BigIntegerField()))
    theirs = Q(waits_for__isnull=False, system__confidential=False) & ~Q(asked_by=user)
    rows = rows.filter(Q(waits_for=user.pk) | theirs)
    return list(engine.scope(user, rows).select_related(*_TOLD).order_by("answer_by_on", "pk")[:MOST])


def to_confirm(user: Any, instead: Mapping[int, str] = NOBODY) -> list[Attestation]:
    """Systems whose record this person, or somebody they stand in for, is asked to confirm, the most urgent first."""
    rows = engine.scope(user, Attestation.objects.of(user, instead))
    return list(rows.select_related("system", "person").order_by("due_on", "pk")[:MOST])


def to_decide(user: Any, instead: Mapping[int, str] = NOBODY) -> list[Consultation]:
    """Objections that are this person's to decide, or that of somebody they stand in for.

    Two statements, one where nothing is objected to.
    """
    rows = Consultation.objects.current().filter(status=Consultation.Status.OBJECTED)
    open_ones = list(engine.scope(user, rows).select_related(*_TOLD).order_by("answer_by_on", "pk")[:200])
    if not open_ones:
        return []
    keys = {one.system_id for one in open_ones}
    told = engine.answers(System._meta.label_lower, keys, "accountable")
    return [one for one in open_ones if _decides(user, instead, one, told[one.system_id])][:MOST]


def _decides(user: Any, instead: Mapping[int, str], one: Consultation, answer: engine.Answer) -> bool:
    asked = {each.pk for each in answer.people}
    if user.pk in asked:
        return True
    theirs = asked & instead.keys()
    return bool(theirs - {one.asked_by_id}) and one.asked_by_id != user.pk and not one.system.confidential


def to_hand_over(user: Any, instead: Mapping[int, str] = NOBODY) -> list[Handover]:
    """Hand-overs proposed to this person or to somebody they stand in for, and what a leaver held for which nobody is
    proposed where they may name one. One statement.
    """
    may = engine.verdict_column(engine.condition(user, "governance.carry_out_handover"))
    rows = engine.scope(user, Handover.objects.current())
    nobodys = Q(receiver=None, cause=Handover.Cause.LEAVING, may=True)
    theirs = Q(receiver__in=instead) & ~Q(person__in=(user.pk, *instead))
    rows = rows.annotate(may=may).filter(Q(receiver=user) | theirs | nobodys)
    return list(rows.select_related("person").order_by("expires_on", "pk")[:MOST])


@dataclass(frozen=True)
class Missing:
    """Gaps this person can mend in one system or process, else about themselves; since the oldest."""

    system: int | None
    process: int | None
    name: str
    many: int
    since: datetime


def to_mend(user: Any) -> list[Missing]:
    """Gaps that wait for this person outside a closing plan, by system or process, the oldest first; one statement."""
    rows = engine.scope(user, Gap.objects.of(user).filter(plan=None)).order_by()
    columns = ("system", "step__process", "system__name", "step__process__name")
    counted = rows.values_list(*columns).annotate(many=Count("pk"), oldest=Min("since"))
    return [
        Missing(system, process, name or other or "", *told)
        for system, process, name, other, *told in counted.order_by("oldest", "system", "step__process")[:MOST]
    ]


def to_close(user: Any) -> list[ClosingPlan]:
    """Open closing plans of this person, and that of what nobody owns where they may move its day; one statement."""
    rows = engine.scope(user, ClosingPlan.objects.open())
    may = engine.verdict_column(engine.condition(user, "governance.postpone_closingplan"))
    rows = rows.annotate(may=may).filter(Q(owner=user) | Q(owner=None, may=True))
    return list(rows.order_by("due_on", "pk")[:MOST])
