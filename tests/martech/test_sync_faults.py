"""A feed from a broken source harms nothing: a list that is empty, cut or garbled retires and overwrites nothing."""

import json

import pytest
from django.test import Client

from inventory.models import System, Vendor
from martech.accounts.models import Token
from martech.errors import Refused
from martech.sync.models import SyncRun
from tests.martech.test_sync_pages import window, words

pytestmark = pytest.mark.django_db


def send(by, items, model=Vendor, source="erp", **asked):
    return SyncRun.take(model, by=by, source=source, items=items, **asked)


def vendors(**more):
    return [{"external_id": f"V-{n}", "name": f"Vendor {n}", "country": "IE", **more} for n in range(40)]


LISTS = {
    "plain": vendors(),
    "nested": [{**one, "domains": [f"{one['external_id']}.example"], "categories": ["a", "b"]} for one in vendors()],
    "named": [{**one, "external_ids": [{"source": "duns", "external_id": one["external_id"]}]} for one in vendors()],
}


def each(items, **more):
    return [{**one, **more} for one in items]


def few(items, **more):
    """Three of forty broken: fewer than what a full list may retire unasked."""
    return [{**one, **more} if place < 3 else one for place, one in enumerate(items)]


FAULTS = {
    "empty": lambda items: [],
    "null": lambda items: None,
    "an object": lambda items: {"items": items},
    "a sentence": lambda items: "502 Bad Gateway",
    "one": lambda items: items[:1],
    "half": lambda items: items[: len(items) // 2],
    "the last fifth": lambda items: items[32:],
    "nulls": lambda items: [None] * len(items),
    "sentences": lambda items: ["error"] * len(items),
    "three cut to sentences": lambda items: ["error"] * 3 + items[3:],
    "ids lost": lambda items: each(items, external_id=None),
    "three ids lost": lambda items: few(items, external_id=""),
    "ids all alike": lambda items: each(items, external_id="0"),
    "three ids of another sort": lambda items: few(items, external_id={"id": 1}),
    "ids anew and a field broken": lambda items: [
        {**one, "external_id": f"N{place}", "country": 7} for place, one in enumerate(items)
    ],
    "three ids anew and a field broken": lambda items: [
        {**one, "external_id": f"N{place}", "country": 7} if place < 3 else one for place, one in enumerate(items)
    ],
    "names empty": lambda items: each(items, name=""),
    "names all alike": lambda items: each(items, name="Vendor"),
    "every field of a wrong type": lambda items: [
        {name: [value] if name != "external_id" else value for name, value in one.items()} for one in items
    ],
    "owners emptied": lambda items: each(items, relationship_owner=None, description=None, country=None),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", LISTS)
def test_a_broken_full_list_retires_nothing_and_leaves_what_people_set(kind, fault, ivan, mona):
    send(ivan, LISTS[kind])
    for vendor in Vendor.objects.all():
        vendor.change(by=mona, relationship_owner=mona, description="By hand")
    program = Client(headers={"Authorization": f"Bearer {Token.add(by=ivan, name='ERP', write=True).secret}"})
    body = {"source": "erp", "mode": "full", "items": FAULTS[fault](LISTS[kind])}
    answer = program.post("/api/v1/vendors/sync/", json.dumps(body), content_type="application/json")
    assert answer.status_code in {200, 400, 409}
    if answer.status_code == 200:
        assert answer.json()["retired"] == []
        run = answer.json()["run"].removeprefix("SYN-")
        assert "Overview" in words(window(ivan).get(f"/sync-runs/{run}/"))
    kept = Vendor.objects.filter(relationship_owner=mona, description="By hand", retired_at=None)
    assert (kept.count(), Vendor.objects.exclude(retired_at=None).count()) == (40, 0)


def test_what_an_item_without_an_id_may_mean_is_kept_even_where_many_may_be_retired(ivan):
    send(ivan, vendors())
    _, answer = send(ivan, [*vendors()[20:], {"name": "Vendor 0"}], mode="full", confirm_retire=True)
    assert (answer.retired, len(answer.kept)) == ([], 19)  # Vendor 0 is known by its name
    assert answer.kept[0].errors == {"non_field": ["Item 21 has no id and may be this one."]}


def test_a_retired_record_that_is_hidden_is_as_one_that_never_was(ivan, mona):
    gone = System.add(by=ivan, name="Gone", business_owner=ivan, confidential=True)
    gone.retire(by=ivan)
    _, answer = send(
        mona,
        [
            {"external_id": "1", "name": "x", "same_as": gone.number},
            {"external_id": "2", "name": "y", "same_as": 99999},
        ],
        System,
    )
    assert [(one.outcome, one.errors, one.differences) for one in answer.items] == [
        ("error", {"non_field": ["There is no such record."]}, {})
    ] * 2


def test_a_difference_does_not_name_a_record_that_the_reader_does_not_see(ivan, mona):
    secret = System.add(by=ivan, name="Secret", business_owner=ivan, confidential=True)
    System.add(by=ivan, name="Open", target_system=secret)
    other = System.add(by=ivan, name="Other")
    program = Client(headers={"Authorization": f"Bearer {Token.add(by=mona, name='ERP', write=True).secret}"})
    body = {"source": "erp", "items": [{"external_id": "1", "name": "Open", "target_system": other.number}]}
    told = program.post("/api/v1/systems/sync/", body, content_type="application/json").json()
    shown = {"id": None, "text": "a record you do not see"}
    theirs = {"id": other.pk, "text": "Other"}
    assert told["items"][0]["differences"] == {"target_system": {"ours": shown, "theirs": theirs, "set_by": ""}}
    rows, page = f"/api/v1/sync-runs/{told['run']}/rows/", f"/sync-runs/{told['run'].removeprefix('SYN-')}/"
    for address in (rows, page):
        assert "Secret" not in window(mona).get(address).content.decode()
        assert "Secret" in window(ivan).get(address).content.decode()


def test_a_likeness_is_not_named_in_words_either_to_who_does_not_see_it(ivan, mona):
    hush = System.add(by=ivan, name="Hush", business_owner=ivan, aliases=["Covert"])
    run, _ = send(ivan, [{"external_id": "1", "name": "Covert"}], System)
    hush.change(by=ivan, confidential=True)
    (row,) = window(mona).get(f"/api/v1/sync-runs/{run.number}/rows/").json()["results"]
    assert (row["matches"], row["errors"]) == ([], {"external_id": ["It may be a record that you do not see."]})


def test_settling_what_came_in_since_does_not_bring_back_older_values(ivan, mona):
    Vendor.add(by=mona, name="Acme", website="https://acme.example")
    item = {"external_id": "1", "name": "Acme Ltd", "website": "https://acme.example", "country": "DE"}
    run, _ = send(ivan, [item])
    send(ivan, [{**item, "country": "FR", "same_as": "new"}])
    run.settle(by=ivan, external_id="1", same_as="new")
    made = Vendor.objects.get(name="Acme Ltd")
    assert (made.country, run.rows.get().settled, run.match_count) == ("FR", made.number, 0)


def test_a_difference_that_changed_since_is_not_accepted(ivan, mona):
    _, answer = send(ivan, vendors()[:1])
    vendor = Vendor.objects.get(pk=answer.items[0].key)
    vendor.change(by=mona, country="FR")
    run, _ = send(ivan, vendors()[:1])
    vendor.change(by=mona, country="US")
    with pytest.raises(Refused, match="changed since this sync"):
        run.accept(by=ivan, external_id="V-0", field="country")
    vendor.refresh_from_db()
    assert (vendor.country, vendor.field_sources["country"]) == ("US", "")
