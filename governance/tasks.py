"""Governance's jobs: sweeps over rows, short and repeatable."""

from datetime import date, datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from governance.models import Attestation, Consultation, Gap, Handover, Opinion
from governance.models.attestation import by_interval, lapse
from martech import worktime
from martech.accounts.models import job_account
from martech.calendars.models import Calendar, organisation
from martech.notifications import audience, clock, ledger

TOPIC = "governance.consultation.answer"
HANDOVERS, ANSWERED = "governance.handover.lapse", "governance.handover.answer"
ATTESTATIONS = "governance.attestation.due"


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
    persons = audience.people({person for each in waiting.values() for person in each})
    return ledger.plan(
        TOPIC,
        [
            ledger.Subject(
                key=one.pk,
                number=one.number,
                text=str(one),
                deadline=one.answer_by_on,
                people=[persons[key] for key in waiting[one.pk] if key in persons],
                steps=(_a_working_day(calendar, one.answer_by_on),),
            )
            for one in running.order_by("pk")
            if one.pk in waiting
        ],
        at,
    )


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
    """Remind whoever is to take over; of what a leaver held and nobody is there to take, IT. Three statements more."""
    waiting = list(Handover.objects.current().select_related("person").order_by("pk"))
    persons = audience.people({one.receiver_id for one in waiting if one.receiver_id})
    keepers = list(audience.people(audience.in_role("it")).values())
    return ledger.plan(
        ANSWERED,
        [
            ledger.Subject(
                key=one.pk,
                number=one.number,
                text=str(one),
                deadline=one.expires_on,
                people=_asked(one, persons, keepers),
            )
            for one in waiting
        ],
        at,
    )


def _asked(handover: Handover, persons: dict[Any, Any], keepers: list[Any]) -> list[Any]:
    if handover.receiver_id in persons:
        return [persons[handover.receiver_id]]
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
    persons = audience.people({one.person_id for one in rows})
    return ledger.plan(
        ATTESTATIONS,
        [
            ledger.Subject(
                key=one.pk, number=one.number, text=str(one), deadline=one.due_on, people=[persons[one.person_id]]
            )
            for one in rows
            if one.person_id in persons
        ],
        at,
    )


@shared_task(name="governance.tasks.sweep_gaps")
def sweep_gaps() -> None:
    """Open and close the gaps of ownership."""
    Gap.sweep(clock.now())
