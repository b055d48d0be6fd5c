"""Governance's jobs: sweeps over rows, short and repeatable."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from governance.models import Attestation, ClosingPlan, Consultation, Gap, Handover, Opinion, competency
from governance.models.attestation import by_interval, lapse
from martech import worktime
from martech.accounts.models import job_account
from martech.calendars.models import Calendar, organisation
from martech.notifications import audience, clock, ledger
from martech.permissions import engine

TOPIC = "governance.consultation.answer"
HANDOVERS, ANSWERED = "governance.handover.lapse", "governance.handover.answer"
ATTESTATIONS, CLOSING = "governance.attestation.due", "governance.closing.due"
COMPETENCIES = "governance.competency.expire"


@shared_task(name="governance.tasks.look_after_consultations")
def look_after_consultations() -> None:
    """Close the consultations whose time has passed, and plan the reminders of those that run."""
    at = clock.now()
    with clock.alone(TOPIC) as mine:
        if mine:
            close_consultations(at)
            plan_consultation_reminders(at)


def close_consultations(at: datetime) -> int:
    """Close what nobody objected to in time; how many."""
    over = list(Consultation.objects.over(timezone.localdate(at)).order_by("pk"))
    for one in over:
        one.time_passed(at)
    return len(over)


def plan_consultation_reminders(at: datetime) -> ledger.Planned:
    """Remind whoever has not answered, one working day before the last day; a constant number of statements."""
    running = Consultation.objects.asking(timezone.localdate(at)).select_related(
        "system", "business_owner", "technical_owner", "owning_function"
    )
    waiting: dict[int, list[int]] = {}
    rows = Opinion.objects.filter(consultation__in=running.values("pk"), answer="")
    for key, person in rows.values_list("consultation", "person"):
        waiting.setdefault(key, []).append(person)
    calendar = organisation()
    alone = {one.pk for one in running if one.system.confidential}
    people = _with_deputies(waiting, "consultations", at, alone)
    return ledger.plan(
        TOPIC,
        [
            ledger.Subject(
                key=one.pk,
                number=one.number,
                text=str(one),
                deadline=one.answer_by_on,
                people=people[one.pk],
                steps=(_a_working_day(calendar, one.answer_by_on),),
            )
            for one in running.order_by("pk")
            if one.pk in waiting
        ],
        at,
    )


def _with_deputies(
    asked: Mapping[int, list[int]], matter: str, at: datetime, alone: Collection[int] = ()
) -> dict[int, list[Any]]:
    """Whom to remind of each record: those asked, and who stands in for them that day but for records in `alone`.

    Keys of people by key of the record become people who can be asked; three statements.
    """
    day = timezone.localdate(at)
    deputies = engine.deputies({person for each in asked.values() for person in each}, matter, on=day, today=day)
    wanted = {
        key: [*each, *(deputies[one].pk for one in each if one in deputies and key not in alone)]
        for key, each in asked.items()
    }
    persons = audience.people({person for each in wanted.values() for person in each})
    return {key: [persons[one] for one in dict.fromkeys(each) if one in persons] for key, each in wanted.items()}


def _a_working_day(calendar: Calendar, deadline: date) -> int:
    """One working day of the organisation before a day, in calendar days."""
    before = worktime.add_working_days(calendar.hours(deadline.year), deadline, -1)
    return (deadline - before).days


@shared_task(name="governance.tasks.lapse_handovers")
def lapse_handovers() -> None:
    """Let hand-overs lapse that nobody answered in time, and plan the reminders of those that wait."""
    at = clock.now()
    with clock.alone(HANDOVERS) as mine:
        if mine:
            Handover.lapse(at)
            plan_handover_reminders(at)


def plan_handover_reminders(at: datetime) -> ledger.Planned:
    """Remind whoever is to take over, and their deputy; of what a leaver held and nobody is there to take, IT."""
    waiting = list(Handover.objects.current().select_related("person").order_by("pk"))
    people = _with_deputies({one.pk: [one.receiver_id] for one in waiting if one.receiver_id}, "handovers", at)
    keepers = list(audience.people(audience.in_role("it")).values())
    return ledger.plan(
        ANSWERED,
        [
            ledger.Subject(
                key=one.pk,
                number=one.number,
                text=str(one),
                deadline=one.expires_on,
                people=_asked(one, people.get(one.pk, []), keepers),
            )
            for one in waiting
        ],
        at,
    )


def _asked(handover: Handover, people: list[Any], keepers: list[Any]) -> list[Any]:
    if people:
        return people
    return keepers if handover.cause == Handover.Cause.LEAVING else []


@shared_task(name="governance.tasks.look_after_attestations")
def look_after_attestations() -> None:
    """Ask about what nobody verified for long, let lapse what nobody answered, and plan the reminders of the rest."""
    at = clock.now()
    with clock.alone(ATTESTATIONS) as mine:
        if mine:
            attest(at)


def attest(at: datetime) -> ledger.Planned:
    """The sweep: new questions by interval, lapsed ones, and the ledger in line with those that are open."""
    account = job_account()
    lapse(Attestation.objects.over(timezone.localdate(at)), by=account, at=at)
    by_interval(at, account)
    rows = Attestation.objects.open().select_related("system").order_by("pk")
    confidential = {one.pk for one in rows if one.system.confidential}
    people = _with_deputies({one.pk: [one.person_id] for one in rows}, "attestations", at, confidential)
    return ledger.plan(
        ATTESTATIONS,
        [
            ledger.Subject(key=one.pk, number=one.number, text=str(one), deadline=one.due_on, people=people[one.pk])
            for one in rows
            if people[one.pk]
        ],
        at,
    )


@shared_task(name="governance.tasks.sweep_gaps")
def sweep_gaps() -> None:
    """Open and close the gaps of ownership."""
    Gap.sweep(clock.now())


@shared_task(name="governance.tasks.remind_of_closing_plans")
def remind_of_closing_plans() -> None:
    """Plan the reminders of closing plans whose day comes near."""
    at = clock.now()
    with clock.alone(CLOSING) as mine:
        if mine:
            plan_closing_reminders(at)


def plan_closing_reminders(at: datetime) -> ledger.Planned:
    """Remind the owner of each open plan; of what nobody owns, or whose owner is gone, IT. Three statements more."""
    rows = list(ClosingPlan.objects.open().order_by("pk"))
    persons = audience.people({one.owner_id for one in rows if one.owner_id})
    keepers = list(audience.people(audience.in_role("it")).values())
    return ledger.plan(
        CLOSING,
        [
            ledger.Subject(
                key=one.pk,
                number=one.number,
                text=one.name,
                deadline=one.due_on,
                people=[persons[one.owner_id]] if one.owner_id in persons else keepers,
                note=f"{one.size - one.closed} of {one.size} gaps are open.",
            )
            for one in rows
        ],
        at,
    )


@shared_task(name="governance.tasks.expire_competencies")
def expire_competencies() -> None:
    """Mark what was said of skills more than twelve months ago."""
    at = clock.now()
    with clock.alone(COMPETENCIES) as mine:
        if mine:
            competency.expire(at, job_account())
