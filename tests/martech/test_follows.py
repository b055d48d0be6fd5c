"""What stands above a record follows its operations, in the same act."""

from typing import Any

import pytest

from inventory.models import Vendor
from martech import bulk, checks, gates
from martech.audit.models import Entry
from martech.errors import Refused

pytestmark = pytest.mark.django_db
CALLED: list[tuple[Any, ...]] = []


def hear(records: Any, by: Any, at: Any) -> None:
    for record in records:
        CALLED.append((type(record).objects.get(pk=record.pk).name, by.name, at))
        record.remark(by=by, note="Heard.")


def object_to(records: Any, by: Any, at: Any) -> None:
    raise Refused("Not like this.")


@pytest.fixture
def follows(monkeypatch):
    CALLED.clear()
    monkeypatch.setattr(gates, "FOLLOWS", {})
    gates.followers.cache_clear()
    yield gates.FOLLOWS
    gates.followers.cache_clear()


def test_it_is_called_after_the_write_and_inside_the_act(cast, follows):
    vendor = Vendor.add(by=cast.it, name="Brightpath")
    follows["inventory.change_vendor"] = (f"{__name__}.hear",)
    vendor.change(by=cast.it, name="Brightpath Ltd")
    first, second = Entry.objects.filter(kind="inventory.vendor").order_by("-pk")[:2]
    assert [("Brightpath Ltd", cast.it.name, second.at)] == CALLED
    assert [(row.verb, row.act) for row in (second, first)] == [("change", second.act), ("remark", second.act)]


def test_it_is_called_for_each_changed_row_of_a_bulk_act(cast, follows):
    first, second = Vendor.add(by=cast.it, name="Brightpath"), Vendor.add(by=cast.it, name="Nordwerk", country="DE")
    follows["inventory.change_vendor"] = (f"{__name__}.hear",)
    bulk.apply(Vendor, [], [(first.pk, 1, {"country": "DE"}), (second.pk, 1, {"country": "DE"})], by=cast.it)
    assert [name for name, *_ in CALLED] == ["Brightpath"]


def test_it_is_not_called_for_what_changed_nothing(cast, follows):
    vendor = Vendor.add(by=cast.it, name="Brightpath")
    follows["inventory.change_vendor"] = (f"{__name__}.hear",)
    vendor.change(by=cast.it, name="Brightpath")
    assert CALLED == []


def test_what_matters_only_with_a_field_is_called_where_that_changed(cast, follows):
    first, second = (Vendor.add(by=cast.it, name=name) for name in ("Brightpath", "Nordwerk"))
    follows["inventory.change_vendor.country"] = (f"{__name__}.hear",)
    first.change(by=cast.it, name="Brightpath Ltd")
    bulk.apply(Vendor, [], [(second.pk, 1, {"name": "Nordwerk AG"})], by=cast.it)
    assert CALLED == []
    first.change(by=cast.it, country="DE")
    bulk.apply(Vendor, [], [(second.pk, 2, {"country": "DE"})], by=cast.it)
    assert [name for name, *_ in CALLED] == ["Brightpath Ltd", "Nordwerk AG"]


def test_what_it_raises_undoes_the_operation(cast, follows):
    vendor = Vendor.add(by=cast.it, name="Brightpath")
    follows["inventory.change_vendor"] = (f"{__name__}.object_to",)
    with pytest.raises(Refused, match="Not like this"):
        vendor.change(by=cast.it, name="Brightpath Ltd")
    assert Vendor.objects.get(pk=vendor.pk).name == "Brightpath"


def test_start_up_refuses_names_that_lead_nowhere(follows):
    follows["inventory.change_vendor"] = (f"{__name__}.CALLED", "governance.nothing.here")
    follows["inventory.paint_vendor"] = follows["inventory.change_vendor.colour"] = (f"{__name__}.hear",)
    assert list(checks.untruths()) == [
        "martech/gates.py names inventory.paint_vendor, which is no permission.",
        "martech/gates.py names inventory.change_vendor.colour, of which there is no such field.",
        f"inventory.change_vendor: martech/gates.py names {__name__}.CALLED, which is no function.",
        "inventory.change_vendor: martech/gates.py names governance.nothing.here, which is no function.",
    ]
