"""Two choose, or adopt, at the same moment: one of them is told, and what stands is whole."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from governance.models import Activity, Assignment, LetterProposal, ResourceAssessment, SourcingOption
from inventory.models import System
from martech.accounts.models import Function
from martech.errors import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 15


def at_once(*acts):
    """What each act was refused with; empty where it was done."""
    ready, told = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place, act):
        try:
            ready.wait()
            act()
        except (Refused, ValidationError) as error:
            told[place] = type(error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_of_two_ways_chosen_at_once_one_is_chosen(ivan):
    for number in range(ROUNDS):
        step = Activity.add(by=ivan, name=f"Rehearse {number}", code=f"rehearse_{number}", phase="plan")
        pair = [SourcingOption.add(by=ivan, name=name, activity=step, way="shared") for name in ("One", "Other")]
        told = at_once(*(lambda one=one: one.choose(by=ivan, note="Better.") for one in pair))
        assert told == ["", "ValidationError"]
        assert SourcingOption.objects.filter(activity=step, status="chosen").count() == 1


def test_a_letter_adopted_while_somebody_gives_it_is_given_once(ivan, ada, mona, cast):
    team = Function.add(by=ada, name="Sales", head=cast.legal)
    operate = Activity.objects.get(code="operate")
    for number in range(ROUNDS):
        till = System.add(by=ivan, name=f"Till {number}", owning_function=team, criticality="administrative")
    period = {"from_on": date(2027, 1, 1), "to_on": date(2027, 6, 30)}
    ResourceAssessment.add(by=ivan, function=team, **period).advise(by=ivan)
    for till in System.objects.order_by("pk"):
        proposal = LetterProposal.objects.get(system=till, activity=operate, letters="A")
        told = at_once(
            lambda one=proposal: one.adopt(by=mona),
            lambda one=till: Assignment.arrange(one, {(operate.pk, f"person-{cast.finance.pk}"): "A"}, by=ivan),
        )
        answering = Assignment.objects.filter(system=till, letter="A").valid(timezone.localdate())
        assert answering.count() == 1
        assert told in (["", ""], ["", "Refused"])
