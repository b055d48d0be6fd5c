"""Names in a sync: of one record taken by another in the same call, and of others that a source passes on."""

import pytest

from inventory.models import Vendor
from martech.audit.models import Entry
from martech.sync.models import SyncRun

pytestmark = pytest.mark.django_db


def send(by, items, source="erp", **asked):
    return SyncRun.take(Vendor, by=by, source=source, items=items, **asked)[1]


def items(*names, **more):
    return [{"external_id": f"V-{place}", "name": name, **more} for place, name in enumerate(names)]


def names():
    return list(Vendor.objects.order_by("pk").values_list("name", "name_key"))


def test_names_change_places(ivan):
    send(ivan, items("Acme", "Bolt", "Crux"))
    for wanted in (("Bolt", "Acme", "Crux"), ("Acme", "Crux", "Bolt"), ("Dune", "Acme", "Crux")):
        assert [told.outcome for told in send(ivan, items(*wanted), dry_run=True).items].count("error") == 0
        assert send(ivan, items(*wanted)).totals["error"] == 0
        assert names() == [(name, name.lower()) for name in wanted]
    assert Entry.objects.filter(verb="change").latest("pk").changes["name"] == ["Bolt", "Crux"]


def test_who_takes_the_name_of_a_bad_item_is_an_error_too_and_so_on(ivan):
    send(ivan, items("Acme", "Bolt", "Crux", "Dune"))
    moved = items("Bolt", "Crux", "Elm", "Dune now")
    answer = send(ivan, [*moved[:2], {**moved[2], "country": "Ireland"}, moved[3]])
    assert [told.outcome for told in answer.items] == ["error", "error", "error", "updated"]
    assert [told.errors for told in answer.items[:2]] == [{"name": ["There is a vendor of this name already."]}] * 2
    assert [name for name, _ in names()] == ["Acme", "Bolt", "Crux", "Dune now"]


def test_a_name_a_person_gave_is_not_let_go(ivan, mona):
    send(ivan, items("Acme", "Bolt"))
    Vendor.objects.get(name="Bolt").change(by=mona, name="Bolt & Sons")
    answer = send(ivan, items("Bolt & Sons", "Acme"))
    assert [told.outcome for told in answer.items] == ["error", "unchanged"]
    assert answer.items[0].errors == {"name": ["There is a vendor of this name already."]}


def passed_on(count):
    return [
        {**item, "external_ids": [{"source": "crm", "external_id": f"C{item['external_id']}"}]}
        for item in items(*(f"Vendor {number}" for number in range(count)))
    ]


def test_a_source_that_passes_on_names_retires_what_it_no_longer_lists(ivan):
    send(ivan, passed_on(10))
    answer = send(ivan, passed_on(9), mode="full")
    assert ([told.external_id for told in answer.retired], answer.kept) == (["V-9"], [])


def test_a_name_that_its_own_source_uses_keeps_the_record(ivan):
    made = send(ivan, passed_on(10))
    last = made.items[9]
    told = send(ivan, [{"external_id": "CV-9", "name": "Vendor 9"}], source="crm").items[0]
    assert (told.key, told.outcome) == (last.key, "unchanged")
    answer = send(ivan, passed_on(9), mode="full")
    assert ([told.key for told in answer.kept], answer.retired) == ([last.key], [])
