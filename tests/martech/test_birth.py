"""A record that begins in a later state needs the right to lead it there, at every door; no day is made up for it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from inventory.models import Integration, System, Vendor
from martech.bulk import apply
from martech.sync.models import SyncRun

pytestmark = pytest.mark.django_db

BLOCK = {"status": ["You may not block vendors, so you cannot add one as “Blocked”."]}
APPROVE = {"lifecycle": ["You may not approve systems, so you cannot add one as “Approved”."]}


def test_a_state_another_decides_on_is_no_state_to_begin_in(mona, ivan):
    for model, fields, told in (
        (Vendor, {"name": "Acme", "status": "blocked"}, BLOCK),
        (System, {"name": "Mail", "lifecycle": "approved"}, APPROVE),
    ):
        with pytest.raises(ValidationError) as error:
            model.add(by=mona, **fields)
        assert error.value.message_dict == told
        assert [result.errors for result in apply(model, [fields], [], by=mona)] == [told]
        assert model.objects.count() == 0
        assert getattr(model.add(by=ivan, **fields), model.STATE) == fields[model.STATE]


def test_where_one_may_lead_it_one_may_begin_there(mona):
    ends = {"source": System.add(by=mona, name="Mail", lifecycle="live"), "target": System.add(by=mona, name="Shop")}
    assert Integration.add(by=mona, **ends, status="degraded").status == "degraded"
    assert Integration.add(by=mona, **ends, status="planned").status == "planned"
    assert System.add(by=mona, name="Found", lifecycle="discovered").lifecycle == "discovered"


def test_in_one_batch_each_row_is_judged_by_its_own_state(mona):
    rows = [{"name": "Acme"}, {"name": "Bolt", "status": "blocked"}, {"name": "Crux", "status": "known"}]
    assert [result.outcome for result in apply(Vendor, rows, [], by=mona)] == ["created", "error", "created"]


def test_both_doors_name_the_field(client, mona):
    client.force_login(mona)
    sent = client.post("/api/v1/vendors/", {"name": "Acme", "status": "blocked"}, content_type="application/json")
    assert (sent.status_code, sent.json()["errors"]) == (400, BLOCK)
    page = client.post("/inventory/vendors/new/", {"name": "Acme", "status": "blocked", "risk_tier": "unrated"})
    assert (page.status_code, page.context["form"].errors["status"]) == (422, BLOCK["status"])


def test_what_begins_as_retired_is_retired(mona, client):
    client.force_login(mona)
    sent = client.post("/api/v1/systems/", {"name": "Fax", "lifecycle": "retired"}, content_type="application/json")
    fax = System.objects.get(pk=sent.json()["id"])
    assert (fax.retired_at, fax.retired_on) == (fax.created_at, None)
    ends = {"source": System.add(by=mona, name="Mail"), "target": System.add(by=mona, name="Shop")}
    flow = Integration.add(by=mona, **ends, status="retired")
    assert flow.retired_at == flow.created_at
    (told,) = apply(System, [{"name": "Telex", "lifecycle": "retired", "retired_on": date(2019, 3, 1)}], [], by=mona)
    telex = System.objects.get(pk=told.key)
    assert (telex.retired_at, telex.retired_on) == (telex.created_at, date(2019, 3, 1))
    telex.restore(by=mona)
    assert (telex.retired_at, telex.lifecycle) == (None, "live")


def test_no_day_is_made_up_for_a_phase_it_begins_in(mona):
    known = date(2020, 2, 1)
    assert System.add(by=mona, name="Old", lifecycle="live").live_on is None
    assert System.add(by=mona, name="Older", lifecycle="live", live_on=known).live_on == known
    assert System.add(by=mona, name="Going", lifecycle="phasing_out").phasing_out_on is None
    (told,) = apply(System, [{"name": "Listed", "lifecycle": "live"}], [], by=mona)
    assert System.objects.get(pk=told.key).live_on is None


def test_a_day_that_a_source_learns_later_is_its_own(ivan):
    for items, day in (({}, None), ({"live_on": "2021-05-01"}, date(2021, 5, 1))):
        item = {"external_id": "S-1", "name": "Mail", "lifecycle": "live", **items}
        _, answer = SyncRun.take(System, by=ivan, source="erp", items=[item])
        assert [told.differences for told in answer.items] == [{}]
        assert System.objects.get(name="Mail").live_on == day
