"""The ledger of reminders: each step once, the most urgent after an outage, none once the matter is settled."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Assurance, Vendor
from martech.calendars.models import Calendar
from martech.notifications import audience, deliver, ledger
from martech.notifications.models import Channel, Delivery, Notice, Preference, Reminder

pytestmark = pytest.mark.django_db
TOPIC = "inventory.assurance.expiry"
NOON = timedelta(hours=12)


def day(text: str, clock: str = "12:00") -> datetime:
    return datetime.fromisoformat(f"{text}T{clock}:00+00:00")


START = day("2026-03-02")
DEADLINE = date(2026, 5, 20)  # a Wednesday


@pytest.fixture
def dpa(mona, mia):
    acme = Vendor.add(by=mona, name="Acme", relationship_owner=mia, at=START)
    return Assurance.add(by=mona, name="Acme DPA", kind="dpa", vendor=acme, expires_on=DEADLINE, at=START)


def subject(dpa, *keys, deadline=DEADLINE, **fields):
    people = audience.people(keys)
    return ledger.Subject(
        key=dpa.pk, number=dpa.number, text=dpa.name, deadline=deadline, people=[people[key] for key in keys], **fields
    )


def ledger_rows(**filters):
    rows = Reminder.objects.filter(channel=Channel.INBOX, **filters).order_by("deadline", "person", "-step")
    return list(rows.values_list("step", "state"))


def inbox(person):
    return list(Notice.objects.filter(person=person, event=TOPIC).order_by("pk").values_list("sentence", flat=True))


def test_a_plan_has_one_row_a_step_at_the_opening_of_its_day(dpa, mia) -> None:
    assert ledger.plan(TOPIC, [subject(dpa, mia.pk)], START) == ledger.Planned(begun=6)
    assert list(Reminder.objects.order_by("-step").values_list("step", "due_at", "state")) == [
        (60, day("2026-03-23", "09:00"), "open"),  # 21 March is a Saturday
        (30, day("2026-04-20", "09:00"), "open"),
        (14, day("2026-05-06", "09:00"), "open"),
        (7, day("2026-05-13", "09:00"), "open"),
        (1, day("2026-05-19", "09:00"), "open"),
        (0, day("2026-05-20", "09:00"), "open"),
    ]


def test_a_step_on_a_free_day_does_not_move_beyond_the_deadline(dpa, mia) -> None:
    sunday = date(2026, 5, 24)
    ledger.plan(TOPIC, [subject(dpa, mia.pk, deadline=sunday, steps=(7, 1, 0))], START)
    assert list(Reminder.objects.order_by("-step").values_list("due_at", flat=True)) == [
        day("2026-05-18", "09:00"),
        day("2026-05-22", "09:00"),
        day("2026-05-22", "09:00"),
    ]


def test_a_step_falls_due_in_the_persons_own_hours(dpa, mia, ada) -> None:
    calendar = Calendar.add(
        by=ada, name="Singapore", time_zone="Asia/Singapore", weekly={"tuesday": [["10:00", "12:00"]]}
    )
    mia.change(by=ada, calendar=calendar)
    ledger.plan(TOPIC, [subject(dpa, mia.pk, steps=(7,))], START)
    assert Reminder.objects.get().due_at == day("2026-05-19", "02:00")


def test_planning_again_changes_nothing(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    assert ledger.plan(TOPIC, [subject(dpa, mia.pk)], START + NOON) == ledger.Planned()


def test_each_step_is_told_once_however_often_the_sweep_runs(dpa, mia) -> None:
    at, last = day("2026-03-02", "09:00"), day("2026-06-10")
    while at < last:
        ledger.plan(TOPIC, [subject(dpa, mia.pk)], at)
        for _ in range(3):
            ledger.sweep(at)
        at += timedelta(hours=8)
    assert inbox(mia) == [
        f"Acme DPA runs out {when}, on 20 May 2026."
        for when in ("in 58 days", "in 30 days", "in 14 days", "in 7 days", "tomorrow", "today")
    ]
    assert [state for _, state in ledger_rows()] == ["sent"] * 6


def test_on_time_nothing_is_said_of_lateness_and_late_it_is(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    ledger.sweep(day("2026-03-23", "09:00"))
    ledger.sweep(day("2026-04-20", "15:10"))
    ledger.sweep(day("2026-05-09"))
    assert inbox(mia) == [
        "Acme DPA runs out in 58 days, on 20 May 2026.",
        "Acme DPA runs out in 30 days, on 20 May 2026. (This reminder is late by 6 hours.)",
        "Acme DPA runs out in 11 days, on 20 May 2026. (This reminder is late by 3 days.)",
    ]


def test_after_an_outage_only_the_most_urgent_missed_step_is_told(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    assert ledger.sweep(day("2026-05-14")) == 1
    assert ledger_rows() == [(60, "skipped"), (30, "skipped"), (14, "skipped"), (7, "sent"), (1, "open"), (0, "open")]
    assert len(inbox(mia)) == 1


def test_what_is_logged_shortly_before_its_deadline_is_told_once_and_not_as_late(dpa, mia) -> None:
    at = day("2026-05-14")
    done = ledger.plan(TOPIC, [subject(dpa, mia.pk)], at)
    assert (done.begun, done.skipped) == (6, 3)
    ledger.sweep(at)
    assert inbox(mia) == ["Acme DPA runs out in 6 days, on 20 May 2026."]
    assert ledger_rows() == [(60, "skipped"), (30, "skipped"), (14, "skipped"), (7, "sent"), (1, "open"), (0, "open")]


def test_a_moved_deadline_begins_anew(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    ledger.sweep(day("2026-04-21"))
    later = date(2027, 5, 20)
    done = ledger.plan(TOPIC, [subject(dpa, mia.pk, deadline=later)], day("2026-04-22"))
    assert (done.begun, done.voided) == (6, 4)
    assert ledger_rows(deadline=DEADLINE)[2:] == [(14, "void"), (7, "void"), (1, "void"), (0, "void")]
    assert ledger.sweep(day("2026-05-20")) == 0
    assert ledger.sweep(day("2027-03-22")) == 1


def test_a_deadline_moved_back_again_goes_on_where_it_was(dpa, mia) -> None:
    for at, deadline in ((START, DEADLINE), (START + NOON, date(2027, 5, 20)), (START + 2 * NOON, DEADLINE)):
        done = ledger.plan(TOPIC, [subject(dpa, mia.pk, deadline=deadline)], at)
    assert (done.begun, done.reopened, done.voided) == (0, 6, 6)


def test_somebody_who_takes_over_is_told_the_most_urgent_step_and_not_as_late(dpa, mia, ivan) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    ledger.sweep(day("2026-04-21"))
    at = day("2026-05-01")
    ledger.plan(TOPIC, [subject(dpa, ivan.pk)], at)
    ledger.sweep(at)
    assert inbox(ivan) == ["Acme DPA runs out in 19 days, on 20 May 2026."]
    ledger.sweep(day("2026-05-20"))
    assert len(inbox(mia)) == 1


def test_acknowledging_ends_it_at_once(dpa, mia, mona) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    dpa.acknowledge(by=mia, at=START + NOON)
    assert [state for _, state in ledger_rows()] == ["void"] * 6
    assert set(Reminder.objects.values_list("reason", flat=True)) == {"acknowledge: Mia Member"}
    assert ledger.sweep(day("2026-05-20")) == 0


def test_renewing_retiring_and_a_changed_date_end_it_at_once(mona, mia) -> None:
    for verb, fields in (
        ("renew", {"expires_on": date(2027, 5, 20)}),
        ("retire", {}),
        ("change", {"expires_on": date(2026, 6, 1)}),
    ):
        vendor = Vendor.add(by=mona, name=f"Vendor {verb}", relationship_owner=mia)
        dpa = Assurance.add(by=mona, name=verb, kind="dpa", vendor=vendor, expires_on=DEADLINE)
        ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
        getattr(dpa, verb)(by=mona, **fields)
        assert [state for _, state in ledger_rows(key=dpa.pk)] == ["void"] * 6, verb


def test_a_change_of_something_else_ends_nothing(dpa, mia, mona) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    dpa.change(by=mona, reference="A-7")
    assert [state for _, state in ledger_rows()] == ["open"] * 6


def test_stopping_says_why(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    assert ledger.stop(TOPIC, [dpa.pk], "decision recorded", START) == 6
    assert ledger.acknowledge(TOPIC, dpa.pk, mia, START) == 0


def test_snoozing_holds_the_steps_before_a_day_and_keeps_the_deadline(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    until = date(2026, 5, 8)
    assert ledger.snooze(TOPIC, dpa.pk, mia, until, "waiting for legal", START) == 3
    assert ledger.sweep(day("2026-05-07")) == 0
    assert ledger.sweep(day("2026-05-08", "09:00")) == 1
    assert ledger_rows()[:3] == [(60, "skipped"), (30, "skipped"), (14, "sent")]
    with pytest.raises(ValidationError, match="Not later than the deadline, 20 May 2026"):
        ledger.snooze(TOPIC, dpa.pk, mia, date(2026, 5, 21), "", START)
    with pytest.raises(ValidationError, match="Choose a day to come"):
        ledger.snooze(TOPIC, dpa.pk, mia, START.date(), "", START)


def test_putting_a_notice_off_puts_its_further_steps_off_but_not_beyond_the_deadline(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    at = day("2026-05-06")
    ledger.sweep(at)
    notice = Notice.objects.select_related("reminder", "person__calendar").get(person=mia, event=TOPIC)
    with pytest.raises(ValidationError, match="Not later than the deadline"):
        notice.snooze(date(2026, 5, 21), at)
    notice.snooze(date(2026, 5, 18), at)
    assert Reminder.objects.get(step=7).due_at == notice.snoozed_until == day("2026-05-18", "09:00")
    assert Reminder.objects.get(step=1).due_at == day("2026-05-19", "09:00")


def test_somebody_who_left_or_may_not_see_it_is_not_told(dpa, mia, cast, ada) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk, cast.outsider.pk)], START)
    mia.retire(by=ada)
    assert ledger.sweep(day("2026-05-20")) == 0
    assert Reminder.objects.filter(state="void", reason="the person left or may not see the record").count() == 2
    assert not Notice.objects.filter(event=TOPIC).exists()


@pytest.mark.parametrize(
    ("choice", "handed_over", "due"),
    [("at_once", 1, day("2026-04-20", "09:00")), ("daily", 1, None), ("off", 0, None)],
)
def test_the_ledger_holds_what_went_to_the_outbox(dpa, mia, choice, handed_over, due) -> None:
    Preference.choose(mia, choice)
    ledger.plan(TOPIC, [subject(dpa, mia.pk, steps=(30,))], START)
    ledger.sweep(day("2026-04-20", "09:00"))
    assert Reminder.objects.filter(channel=Channel.EMAIL, state="sent").count() == handed_over
    assert Delivery.objects.values_list("due_at", flat=True).first() == due


def test_a_mail_of_a_reminder_is_held_to_working_hours(dpa, mia) -> None:
    Preference.choose(mia, "at_once")
    ledger.plan(TOPIC, [subject(dpa, mia.pk, steps=(30,))], START)
    ledger.sweep(day("2026-04-24", "22:00"))
    assert Delivery.objects.get().due_at == day("2026-04-27", "09:00")


def test_reminders_of_the_morning_are_in_the_mornings_digest(dpa, mia, mailoutbox) -> None:
    Notice.objects.all().delete()
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    at = day("2026-04-20", "09:00")
    ledger.sweep(at)
    assert deliver.gather(at) == 0
    at += timedelta(minutes=6)
    assert (deliver.gather(at), deliver.relay(at).sent) == (1, 1)
    assert mailoutbox[0].subject.startswith("Acme DPA runs out in 30 days, on 20 May 2026.")
    assert mailoutbox[0].body.startswith("Deadlines\n\n- Acme DPA runs out in 30 days, on 20 May 2026.")


def test_the_statements_of_a_batch_and_of_a_plan_do_not_grow(mona, mia, ivan, cast) -> None:
    vendor = Vendor.add(by=mona, name="Acme", relationship_owner=mia)
    for choice, person in (("at_once", mia), ("daily", ivan), ("off", cast.legal)):
        Preference.choose(person, choice)
    sweeps, plans, offset = [], [], 0
    for several in (2, 8):
        rows = [
            Assurance.add(by=mona, name=f"A{offset + n}", kind="dpa", vendor=vendor, expires_on=DEADLINE)
            for n in range(several)
        ]
        offset += several
        subjects = [subject(row, mia.pk, ivan.pk, cast.legal.pk, steps=(30, 14)) for row in rows]
        with CaptureQueriesContext(connection) as queries:
            ledger.plan(TOPIC, subjects, START)
        plans.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            assert ledger.sweep_batch(day("2026-05-07")) == (several * 6, several * 3)
        sweeps.append(len(queries))
    assert plans[0] == plans[1]
    assert sweeps[0] == sweeps[1]


def test_a_large_backlog_is_swept_batch_after_batch(dpa, cast, monkeypatch) -> None:
    monkeypatch.setattr(ledger, "BATCH", 4)
    everybody = [person.pk for _, person in cast if person.standing]
    ledger.plan(TOPIC, [subject(dpa, *everybody, steps=(14,))], START)
    assert ledger.sweep(day("2026-05-20")) == len(everybody) == 10
    assert not Reminder.objects.open().exists()


@pytest.mark.parametrize(
    ("days", "words"), [(30, "in 30 days"), (1, "tomorrow"), (0, "today"), (-1, "yesterday"), (-9, "9 days ago")]
)
def test_a_distance_in_words(days, words) -> None:
    assert ledger.when(DEADLINE, DEADLINE - timedelta(days=days)) == f"{words}, on 20 May 2026"


def test_the_oldest_due_row_is_the_lateness(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    assert ledger.oldest_due(START) == timedelta(0)
    assert ledger.oldest_due(day("2026-03-23", "10:30")) == timedelta(hours=1, minutes=30)


def test_a_plan_is_the_whole_of_a_topic_in_utc(dpa, mia) -> None:
    ledger.plan(TOPIC, [subject(dpa, mia.pk)], START)
    assert ledger.plan(TOPIC, [], START + NOON).voided == 6
    assert {row.due_at.tzinfo for row in Reminder.objects.all()} == {UTC}


@pytest.mark.parametrize("deadline", [date.max, date.max - timedelta(days=1), date.min])
def test_the_first_and_the_last_day_there_is_stop_nothing(dpa, mia, deadline) -> None:
    other = subject(dpa, mia.pk)
    far = ledger.Subject(key=dpa.pk + 1, number="ASR-0", text="Far", deadline=deadline, people=other.people)
    ledger.plan(TOPIC, [far, other], START)
    assert ledger_rows(key=dpa.pk) == [(step, "open") for step in (60, 30, 14, 7, 1, 0)]
    states = [] if deadline > DEADLINE else ["skipped"] * 5 + ["open"]
    assert [state for _, state in ledger_rows(key=far.key)] == states


def test_what_is_years_away_is_planned_when_it_is_nearer(dpa, mia) -> None:
    far = subject(dpa, mia.pk, deadline=date(2037, 5, 20))
    assert (ledger.plan(TOPIC, [far], START), ledger_rows()) == (ledger.Planned(), [])
    ledger.plan(TOPIC, [far], day("2027-04-01"))
    assert [step for step, _ in ledger_rows()] == [60]
    ledger.plan(TOPIC, [far], day("2028-03-01"))
    assert [step for step, _ in ledger_rows()] == [60, 30, 14, 7, 1, 0]
