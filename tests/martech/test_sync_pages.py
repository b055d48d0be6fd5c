"""The pages of syncs: what people decide there, and what they are not shown."""

import re

import pytest
from django.test import Client

from inventory.models import System, Vendor
from martech.sync.models import SyncRun

pytestmark = pytest.mark.django_db


def window(person):
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def send(by, items, model=Vendor):
    return SyncRun.take(model, by=by, source="Ledger", items=items)[0]


def test_a_person_says_which_record_an_item_is_and_takes_a_value(ivan, mona):
    acme = Vendor.add(by=mona, name="Acme", website="https://acme.example", country="IE")
    run = send(ivan, [{"external_id": "7", "name": "Acme Ltd", "website": "https://www.acme.example", "country": "DE"}])
    desk, page = window(mona), f"/sync-runs/{run.pk}/"
    shown = words(desk.get(page))
    assert "Acme Ltd 7" in shown
    assert f"{acme.number}, is at acme.example, too" in shown

    answer = desk.post(f"{page}settle/", {"external_id": "7", "same_as": acme.number}, follow=True)
    assert answer.redirect_chain == [(f"{page}#matches", 302)]
    assert f"It is {acme.number}" in words(answer)

    run = send(ivan, [{"external_id": "7", "name": "Acme Ltd", "country": "DE"}])
    page = f"/sync-runs/{run.pk}/"
    assert "Country IE DE a person Take theirs" in words(desk.get(page))
    desk.post(f"{page}accept/", {"external_id": "7", "field": "country"})
    acme.refresh_from_db()
    assert (acme.country, acme.field_sources["country"]) == ("DE", "Ledger")
    assert "Country DE set by Ledger" in words(desk.get(f"/inventory/vendors/{acme.pk}/"))
    assert "Set by Ledger. What you change here is yours" in words(desk.get(f"/inventory/vendors/{acme.pk}/change/"))


def test_what_is_settled_is_refused_a_second_time_and_nonsense_is_told(ivan, mona):
    acme = Vendor.add(by=mona, name="Acme", website="https://acme.example")
    run = send(ivan, [{"external_id": "7", "name": "Acme Ltd", "website": "https://www.acme.example"}])
    desk, page = window(mona), f"/sync-runs/{run.pk}/"
    wrong = desk.post(f"{page}settle/", {"external_id": "7", "same_as": "VEN-999999"})
    assert (wrong.status_code, "There is no such record" in words(wrong)) == (422, True)
    odd = desk.post(f"{page}settle/", {"external_id": "7", "same_as": "the one"})
    assert (odd.status_code, "Give an id" in words(odd)) == (422, True)
    desk.post(f"{page}settle/", {"external_id": "7", "same_as": acme.number})
    again = desk.post(f"{page}settle/", {"external_id": "7", "same_as": "new"})
    assert (again.status_code, "7 is not in question here" in words(again)) == (409, True)
    assert Vendor.objects.count() == 1


def test_who_does_not_see_a_record_reads_nothing_of_it_in_a_report(ivan, mona, cast):
    system = System.add(by=ivan, name="Secret", business_owner=ivan)
    item = {"external_id": "1", "name": "Secret project", "same_as": system.number}
    run = send(ivan, [item], System)
    system.change(by=ivan, confidential=True)
    assert "Secret" in words(window(ivan).get(f"/sync-runs/{run.pk}/"))
    for person in (mona, cast.procurement):
        client = window(person)
        assert "Secret" not in words(client.get(f"/sync-runs/{run.pk}/"))
        assert client.get(f"/api/v1/sync-runs/{run.pk}/rows/").json()["results"] == []
    assert window(cast.member).get(f"/sync-runs/{run.pk}/").status_code == 404


def test_a_clean_sync_says_that_nothing_is_left(ivan):
    run = send(ivan, [{"external_id": "1", "name": "Acme"}])
    assert "Nothing is left to look at" in words(window(ivan).get(f"/sync-runs/{run.pk}/"))
