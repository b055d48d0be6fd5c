"""Several sweeps, plans and relays at once, on PostgreSQL: each reminder and each message is taken by one of them."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from inventory.models import Assurance, Vendor
from martech.notifications import audience, clock, deliver, ledger
from martech.notifications.models import Channel, Delivery, Heartbeat, Notice, Preference, Reminder

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
TOPIC = "inventory.assurance.expiry"
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DEADLINE = date(2026, 5, 20)
LATER = datetime(2026, 5, 7, 9, 0, tzinfo=UTC)


def at_once(several: int, work: Callable[[int], Any]) -> list[Any]:
    """The answers of so many threads that begin together; what one raises fails the test."""
    gate, answers = Barrier(several), []

    def run(number: int) -> None:
        try:
            gate.wait(10)
            answers.append(work(number))
        except BaseException as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(several)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer for answer in answers if isinstance(answer, BaseException)] == []
    return answers


@pytest.fixture
def subjects(mona, mia, ivan):
    vendor = Vendor.add(by=mona, name="Acme")
    rows = [
        Assurance.add(by=mona, name=f"A{n}", kind="dpa", vendor=vendor, expires_on=DEADLINE, at=START)
        for n in range(60)
    ]
    people = list(audience.people([mia.pk, ivan.pk]).values())
    Notice.objects.all().delete()
    return [
        ledger.Subject(key=row.pk, number=row.number, text=row.name, deadline=DEADLINE, people=people) for row in rows
    ]


def test_three_sweeps_at_once_tell_each_reminder_once(subjects) -> None:
    ledger.plan(TOPIC, subjects, START)

    def sweep(_number: int) -> int:
        told = 0
        while True:
            taken, sent = ledger.sweep_batch(LATER, most=7)
            told += sent
            if not taken:
                return told

    assert sum(at_once(3, sweep)) == 120
    told = Counter(Notice.objects.values_list("person", "key"))
    assert (len(told), set(told.values())) == (120, {1})
    assert Counter(Reminder.objects.filter(channel=Channel.INBOX).values_list("step", "state")) == {
        (60, "skipped"): 120,
        (30, "skipped"): 120,
        (14, "sent"): 120,
        (7, "open"): 120,
        (1, "open"): 120,
        (0, "open"): 120,
    }


def test_plans_at_once_begin_each_row_once(subjects) -> None:
    at_once(3, lambda _number: ledger.plan(TOPIC, subjects, START))
    assert Reminder.objects.count() == 720


def test_only_one_of_several_planners_works(subjects) -> None:
    def plan(_number: int) -> bool:
        with clock.alone(TOPIC) as mine:
            if mine:
                ledger.plan(TOPIC, subjects, START)
        return mine

    assert True in at_once(3, plan)
    assert Reminder.objects.count() == 720


def test_a_sweep_and_an_acknowledgement_at_once_agree(subjects, mia) -> None:
    ledger.plan(TOPIC, subjects, START)
    keys = [subject.key for subject in subjects]

    def work(number: int) -> None:
        if number:
            ledger.sweep(LATER)
        else:
            ledger.stop(TOPIC, keys, "settled", LATER)

    at_once(3, work)
    sent = Reminder.objects.filter(channel=Channel.INBOX, state="sent").count()
    assert Notice.objects.count() == sent
    assert not Reminder.objects.open().exists()


def test_relays_at_once_take_each_message_once(mia) -> None:
    Delivery.objects.bulk_create(
        Delivery(channel=Channel.EMAIL, person=mia, due_at=START + timedelta(seconds=n)) for n in range(90)
    )
    leases = at_once(3, lambda _number: [row.pk for _ in range(3) for row in deliver.lease(LATER)])
    taken = [key for keys in leases for key in keys]
    assert len(taken) == len(set(taken))
    assert Delivery.objects.filter(state="leased", tries=1).count() == len(taken)


def test_digests_gathered_at_once_are_one_a_person_and_hold_everything(cast) -> None:
    people = [person for _, person in cast if person.standing]
    Notice.objects.bulk_create(
        Notice(person=person, event="x", sentence="x", at=START, mail_due_at=START)
        for person in people
        for _ in range(4)
    )
    assert sum(at_once(3, lambda _number: deliver.gather(LATER))) == len(people)
    assert Counter(Notice.objects.values_list("mail__person", flat=True)) == {person.pk: 4 for person in people}


def test_first_heartbeats_at_once_are_one_row() -> None:
    at_once(4, lambda number: clock.beat("sweep", LATER + timedelta(seconds=number)))
    assert Heartbeat.objects.count() == 1


def test_first_choices_at_once_are_one_row(mia) -> None:
    at_once(4, lambda number: Preference.choose(mia, "off" if number % 2 else "daily"))
    assert Preference.objects.count() == 1
