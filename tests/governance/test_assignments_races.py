"""Eight people make somebody accountable at the same moment; the database lets one through."""

import os
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import User
from martech.errors import Stale
from tests.conftest import person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 100 if os.environ.get("FULL") else 10


def test_exactly_one_of_eight_becomes_accountable(cast):
    ivan = cast.it
    step = Activity.add(by=ivan, name="Rehearse", code="rehearse", phase="implement")
    people = [person("it", f"Person{n}", f"p{n}@cast.example") for n in range(8)]
    for number in range(ROUNDS):
        mail = System.add(by=ivan, name=f"Mail {number}")
        told = _all_at_once([(someone, mail.pk, step.pk) for someone in people])
        kept = list(Assignment.objects.filter(system=mail, letter="A").values_list("person", flat=True))
        assert (len(kept), sorted(told.values())) == (1, ["kept"] + ["refused"] * 7)
        assert told[kept[0]] == "kept"


def test_of_two_who_saw_the_same_cell_one_is_told(cast):
    ivan = cast.it
    step = Activity.add(by=ivan, name="Rehearse", code="rehearse", phase="implement")
    cell = (step.pk, f"person-{ivan.pk}")
    for number in range(ROUNDS):
        mail = System.add(by=ivan, name=f"Mail {number}")
        told = _arranged_at_once(mail, cell, {"R": ivan, "C": cast.marketing_ops})
        held = list(Assignment.objects.filter(system=mail).values_list("letter", flat=True))
        assert sorted(told.values()) == ["kept", "stale"]
        assert [told[letter] for letter in held] == ["kept"]


def _arranged_at_once(mail, cell, wishes):
    told: dict[str, str] = {}
    ready = threading.Barrier(len(wishes))

    def run(letter: str, someone: User) -> None:
        try:
            ready.wait()
            Assignment.arrange(mail, {cell: letter}, by=someone, seen={cell: ""})
            told[letter] = "kept"
        except Stale:
            told[letter] = "stale"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=wish) for wish in wishes.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _all_at_once(tries):
    told: dict[int, str] = {}
    ready = threading.Barrier(len(tries))

    def run(someone: User, system: int, step: int) -> None:
        try:
            ready.wait()
            Assignment.add(by=someone, system=system, activity=step, person=someone, letter="A")
            told[someone.pk] = "kept"
        except ValidationError:
            told[someone.pk] = "refused"
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
