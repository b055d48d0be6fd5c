"""Abuse case 26: at most two exports at once for each person, whichever door and format, and a place is given back."""

import socket
import time
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from inventory.models import Vendor
from martech import export
from martech.accounts.models import Token
from martech.exporting import in_turn
from tests.house.attacks import signed_in

pytestmark = pytest.mark.django_db
PAGES = ("/inventory/vendors/export/csv/", "/inventory/vendors/export/xlsx/")
REST = ("/api/v1/vendors/?format=csv", "/api/v1/vendors/?format=xlsx")


@pytest.mark.parametrize("running", [PAGES, REST, (PAGES[0], REST[1])])
def test_case_26_the_third_export_is_refused_until_one_has_ended(ivan, mona, running):
    client = signed_in(ivan)
    first, second = (client.get(address) for address in running)
    assert (first.status_code, second.status_code) == (200, 200)
    page, rest = client.get(PAGES[0]), client.get(REST[0])
    assert (page.status_code, rest.status_code) == (429, 429)
    assert b"2 of your exports are running" in page.content
    assert (rest["Content-Type"], rest["Retry-After"], rest.json()["type"]) == (
        "application/problem+json",
        "5",
        "/problems/too-many",
    )
    assert signed_in(mona).get(PAGES[0]).status_code == 200, "others have places of their own"
    b"".join(first.streaming_content)
    assert client.get(REST[0]).status_code == 200


def test_an_export_that_fails_gives_its_place_back(ivan):
    def fail():
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            in_turn(ivan, fail)
    assert [signed_in(ivan).get(address).status_code for address in PAGES] == [200, 200]


def test_a_place_that_was_lost_and_taken_by_another_is_not_given_away(ivan):
    client = signed_in(ivan)
    slow = client.get(PAGES[0])
    cache.clear()  # as after ten minutes
    held = [client.get(address) for address in PAGES]
    b"".join(slow.streaming_content)
    assert [answer.status_code for answer in held] == [200, 200]
    assert client.get(PAGES[0]).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_case_26_a_client_that_goes_away_gives_its_place_back(ivan, live_server):
    """Both read a little of a long answer and then hang up, without a word."""
    secret = Token.add(by=ivan, name="ERP").secret
    Vendor.objects.bulk_create(
        Vendor(name=f"Vendor {number}", name_key=f"vendor {number}", description="long " * 2000)
        for number in range(2500)
    )
    there = urlsplit(live_server.url)
    asked = f"GET {REST[0]} HTTP/1.1\r\nHost: {there.netloc}\r\nAuthorization: Bearer {secret}\r\n\r\n".encode()

    def third():
        return Client().get(f"{REST[0]}&limit=1", headers={"Authorization": f"Bearer {secret}"}).status_code

    lines = [socket.create_connection((there.hostname, there.port)) for _ in range(2)]
    for line in lines:
        line.sendall(asked)
        assert line.recv(64).startswith(b"HTTP/1.1 200")
    assert third() == 429
    for line in lines:
        line.close()
    until = time.monotonic() + 20
    while (status := third()) == 429 and time.monotonic() < until:
        time.sleep(0.1)
    assert status == 200


@pytest.mark.parametrize("taken", [1, 2, 3])
def test_whoever_stops_reading_leaves_the_connection_as_it_was(mona, monkeypatch, taken):
    monkeypatch.setattr(export, "CHUNK", 2)
    for number in range(5):
        Vendor.add(by=mona, name=f"Vendor {number}")
    told = export.as_csv(Vendor, Vendor.objects.all(), ("name",), mona)
    assert len([next(told) for _ in range(taken)]) == taken
    told.close()
    assert (Vendor.objects.count(), connection.allow_thread_sharing) == (5, False)
    whole = b"".join(export.as_csv(Vendor, Vendor.objects.all(), ("name",), mona)).decode().split()
    assert whole == ["name", *(word for number in range(5) for word in ("Vendor", str(number)))]
