"""Syncs at the same moment as each other, as people and as merges: nothing doubled, nothing lost, nobody stuck."""

import pytest

from inventory.models import Vendor
from martech.errors import Refused
from martech.records.models import ExternalRef
from martech.sync.models import SyncRun
from tests.martech.test_races import ROUNDS, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def call(by, items, source="erp", **asked):
    return lambda: SyncRun.take(Vendor, by=by, source=source, items=items, **asked)


def test_two_syncs_of_one_source_at_once_make_each_record_once(ivan):
    for turn in range(ROUNDS):
        items = [{"external_id": f"V-{turn}-{n}", "name": f"Vendor {turn} {n}"} for n in range(5)]
        told = at_once(*(call(ivan, items) for _ in range(4)))
        totals = [answer.totals for _, answer in told]
        assert sum(one["created"] for one in totals) == 5
        assert sum(one["unchanged"] for one in totals) == 15
    assert Vendor.objects.count() == ExternalRef.objects.count() == 5 * ROUNDS


def test_two_sources_that_name_the_same_vendors_in_opposite_order_both_come_through(ivan):
    names = [f"Vendor {n}" for n in range(40)]
    first = [{"external_id": name, "name": name} for name in names]
    for source in ("erp", "saas"):
        SyncRun.take(Vendor, by=ivan, source=source, items=first)
    for turn in range(ROUNDS):
        there = [{**item, "description": f"erp {turn}"} for item in first]
        back = [{**item, "country": "IE" if turn % 2 else "DE"} for item in reversed(first)]
        told = at_once(call(ivan, there), call(ivan, back, source="saas"))
        assert [answer.totals["error"] for _, answer in told] == [0, 0]
    assert set(Vendor.objects.values_list("description", flat=True)) == {f"erp {ROUNDS - 1}"}


def test_a_page_edit_during_a_sync_is_kept_and_never_overwritten(ivan, mona):
    items = [{"external_id": "V-1", "name": "Acme", "country": "IE", "description": "erp"}]
    SyncRun.take(Vendor, by=ivan, source="erp", items=items)
    key = Vendor.objects.get().pk
    for turn in range(ROUNDS):
        hand = f"by hand {turn}"
        sent = [{**items[0], "country": "DE" if turn % 2 else "FR", "description": f"erp {turn}"}]
        told = at_once(call(ivan, sent), lambda hand=hand: Vendor.objects.get(pk=key).change(by=mona, description=hand))
        assert not [one for one in told if isinstance(one, Exception)]
        acme = Vendor.objects.get(pk=key)
        assert (acme.description, acme.country) == (hand, sent[0]["country"])
        assert acme.field_sources["description"] == ""


def test_a_merge_during_a_sync_leaves_one_vendor_that_the_source_still_finds(ivan):
    for turn in range(ROUNDS):
        items = [{"external_id": f"{turn}-{n}", "name": f"Vendor {turn} {n}"} for n in range(2)]
        _, answer = SyncRun.take(Vendor, by=ivan, source="erp", items=items)
        one, other = (Vendor.objects.get(pk=told.key) for told in answer.items)
        sent = [{**item, "country": "IE"} for item in items]
        told = at_once(call(ivan, sent), lambda one=one, other=other: one.merge(by=ivan, into=other))
        assert not [error for error in told if isinstance(error, Exception) and not isinstance(error, Refused)]
        _, answer = SyncRun.take(Vendor, by=ivan, source="erp", items=sent)
        assert {told.key for told in answer.items} == {other.pk}
        assert [told.outcome for told in answer.items if told.errors] == []
        other.refresh_from_db()
        assert (other.country, other.retired_at) == ("IE", None)
