"""How many statements each page and endpoint takes: committed, and the same for few records and for many.

`queries.json` holds the numbers. A new number is written by running this file with WRITE_QUERIES=1.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from inventory.models import Assurance, Integration, System, Vendor
from martech.accounts.models import Token

pytestmark = [pytest.mark.django_db, pytest.mark.unheard]
KEPT = Path(__file__).with_name("queries.json")
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
MOST = {"list": 4, "detail": 4, "create": 9, "change": 8, "page-list": 8, "page-detail": 10}
SECTIONS = {
    "/inventory/systems/<id>/": 6,
    "/inventory/vendors/<id>/": 1,
    "/people/<id>/": 3,
    "/sync-runs/<id>/": 2,
    "/governance/assessments/<id>/": 4,
}
"""Pages that take more than the common ten: one statement more for each section beyond facts, documents and story."""


def counted(client, method, address, **body):
    with CaptureQueriesContext(connection) as captured:
        response = getattr(client, method)(address, **body)
        if response.streaming:
            b"".join(response.streaming_content)
    assert response.status_code < 400, (address, response.status_code, response.content[:300])
    return len([one for one in captured if not one["sql"].startswith(NOT_COUNTED)])


@pytest.fixture
def program(cast):
    """A client with a token of IT."""
    secret = Token.add(by=cast.it, name="ERP", write=True).secret
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/vendors/")
    return client


@pytest.fixture
def browser(cast):
    client = Client()
    client.force_login(cast.it, backend="martech.permissions.backend.TableBackend")
    client.get("/")
    return client


def measured(world, program, browser):
    """Every reading address -> its statements."""
    found = {}
    for label, record in world.items():
        name = record._meta.model_name
        if label in {"accounts.token"}:
            continue
        paths = {route.name: str(route.pattern) for route in get_resolver("martech.api_urls").url_patterns}
        collection = "/api/v1/" + paths[f"api-{name}-list"]
        found[f"GET {collection}"] = counted(program, "get", collection)
        found[f"GET {collection}<id>/"] = counted(program, "get", f"{collection}{record.pk}/")
        page = next((views for views in page_views() if views.model._meta.label_lower == label), None)
        if page is not None:
            found[f"GET /{page.path}/"] = counted(browser, "get", f"/{page.path}/")
            found[f"GET /{page.path}/<id>/"] = counted(browser, "get", f"/{page.path}/{record.pk}/")
            found[f"GET /{page.path}/export/csv/"] = counted(browser, "get", f"/{page.path}/export/csv/")
    for address in (
        "/",
        "/search/?q=a",
        "/trail/",
        "/inbox/",
        "/new/",
        "/inventory/meetings/",
        "/governance/matrix/",
        "/governance/matrix/csv/",
        "/api/v1/entries/",
        "/api/v1/changes/?limit=1000",
        "/api/v1/comments/",
        "/api/v1/notices/",
    ):
        client = program if address.startswith("/api") else browser
        found[f"GET {address}"] = counted(client, "get", address)
    return {**found, **written(world, program)}


def written(world, program):
    """Creating and changing a system with three related records; that its owner is told costs the act nothing."""
    body = {
        "name": "New",
        "vendor": world["inventory.vendor"].pk,
        "owning_function": world["accounts.function"].pk,
        "business_owner": world["accounts.user"].pk,
    }
    sent = {"data": body, "content_type": "application/json"}
    address = f"/api/v1/systems/{world['inventory.system'].pk}/"
    change = {"data": {"description": f"Seen {System.objects.count()}"}, "content_type": "application/json"}
    return {
        "POST /api/v1/systems/": counted(program, "post", "/api/v1/systems/", **sent),
        "PATCH /api/v1/systems/<id>/": counted(program, "patch", address, **change),
    }


def page_views():
    return {
        view
        for route in get_resolver().url_patterns
        if (view := getattr(getattr(route, "callback", None), "record_views", None))
    }


def many(cast, world):
    """Seventy more of what lists grow by, and more around the systems that are looked at."""
    ivan = cast.it
    for number in range(70):
        vendor = Vendor.add(
            by=ivan,
            name=f"Vendor {number}",
            aliases=[f"V{number}"],
            parent=world["inventory.vendor"] if number < 5 else None,
        )
        system = System.add(
            by=ivan,
            name=f"System {number}",
            vendor=vendor,
            business_owner=ivan,
            target_system=world["inventory.system"],
        )
        Integration.add(by=ivan, source=world["inventory.system"], target=system)
        if number < 20:
            Assurance.add(by=ivan, kind="dpa", system=world["inventory.system"], expires_on="2027-01-01")
            world["inventory.system"].remark(by=ivan, note="Seen")


def test_reading_takes_the_committed_number_of_statements_whatever_there_is(world, cast, program, browser):
    few = measured(world, program, browser)
    many(cast, world)
    assert measured(world, program, browser) == few
    if os.environ.get("WRITE_QUERIES"):
        KEPT.write_text(json.dumps(few, indent=1, sort_keys=True) + "\n")
    kept = json.loads(KEPT.read_text())
    if connection.vendor == "postgresql":  # whom a new record names is held, so that they do not leave meanwhile
        kept["POST /api/v1/systems/"] += 1
    assert few == kept


def test_the_committed_numbers_keep_the_budget():
    for address, count in json.loads(KEPT.read_text()).items():
        if address.startswith(("POST ", "PATCH ")):
            assert count <= MOST["create" if address.startswith("POST ") else "change"], address
        elif address.startswith("GET /api/"):
            assert count <= MOST["detail" if "<id>" in address else "list"], address
        elif address.endswith("<id>/"):
            assert count <= MOST["page-detail"] + SECTIONS.get(address.removeprefix("GET "), 0), address
        elif "export" not in address and address.count("/") == 3:
            assert count <= MOST["page-list"], address
