"""A name is held by one transaction at a time."""

from threading import Event, Thread

import pytest
from django.db import connections, transaction

from martech import turns

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_name_is_another_s_until_they_are_done_and_other_names_are_free():
    held, done, told = Event(), Event(), []

    def first():
        with transaction.atomic():
            told.append(turns.hold("sync:erp"))
            held.set()
            done.wait(5)
        connections.close_all()

    thread = Thread(target=first)
    thread.start()
    held.wait(5)
    with transaction.atomic():
        told += [turns.hold("sync:erp", wait=False), turns.hold("sync:crm", wait=False)]
    done.set()
    thread.join(5)
    with transaction.atomic():
        told.append(turns.hold("sync:erp", wait=False))
    assert told == [True, False, True, True]
