"""A contract that covers something its reader may not see: it is not named, not lost, and no contract is told twice."""

import json
from datetime import date
from threading import Thread

import pytest
from django.db import connections, transaction
from django.test import Client

from inventory.models import Contract, System, Vendor
from martech.accounts.models import Token
from martech.bulk import Bulk, Row
from tests.conftest import person
from tests.inventory.test_contract import YEAR
from tests.inventory.test_record_pages import signed_in

SECRET = "Zebrafish"


@pytest.fixture
def deal(mona, ivan):
    """A contract of Paul's that covers two systems of Olga's and a confidential one that neither may see."""
    paul, olga = person("member", "Paul Plain"), person("member", "Olga Owner")
    vendor = Vendor.add(by=ivan, name="Acme")
    secret = System.add(by=mona, name=SECRET, business_owner=ivan)
    mail, web = (System.add(by=mona, name=name, business_owner=olga) for name in ("Mail", "Web"))
    made = Contract.add(by=mona, name="Rooms", vendor=vendor, systems=[secret, mail, web], owner=paul, **YEAR)
    for number in range(3):
        Contract.add(by=mona, name=f"Plain {number}", vendor=vendor, systems=[mail, web], owner=paul, **YEAR)
    secret.change(by=ivan, confidential=True)
    made.refresh_from_db()
    return made, paul, olga


def program(who):
    return Client(headers={"Authorization": f"Bearer {Token.add(by=who, name='ERP', write=True).secret}"})


def told(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()


@pytest.mark.django_db
@pytest.mark.parametrize("reader", [1, 2])
def test_what_it_covers_is_named_as_far_as_the_reader_sees_it(deal, reader):
    made, secret = deal[0], System.objects.get(name=SECRET)
    page, rest = signed_in(deal[reader]), program(deal[reader])
    pages = (f"{made.pk}/", f"{made.pk}/change/", "?columns=name,systems", "export/csv/?columns=name,systems")
    for address in pages:
        shown = told(page.get(f"/inventory/contracts/{address}"))
        assert ("Rooms" in shown or "change" in address, SECRET in shown) == (True, False), address
    row = rest.get(f"/api/v1/contracts/{made.pk}/").json()
    assert (row["systems_names"], secret.pk in row["systems"]) == (["Mail", "Web"], False)
    assert told(rest.get("/api/v1/contracts/?format=csv&fields=name,systems&q=rooms")).count("SYS-") == 2
    for asked in (secret.pk, f"SYS-{secret.pk}", 999_999):
        assert rest.get(f"/api/v1/contracts/?systems={asked}").json()["count"] == 0


@pytest.mark.django_db
def test_whoever_sees_all_of_it_is_told_all_of_it(deal, cast):
    row = program(cast.auditor).get(f"/api/v1/contracts/{deal[0].pk}/").json()
    assert row["systems_names"] == ["Mail", "Web", SECRET]


@pytest.mark.django_db
def test_what_is_not_seen_stays_whichever_door_sets_the_list(deal):
    made, paul, _ = deal
    mail, web, secret = (System.objects.get(name=name) for name in ("Mail", "Web", SECRET))

    def covered():
        made.refresh_from_db()
        return sorted(made.systems.values_list("name", flat=True)), made.confidential

    body = json.dumps({"systems": [mail.pk]})
    answer = program(paul).patch(f"/api/v1/contracts/{made.pk}/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["systems"], covered()) == (200, [mail.pk], (["Mail", SECRET], True))
    body = json.dumps({"systems": [secret.pk]})
    answer = program(paul).patch(f"/api/v1/contracts/{made.pk}/", body, content_type="application/json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["systems"])
    Bulk(Contract, by=paul).run([Row({"systems": [web.pk]}, key=made.pk)])
    assert covered() == (["Web", SECRET], True)
    desk, form = signed_in(paul), {"key": made.pk, "field": "systems", "systems": [mail.pk]}
    for mode, then in (("set", ["Mail", SECRET]), ("add", ["Mail", SECRET]), ("clear", [SECRET])):
        made.refresh_from_db()
        asked = {**form, "mode": mode}
        assert SECRET not in told(desk.post("/inventory/contracts/bulk/", asked))
        desk.post("/inventory/contracts/bulk/", {**asked, "confirm": "1", f"version-{made.pk}": made.version})
        assert covered() == (then, True), mode


@pytest.mark.django_db
def test_a_contract_of_several_systems_is_told_once(deal, cast):
    for reader in (deal[1], cast.auditor):
        rest = program(reader)
        both = ",".join(str(one.pk) for one in System.objects.filter(name__in=("Mail", "Web")))
        for asked in ("", f"&systems={both}", "&systems__isnull=false"):
            found = rest.get(f"/api/v1/contracts/?limit=3{asked}").json()
            again = rest.get(f"/api/v1/contracts/?limit=3&offset=3{asked}").json()
            keys = [row["id"] for row in (*found["results"], *again["results"])]
            assert (found["count"], len(keys), len(set(keys))) == (4, 4, 4), (reader, asked)
        assert told(rest.get("/api/v1/contracts/?format=csv&fields=name")).split("\r\n").count("Rooms") == 1
        assert rest.get("/api/v1/contracts/?systems=-").json()["count"] == 0


@pytest.mark.django_db
def test_ticks_of_a_page_drawn_while_systems_were_few_are_read_when_they_are_many(mona, monkeypatch):
    monkeypatch.setattr("martech.web.forms.SHORT", 2)
    systems = [System.add(by=mona, name=f"S{number}") for number in range(3)]
    made = Contract.add(by=mona, name="Rooms", systems=systems)
    form = {
        "name": "Rooms",
        "renewal_mode": "none",
        "notice_unit": "months",
        "mail_buffer_days": "0",
        "version": made.version,
    }
    ticked = {**form, "systems": [one.pk for one in systems[:2]]}
    assert signed_in(mona).post(f"/inventory/contracts/{made.pk}/change/", ticked).status_code == 302
    assert sorted(made.systems.values_list("name", flat=True)) == ["S0", "S1"]


@pytest.mark.django_db
def test_what_is_known_nowhere_else_can_be_asked_for(deal):
    rest = program(deal[1])
    assert [rest.get(f"/api/v1/contracts/?external_id={asked}").status_code for asked in ("-", "erp:1")] == [200, 200]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("last", ["contract", "system"])
def test_a_contract_and_its_system_that_change_at_one_instant_end_alike(mona, ivan, last):
    secret = System.add(by=mona, name=SECRET, business_owner=ivan)
    made = Contract.add(by=mona, name="Rooms", start_on=date(2026, 1, 1), initial_months=12)
    acts = {
        "contract": lambda: made.change(by=mona, systems=[secret]),
        "system": lambda: secret.change(by=ivan, confidential=True),
    }
    first = next(name for name in acts if name != last)

    def beside():
        try:
            with transaction.atomic():
                acts[first]()
        finally:
            connections.close_all()

    with transaction.atomic():
        acts[last]()
        other = Thread(target=beside)
        other.start()
        other.join(2)
    other.join(20)
    made.refresh_from_db()
    assert (made.confidential, list(made.systems.values_list("name", flat=True))) == (True, [SECRET])
