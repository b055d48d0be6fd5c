"""A letter is given while its holder leaves; two people decide one hand-over at once."""

import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from governance.models import Activity, Assignment, Handover
from inventory.models import System
from martech.accounts.models import User
from martech.errors import Refused
from tests.conftest import person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


def at_once(*acts):
    told: list[str] = []
    ready = threading.Barrier(len(acts))

    def run(act) -> None:
        try:
            ready.wait()
            act()
            told.append("done")
        except (Refused, ValidationError):
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def take_over(key, by) -> None:
    Handover.objects.get(pk=key).take_over(by=by)


def test_nobody_who_left_keeps_a_letter(cast):
    step = Activity.add(by=cast.it, name="Rehearse", code="rehearse", phase="implement")
    mail, ada = System.add(by=cast.it, name="Mail"), cast.administrator
    for number in range(ROUNDS):
        leaver = person("member", f"Leaver{number}", f"leaver{number}@cast.example")
        at_once(
            lambda one=leaver: Assignment.add(by=cast.it, system=mail, activity=step, person=one, letter="R"),
            lambda one=leaver: User.objects.get(pk=one.pk).retire(by=ada),
        )
        assert list(Assignment.objects.filter(person=leaver, retired_at=None)) == []


def test_a_hand_over_is_carried_out_once(cast):
    for number in range(ROUNDS):
        leaver = person("member", f"Giver{number}", f"giver{number}@cast.example")
        System.add(by=cast.it, name=f"Mail {number}", business_owner=leaver)
        made = Handover.add(by=cast.it, person=leaver, receiver=cast.marketing_ops)
        told = at_once(*[partial(take_over, made.pk, cast.marketing_ops)] * 2)
        assert told == ["done", "refused"]


def test_nobody_who_left_owns_a_system(cast):
    ada = cast.administrator
    for number in range(ROUNDS):
        leaver = person("member", f"Owner{number}", f"owner{number}@cast.example")
        mail = System.add(by=cast.it, name=f"Mail {number}")
        at_once(
            lambda one=leaver, it=mail: it.change(by=cast.it, business_owner=one),
            lambda one=leaver: User.objects.get(pk=one.pk).retire(by=ada),
        )
        mail.refresh_from_db()
        held = Handover.objects.filter(person=leaver, items__key=mail.pk).count()
        assert (mail.business_owner_id, held) in {(None, 0), (leaver.pk, 1)}
