"""What sources call a record: shown with it, and a way to find it."""

import pytest
from django.test import Client

from inventory.models import Vendor
from martech.accounts.models import Token
from martech.sync.models import SyncRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(ivan):
    return Client(headers={"Authorization": f"Bearer {Token.add(by=ivan, name='ERP', write=True).secret}"})


@pytest.fixture
def acme(ivan):
    item = {"external_id": "V:1", "name": "Acme", "external_ids": [{"source": "duns", "external_id": "15-048"}]}
    _, answer = SyncRun.take(Vendor, by=ivan, source="erp", items=[item, {"external_id": "V:2", "name": "Beta"}])
    return Vendor.objects.get(pk=answer.items[0].key)


KNOWN = [{"source": "duns", "external_id": "15-048"}, {"source": "erp", "external_id": "V:1"}]


def test_they_stand_with_the_record_and_in_a_list_where_they_are_asked_for(program, acme):
    assert program.get(f"/api/v1/vendors/{acme.pk}/").json()["external_ids"] == KNOWN
    assert "external_ids" not in program.get("/api/v1/vendors/").json()["results"][0]
    rows = program.get("/api/v1/vendors/?fields=name,external_ids").json()["results"]
    assert [row["external_ids"] for row in rows] == [KNOWN, [{"source": "erp", "external_id": "V:2"}]]
    lines = program.get("/api/v1/vendors/?format=csv&fields=name,external_ids").getvalue().decode().splitlines()
    assert lines == ["name,external_ids", "Acme,duns: 15-048;erp: V:1", "Beta,erp: V:2"]


def test_a_record_is_found_by_them_also_once_it_was_merged(program, acme, ivan):
    found = program.get("/api/v1/vendors/?external_id=erp:V:1").json()
    assert [row["name"] for row in found["results"]] == ["Acme"]
    assert program.get("/api/v1/vendors/?external_id=saas:V:1").json()["count"] == 0
    acme.merge(by=ivan, into=Vendor.objects.get(name="Beta"))
    found = program.get("/api/v1/vendors/?external_id=erp:V:1").json()
    assert [row["name"] for row in found["results"]] == ["Beta"]


def test_half_a_name_is_an_error(program):
    answer = program.get("/api/v1/vendors/?external_id=V-1")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["external_id"])


def test_a_list_shows_them_to_who_chooses_the_column(ivan, acme):
    client = Client()
    client.force_login(ivan, backend="martech.permissions.backend.TableBackend")
    page = client.get("/inventory/vendors/?columns=external_ids,field_sources&external_id=erp:V:1").content.decode()
    assert "duns 15-048, erp V:1" in page
    assert "Name: erp" in page
