"""The change feed: what changed since, in order, of what the asker sees now."""

import pytest
from django.test import Client

from inventory.models import Integration, System, Vendor
from martech.accounts.models import Token
from martech.audit.models import Entry
from martech.audit.reading import end
from martech.bulk import apply
from martech.bulk.reversal import Reversal
from martech.home import changes
from martech.rest.pagination import encoded

pytestmark = pytest.mark.django_db
FEED = "/api/v1/changes/"


def reading(person, **narrowed):
    """A client with a token of this person; with `kinds` it is narrowed to them."""
    return Client(headers={"Authorization": f"Bearer {Token.add(by=person, name='Copy', **narrowed).secret}"})


def page(client, **asked):
    answer = client.get(FEED, asked)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def refused(client, **asked):
    """The errors by parameter."""
    answer = client.get(FEED, asked)
    assert answer.status_code == 400
    return answer.json()["errors"]


def everything(client, **asked):
    """All changes from here on, page by page, and where it ended."""
    found, since = [], asked.pop("since", "")
    while True:
        one = page(client, since=since, **asked)
        found += one["results"]
        since = one["next"]
        if not one["more"]:
            return found, since


def told(results):
    return [(one["verb"], one["number"]) for one in results]


@pytest.fixture
def here(ivan):
    """A client of Ivan's, and the place of this moment."""
    client = reading(ivan)
    return client, page(client, since="now")["next"]


def test_a_change_is_told_with_what_a_copy_needs(here, ivan):
    client, since = here
    acme = Vendor.add(by=ivan, name="Acme")
    acme.change(by=ivan, country="IE")
    added, changed = page(client, since=since)["results"]
    assert (added["verb"], added["changed"]["name"]) == ("add", [None, "Acme"])
    entry = Entry.objects.latest("pk")
    assert changed == {
        "id": entry.pk,
        "at": entry.at.isoformat().replace("+00:00", "Z"),
        "kind": "inventory.vendor",
        "collection": "vendors",
        "key": acme.pk,
        "number": acme.number,
        "name": "Acme",
        "verb": "change",
        "version": 2,
        "retired": False,
        "merged_into": None,
        "changed": {"country": ["", "IE"]},
        "door": "command",
        "source": "",
    }


def test_whoever_begins_takes_the_place_of_this_moment_and_then_follows(here, ivan):
    client, since = here
    assert page(client, since="now") == {"next": since, "more": False, "results": []}
    assert page(client, since=since) == {"next": since, "more": False, "results": []}
    acme = Vendor.add(by=ivan, name="Acme")
    first = page(client, since=since)
    assert told(first["results"]) == [("add", acme.number)]
    assert page(client, since=first["next"])["results"] == []
    assert told(page(client)["results"])[-1] == ("add", acme.number)


def test_pages_join_without_gap_or_repetition(here, ivan):
    client, since = here
    numbers = [Vendor.add(by=ivan, name=f"Vendor {number}").number for number in range(7)]
    found, place = everything(client, since=since, limit=3)
    assert [one["number"] for one in found] == numbers
    assert place == encoded(end(), changes.WALK)


def test_a_merge_and_what_takes_it_back_are_told(here, ivan):
    client, since = here
    acme, twin = Vendor.add(by=ivan, name="Acme"), Vendor.add(by=ivan, name="Acme Inc")
    System.add(by=ivan, name="Mail", vendor=twin)
    twin.merge(by=ivan, into=acme)
    merged = {(one["verb"], one["number"]): one for one in page(client, since=since)["results"]}
    assert (
        list(merged)[3:] == [("change", "SYS-1"), ("change", acme.number), ("merge", twin.number)] or len(merged) == 6
    )
    one = merged["merge", twin.number]
    assert (one["retired"], one["merged_into"]) == (True, acme.number)
    assert one["changed"]["merged_into"] == [None, {"id": acme.pk, "text": "Acme"}]
    since = page(client, since="now")["next"]
    Vendor.objects.get(pk=twin.pk).unmerge(by=ivan)
    back = {one["verb"]: one for one in page(client, since=since)["results"]}
    assert (back["unmerge"]["retired"], back["unmerge"]["merged_into"]) == (False, None)


def test_retiring_restoring_and_taking_back_many_at_once_are_told(here, ivan):
    client, since = here
    acme = Vendor.add(by=ivan, name="Acme")
    acme.retire(by=ivan)
    acme.restore(by=ivan)
    apply(Vendor, [{"name": "Beta"}, {"name": "Gamma"}], [], by=ivan)
    Reversal(Vendor, by=ivan).take_back(list(Entry.objects.order_by("pk"))[-2:])
    found = page(client, since=since)["results"]
    assert [(one["verb"], one["name"], one["retired"]) for one in found] == [
        ("add", "Acme", False),
        ("retire", "Acme", True),
        ("restore", "Acme", False),
        ("add", "Beta", False),
        ("add", "Gamma", False),
        ("retire", "Beta", True),
        ("retire", "Gamma", True),
    ]


def test_what_changes_nothing_is_left_out(here, ivan):
    client, since = here
    acme = Vendor.add(by=ivan, name="Acme")
    acme.remark(by=ivan, note="Hello")
    found, place = everything(client, since=since)
    assert told(found) == [("add", acme.number)]
    assert place == encoded(end(), changes.WALK)


def test_it_is_narrowed_by_kind_collection_and_verb(here, ivan):
    client, since = here
    acme = Vendor.add(by=ivan, name="Acme")
    mail = System.add(by=ivan, name="Mail", vendor=acme)
    mail.retire(by=ivan)
    for asked, expected in (
        ({"kind": "inventory.vendor"}, [("add", acme.number)]),
        ({"collection": "systems"}, [("add", mail.number), ("retire", mail.number)]),
        ({"collection": "systems,vendors", "verb": "retire,merge"}, [("retire", mail.number)]),
        ({"kind": "inventory.vendor", "collection": "systems"}, []),
    ):
        assert told(page(client, since=since, **asked)["results"]) == expected


def test_what_is_none_of_ours_is_refused(here):
    client, _ = here
    assert refused(client, kind="inventory.fax") == {"kind": ["There is no kind inventory.fax."]}
    assert refused(client, collection="inventory.vendor") == {
        "collection": ["There is no collection inventory.vendor."]
    }
    assert refused(client, verb="retire,fly") == {"verb": ["There is no verb fly."]}
    assert refused(client, sinse="now") == {"sinse": ["There is no such parameter."]}
    assert refused(client, since=["now", ""]) == {"since": ["Give this once."]}
    assert refused(client, limit=1001) == {"limit": ["Give a whole number from 1 to 1000."]}


@pytest.mark.parametrize(
    "cursor",
    [
        "5",
        "nonsense",
        "=",
        encoded(5),
        encoded(10**17, changes.WALK),
        encoded(0, changes.WALK) + "=",
        encoded(0, changes.WALK)[:-1],
        "Y2hhbmdlOjAw",  # change:00
        "Y2hhbmdlOi0x",  # change:-1
        "Y2hhbmdlOjHCsg",  # change:1²
        "now ",
        "é" * 40,
    ],
)
def test_a_cursor_that_is_broken_or_from_elsewhere_is_refused(here, cursor):
    client, _ = here
    assert refused(client, since=cursor) == {"since": ["This cursor is none of ours."]}


def test_a_record_one_does_not_see_is_not_told_of_and_the_place_moves_on(cast, ivan, mia):
    client, steering = reading(mia), reading(cast.steering)
    since = page(client, since="now")["next"]
    secret = System.add(by=ivan, name="Secret", confidential=True)
    secret.change(by=ivan, description="Heron")
    assert page(client, since=since) == {"next": encoded(end(), changes.WALK), "more": False, "results": []}
    assert told(page(steering, since=since)["results"])[-1] == ("change", secret.number)


def test_of_a_record_made_confidential_nothing_is_told_any_more(ivan, mia):
    client = reading(mia)
    since = page(client, since="now")["next"]
    shop = System.add(by=ivan, name="Shop")
    assert told(page(client, since=since)["results"]) == [("add", shop.number)]
    shop.change(by=ivan, confidential=True)
    assert page(client, since=since)["results"] == []
    shop.change(by=ivan, confidential=False)
    assert len(page(client, since=since)["results"]) == 3


def test_fields_and_names_that_are_hidden_are_hidden_here(ivan, mia):
    client = reading(mia)
    since = page(client, since="now")["next"]
    closed = Vendor.add(by=ivan, name="Closed")
    own = Vendor.add(by=ivan, name="Own", relationship_owner=mia)
    for vendor in (closed, own):
        vendor.change(by=ivan, risk_tier="high")
    secret = System.add(by=ivan, name="Secret")
    System.add(by=ivan, name="Shop", target_system=secret)
    secret.change(by=ivan, confidential=True)
    found = {(one["verb"], one["name"]): one["changed"] for one in page(client, since=since)["results"]}
    assert found["change", "Closed"] == {}
    assert found["change", "Own"] == {"risk_tier": ["unrated", "high"]}
    assert found["add", "Shop"]["target_system"] == [None, {"id": None, "text": "a record you do not see"}]


def test_a_token_narrowed_to_kinds_is_told_of_these_alone(cast, ivan):
    for person in (ivan, cast.auditor):
        client = reading(person, kinds=["inventory.vendor"])
        since = page(client, since="now")["next"]
        acme = Vendor.add(by=ivan, name=f"Acme {person.name}")
        System.add(by=ivan, name=f"Mail {person.name}")
        acme.remark(by=ivan, note="Hello")
        assert told(page(client, since=since)["results"]) == [("add", acme.number)]
        entries = client.get("/api/v1/entries/").json()
        assert {one["kind"] for one in entries["results"]} == {"inventory.vendor"}
        assert entries["count"] == Entry.objects.filter(kind="inventory.vendor").count()


def test_a_narrowed_token_names_no_record_that_its_holder_does_not_see(ivan, mia):
    secret = System.add(by=ivan, name="Secret")
    shop = System.add(by=ivan, name="Shop")
    link = Integration.add(by=ivan, source=shop, target=secret, owner=mia)
    secret.change(by=ivan, confidential=True)
    for narrowed in ({}, {"kinds": ["inventory.integration"]}):
        client = reading(mia, **narrowed)
        found = page(client, kind="inventory.integration")["results"]
        assert [one["changed"]["target"][1] for one in found] == [{"id": None, "text": "a record you do not see"}]
        row = client.get(f"/api/v1/integrations/{link.pk}/").json()
        assert (row["source_name"], row["target"], row["target_name"]) == ("Shop", None, None)


def test_whoever_sees_nothing_is_told_nothing(ivan, oskar):
    client = Client()
    client.force_login(oskar, backend="martech.permissions.backend.TableBackend")
    Vendor.add(by=ivan, name="Acme")
    for since in ("", "now", encoded(0, changes.WALK)):
        assert page(client, since=since) == {"next": encoded(0, changes.WALK), "more": False, "results": []}
    assert Client().get(FEED).status_code == 401


def test_pages_full_of_what_one_does_not_see_are_passed_with_bounded_work(
    cast, ivan, mia, django_assert_max_num_queries
):
    client = reading(mia)
    page(client)
    since = page(client, since="now")["next"]
    secret = System.add(by=ivan, name="Secret", confidential=True)
    template = Entry.objects.get(kind="inventory.system", key=secret.pk)
    rows = [Entry(**{f.attname: getattr(template, f.attname) for f in Entry._meta.fields[1:]}) for _ in range(4500)]
    Entry.objects.bulk_create(rows, batch_size=500)
    acme = Vendor.add(by=ivan, name="Acme")
    asked = []
    while True:
        with django_assert_max_num_queries(4):
            one = page(client, since=since, limit=1000)
        asked.append((len(one["results"]), one["more"]))
        since = one["next"]
        if not one["more"]:
            break
    assert asked == [(0, True), (0, True), (1, False)]
    assert told(one["results"]) == [("add", acme.number)]
    auditor = reading(cast.auditor)
    page(auditor)
    with django_assert_max_num_queries(4):
        assert len(page(auditor, limit=1000)["results"]) == 1000
