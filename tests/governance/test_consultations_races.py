"""Two answer at once, and somebody acts at the moment the time passes: one after the other, nothing lost."""

import threading
from datetime import date, datetime

import pytest
from django.db import connection
from django.utils import timezone

from governance import tasks
from governance.models import Activity, Assignment, Consultation
from inventory.models import System
from martech.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MONDAY = timezone.make_aware(datetime(2026, 11, 23, 12))
AFTER = timezone.make_aware(datetime(2026, 11, 26, 0, 0))
ROUNDS = 10


@pytest.fixture
def operate(ivan):
    return Activity.objects.filter(code="operate").first() or Activity.add(
        by=ivan, name="Operate", code="operate", phase="operate"
    )


def put(cast, operate, number):
    till = System.add(by=cast.it, name=f"Till {number}", business_owner=cast.it, criticality="critical")
    for one in (cast.member, cast.legal):
        Assignment.add(by=cast.it, system=till, activity=operate, person=one, letter="C", from_on=date(2026, 1, 1))
    fields = {"verb": "change", "business_owner": cast.finance, "reason": "Ivan moves on."}
    return till, Consultation.add(by=cast.it, at=MONDAY, system=till, **fields)


def at_once(*acts):
    ready, refused = threading.Barrier(len(acts)), []

    def run(act):
        try:
            ready.wait()
            act()
        except Refused as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def test_two_who_answer_at_once_are_both_heard(cast, operate):
    for number in range(ROUNDS):
        _, asked = put(cast, operate, number)
        one, other = (Consultation.objects.get(pk=asked.pk) for _ in range(2))
        refused = at_once(
            lambda one=one: one.agree(by=cast.member, at=MONDAY),
            lambda other=other: other.agree(by=cast.legal, at=MONDAY),
        )
        asked.refresh_from_db()
        assert (refused, asked.status, asked.opinions.filter(answer="agrees").count()) == ([], "clear", 2)


def test_an_objection_and_the_last_agreement_end_as_an_objection(cast, operate):
    for number in range(ROUNDS):
        _, asked = put(cast, operate, number)
        one, other = (Consultation.objects.get(pk=asked.pk) for _ in range(2))
        at_once(
            lambda one=one: one.object(by=cast.member, note="No.", at=MONDAY),
            lambda other=other: other.agree(by=cast.legal, at=MONDAY),
        )
        asked.refresh_from_db()
        assert asked.status == "objected"


def test_the_act_and_the_end_of_the_time_do_not_hinder_each_other(cast, operate):
    for number in range(ROUNDS):
        till, asked = put(cast, operate, number)
        refused = at_once(
            lambda till=till: till.change(by=cast.it, at=AFTER, business_owner=cast.finance),
            lambda: tasks.close_consultations(AFTER),
            lambda: tasks.close_consultations(AFTER),
        )
        till.refresh_from_db()
        asked.refresh_from_db()
        assert (refused, till.business_owner, asked.status) == ([], cast.finance, "clear")
        assert asked.opinions.filter(answer="silent").count() == 2
