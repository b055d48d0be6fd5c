"""Four people name one another as deputies at the same moment: the circle is never closed."""

import os
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from governance import periods
from governance.models import StandIn
from martech.accounts.models import User
from tests.conftest import person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 100 if os.environ.get("FULL") else 10


@pytest.mark.parametrize("size", [2, 3, 4])
def test_a_circle_of_deputies_is_never_closed(size, cast):
    today = timezone.localdate()
    for number in range(ROUNDS):
        people = [person("member", f"Person{n}", f"p{number}-{n}@cast.example") for n in range(size)]
        told = _all_at_once([(one, people[(place + 1) % size]) for place, one in enumerate(people)])
        kept = [one.period for one in StandIn.objects.valid(today).filter(person__in=people)]
        assert sorted(told) == ["kept"] * (size - 1) + ["refused"]
        assert all(periods.circle([two for two in kept if two != one], one) == () for one in kept)


def test_exactly_one_of_eight_deputies_is_named(cast):
    for number in range(ROUNDS):
        away = person("member", "Away", f"away{number}@cast.example")
        others = [person("member", f"Person{n}", f"o{number}-{n}@cast.example") for n in range(8)]
        told = _all_at_once([(away, one) for one in others])
        assert (StandIn.objects.filter(person=away).count(), sorted(told)) == (1, ["kept"] + ["refused"] * 7)


def _all_at_once(tries: list[tuple[User, User]]) -> list[str]:
    told: list[str] = []
    ready = threading.Barrier(len(tries))

    def run(away: User, deputy: User) -> None:
        try:
            ready.wait()
            StandIn.add(by=away, person=away, deputy=deputy, to_on=timezone.localdate())
            told.append("kept")
        except ValidationError:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
