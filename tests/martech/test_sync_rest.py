"""Syncing over REST: what goes in, what comes out, and what is refused."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory.models import System, Vendor
from martech.accounts.models import Function, Token

pytestmark = pytest.mark.django_db
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")


@pytest.fixture
def program(ivan):
    """A client with a token of IT."""
    return Client(headers={"Authorization": f"Bearer {Token.add(by=ivan, name='ERP', write=True).secret}"})


def send(program, items, collection="vendors", **asked):
    body = {"source": "erp", "items": items, **asked}
    return program.post(f"/api/v1/{collection}/sync/", body, content_type="application/json")


def test_the_answer_says_what_became_of_each_item(program, mona):
    Vendor.add(by=mona, name="Acme Holding", website="https://acme.example")
    answer = send(
        program,
        [
            {"external_id": "V-1", "name": "Acme", "website": "https://www.acme.example/de"},
            {"external_id": 2, "name": "Beta"},
            {"external_id": "V-3", "name": ""},
        ],
    )
    told = answer.json()
    first, beta = Vendor.objects.order_by("pk")
    assert (answer.status_code, told["totals"]) == (
        200,
        {
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "error": 2,
            "retired": 0,
            "kept": 0,
            "differences": 0,
            "matches": 1,
        },
    )
    assert told["items"] == [
        {
            "external_id": "V-1",
            "outcome": "error",
            "id": None,
            "number": None,
            "errors": {"external_id": [f"It may be {first.number}, Acme Holding. Say which in same_as, or “new”."]},
            "matches": [
                {"id": first.pk, "number": first.number, "name": "Acme Holding", "why": "is at acme.example, too"}
            ],
        },
        {"external_id": "2", "outcome": "created", "id": beta.pk, "number": beta.number},
        {
            "external_id": "V-3",
            "outcome": "error",
            "id": None,
            "number": None,
            "errors": {"name": ["This field cannot be blank."]},
        },
    ]
    rows = program.get(f"/api/v1/sync-runs/{told['run']}/rows/").json()
    assert [(row["external_id"], row["outcome"]) for row in rows["results"]] == [("V-1", "error"), ("V-3", "error")]
    settled = program.post(
        f"/api/v1/sync-runs/{told['run']}/settle/",
        {"external_id": "V-1", "same_as": first.number},
        content_type="application/json",
    )
    assert (settled.status_code, settled.json()["match_count"]) == (200, 0)
    assert Vendor.objects.get(pk=first.pk).field_sources == {}


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"source": ["This is needed."], "items": ["This is needed."]}),
        ({"source": "erp", "items": [], "mood": 1}, {"mood": ["There is no such field."]}),
        ({"source": "erp", "items": [], "dry_run": "yes"}, {"dry_run": ["Say true or false."]}),
        (
            {"source": 7, "items": [], "mode": ["full"]},
            {"source": ["This is needed."], "mode": ["Choose partial or full."]},
        ),
        ([], {"non_field": ["Send an object."]}),
    ],
)
def test_a_body_that_makes_no_sense_is_a_problem_by_field(program, body, errors):
    answer = program.post("/api/v1/vendors/sync/", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer["Content-Type"], answer.json()["errors"]) == (
        400,
        "application/problem+json",
        errors,
    )


def test_a_list_of_eight_megabytes_is_taken_and_no_more(program):
    text = "x" * 90_000
    many = [{"external_id": str(n), "name": f"V {n}", "description": text} for n in range(60)]
    assert send(program, many).json()["totals"]["created"] == 60
    assert send(program, many * 2).status_code == 413


def test_a_full_list_too_short_is_a_conflict_and_an_empty_one_an_error(program):
    many = [{"external_id": str(n), "name": f"V {n}"} for n in range(20)]
    send(program, many)
    short, empty = send(program, many[5:], mode="full"), send(program, [], mode="full")
    assert (short.status_code, empty.status_code) == (409, 400)
    assert "confirm_retire" in short.json()["detail"]
    assert empty.json()["errors"] == {"items": ["A full list without items would retire everything. Nothing was done."]}
    done = send(program, many[5:], mode="full", confirm_retire=True).json()
    assert [one["external_id"] for one in done["retired"]] == ["0", "1", "2", "3", "4"]


def test_nobody_sends_through_a_token_that_only_reads(ivan, mia):
    reads = Client(headers={"Authorization": f"Bearer {Token.add(by=ivan, name='BI').secret}"})
    member = Client(headers={"Authorization": f"Bearer {Token.add(by=mia, name='Mine', write=True).secret}"})
    assert (send(reads, []).status_code, send(member, []).status_code, send(Client(), []).status_code) == (
        403,
        403,
        401,
    )
    posted = reads.post("/api/v1/sync-runs/", {"source": "x"}, content_type="application/json")
    assert posted.status_code == 403


def statements(program, items, **asked):
    with CaptureQueriesContext(connection) as captured:
        assert send(program, items, **asked).json()["totals"]["error"] == 0
    return len([one for one in captured if not one["sql"].startswith(NOT_COUNTED)])


@pytest.mark.postgres
@pytest.mark.unheard
def test_a_call_takes_at_most_twelve_statements_for_any_number_of_items(program, ivan, mona, ada):
    vendor, team = Vendor.add(by=ivan, name="Acme"), Function.add(by=ada, name="Marketing")
    program.get("/api/v1/vendors/")

    def systems(count, start=0, **more):
        named = {"vendor": vendor.pk, "owning_function": team.pk, "business_owner": mona.pk}
        return [
            {"external_id": f"S-{n}", "name": f"System {n}", "description": "x", **named, **more}
            for n in range(start, start + count)
        ]

    create = [statements(program, systems(n, start), collection="systems") for n, start in ((2, 0), (600, 100))]
    change = [statements(program, systems(n, 100, residency=f"EU {n}"), collection="systems") for n in (2, 600)]
    same = [statements(program, systems(n, 100, residency="EU 600"), collection="systems") for n in (2, 600)]
    assert (create[0], change[0], same[0]) == (create[1], change[1], same[1])
    assert max(create + change + same) <= 12, (create, change, same)
    assert System.objects.count() == 602


@pytest.mark.sample
def test_the_list_of_third_parties_comes_in_once_and_then_only_its_edits(program, ivan, mona):
    """2,142 nested items: created, no change, ten edits, five left out; what people set is untouched throughout."""
    file = Path(os.environ["SAMPLE_DATA"]) / "third_party_entities.json"
    items = [
        {
            "external_id": entity["name"],
            "name": entity["name"],
            "website": entity["homepage"],
            "categories": entity["categories"],
            "domains": entity["domains"],
        }
        for entity in json.loads(file.read_text(encoding="utf-8"))["entities"]
    ]
    assert send(program, items).json()["totals"]["created"] == 2142
    for vendor in Vendor.objects.order_by("pk")[:50]:
        vendor.change(by=mona, relationship_owner=mona, description="By hand")
    again = send(program, items).json()["totals"]
    assert (again["unchanged"], again["updated"], again["created"]) == (2142, 0, 0)
    edited = [
        {**item, "categories": ["edited"]} if place % 200 == 7 and place < 2000 else item
        for place, item in enumerate(items)
    ]
    told = send(program, edited).json()
    assert (told["totals"]["updated"], told["totals"]["unchanged"]) == (10, 2132)
    told = send(program, edited[:-5], mode="full").json()
    assert (told["totals"]["unchanged"], len(told["retired"])) == (2137, 5)
    assert {one["external_id"] for one in told["retired"]} == {item["external_id"] for item in items[-5:]}
    kept = Vendor.objects.filter(relationship_owner=mona, description="By hand", retired_at=None)
    assert kept.count() == 50
