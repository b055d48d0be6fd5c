"""Somebody follows the change feed while many write: nothing is missed, nothing comes twice, all of it in order."""

from threading import Event

import pytest
from django.db import connection
from django.test import Client

from inventory.models import Vendor
from martech.accounts.models import Token
from martech.audit import triggers
from martech.audit.models import Entry
from tests.martech.test_races import ROUNDS, THREADS, at_once
from tests.martech.test_trail_order import passed_over

FEED = "/api/v1/changes/"
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True), pytest.mark.unheard]


@pytest.fixture
def client(ivan):
    """A client of Ivan's."""
    return Client(headers={"Authorization": f"Bearer {Token.add(by=ivan, name='Copy').secret}"})


def following(client):
    """What is new each time one asks, as ids of entries."""
    place = [client.get(FEED, {"since": "now"}).json()["next"]]

    def read():
        answer = client.get(FEED, {"since": place[-1]}).json()
        place.append(answer["next"])
        return [one["id"] for one in answer["results"]]

    return read


def test_a_late_commit_is_not_passed_over_and_would_be_without_the_line(client, ivan):
    assert passed_over(ivan, following(client)) == set()
    for name in ("Late", "Early"):
        Vendor.objects.get(name=name).change(by=ivan, name=f"{name} once")
    triggers.unqueue(connection)
    try:
        assert len(passed_over(ivan, following(client))) == 1
    finally:
        triggers.queue(connection)


def test_a_client_that_polls_misses_nothing_and_sees_each_once_in_order(client, ivan):
    since = client.get(FEED, {"since": "now"}).json()["next"]
    start, seen, pages, over = Entry.objects.latest("pk").pk, [], [], Event()

    def poll():
        place = since
        while True:
            last = over.is_set()
            answer = client.get(FEED, {"since": place, "limit": 7}).json()
            seen.extend(one["id"] for one in answer["results"])
            pages.append(len(answer["results"]))
            place = answer["next"]
            if last and not answer["more"]:
                return

    writers = list(range(THREADS))

    def write(place):
        for number in range(ROUNDS):
            vendor = Vendor.add(by=ivan, name=f"V {place} {number}")
            vendor.remark(by=ivan, note="Said and not told")
            vendor.change(by=ivan, country="IE")
        writers.remove(place)
        if not writers:
            over.set()

    at_once(poll, *(lambda place=place: write(place) for place in range(THREADS)))
    kept = Entry.objects.filter(pk__gt=start).exclude(verb="remark").order_by("pk").values_list("pk", flat=True)
    assert seen == list(kept)
    assert len(seen) == 2 * ROUNDS * THREADS
    assert len(pages) > 1
