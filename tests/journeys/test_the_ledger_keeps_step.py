"""A finance system sends its vendors every night; marketing operations and IT live with what it sends."""

import re

import pytest
from django.test import Client

from inventory.models import Vendor
from martech.accounts.models import Token

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_ledger_sends_its_vendors_and_people_keep_what_is_theirs(cast):
    mona, paco = cast.marketing_ops, cast.procurement
    desk = Client()
    desk.force_login(mona, backend="martech.permissions.backend.TableBackend")
    ledger = Client(headers={"Authorization": f"Bearer {Token.add(by=paco, name='Ledger', write=True).secret}"})

    def night(items, **asked):
        answer = ledger.post(
            "/api/v1/vendors/sync/", {"source": "Ledger", "items": items, **asked}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    # Mona knows two vendors already; one of them under another name than the ledger does.
    petal = Vendor.add(by=mona, name="Petal Labs", country="IE")
    brand = Vendor.add(by=mona, name="Brandlight", website="https://www.brandlight.example")

    # The first night: the ledger first asks what would happen, then sends all it has.
    creditors = [{"external_id": f"K-{n}", "name": f"Supplier {n:02}", "country": "DE"} for n in range(40)]
    creditors += [
        {"external_id": "K-90", "name": "PETAL LABS", "country": "GB", "website": "https://petal.example"},
        {"external_id": "K-91", "name": "Brandlight Media GmbH", "website": "https://brandlight.example"},
        {"external_id": "K-92", "name": ""},
    ]
    before = night(creditors, dry_run=True)
    assert (before["run"], Vendor.objects.count()) == (None, 2)
    told = night(creditors, mode="full")
    assert told["totals"] == before["totals"] == {
        "created": 40, "updated": 1, "unchanged": 0, "error": 2, "retired": 0, "kept": 0,
        "differences": 1, "matches": 1,
    }  # fmt: skip

    # Mona opens the report: Petal is filled in but keeps its name and country; Brandlight waits for her word.
    page = f"/sync-runs/{told['run']}/"
    report = words(desk.get(page))
    assert "Brandlight Media GmbH K-91" in report
    assert "Country IE GB a person" in report
    petal.refresh_from_db()
    assert (petal.name, petal.country, petal.website) == ("Petal Labs", "IE", "https://petal.example")
    desk.post(f"{page}settle/", {"external_id": "K-91", "same_as": brand.number})

    # She names a relationship owner and corrects a website that the ledger had wrong.
    supplier = Vendor.objects.get(name="Supplier 07")
    supplier.change(by=mona, relationship_owner=mona, website="https://supplier-seven.example")

    # The next nights change what the ledger changed, and nothing of hers.
    creditors[7] = {**creditors[7], "country": "AT", "website": "https://old.example"}
    told = night(creditors, mode="full")
    assert (told["totals"]["updated"], told["totals"]["created"], told["totals"]["matches"]) == (1, 0, 0)
    supplier.refresh_from_db()
    assert (supplier.country, supplier.website) == ("AT", "https://supplier-seven.example")
    assert supplier.relationship_owner == mona

    # One night the ledger's export breaks off: nothing happens. When one creditor really goes, it is retired.
    broken = ledger.post(
        "/api/v1/vendors/sync/",
        {"source": "Ledger", "mode": "full", "items": creditors[:12]},
        content_type="application/json",
    )
    assert (broken.status_code, Vendor.objects.filter(retired_at=None).count()) == (409, 42)
    told = night(creditors[1:], mode="full")
    assert [one["external_id"] for one in told["retired"]] == ["K-0"]

    # It comes back with its number and its history.
    gone = Vendor.objects.get(name="Supplier 00")
    told = night(creditors, mode="full")
    assert [(one["number"], one["outcome"]) for one in told["items"] if one["external_id"] == "K-0"] == [
        (gone.number, "updated")
    ]
    gone.refresh_from_db()
    assert gone.retired_at is None
