"""Many records at once keep the rules of one."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Capability, Integration, System, Vendor
from martech.audit.models import Entry, recorded
from martech.bulk import BATCH, Bulk, Row, apply
from martech.bulk.judging import CLEAR, longest
from martech.bulk.reversal import Reversal
from martech.inserting import unsaved
from martech.records.models import ExternalRef

pytestmark = pytest.mark.django_db


def outcomes(results: list[Any]) -> list[str]:
    return [result.outcome for result in results]


def test_creates_are_as_add_makes_them(mona: Any) -> None:
    one = Vendor.add(by=mona, name="Acme  Ltd", website="https://www.acme.example/x", aliases=["Acme"], kinds=["maker"])
    (made,) = apply(
        Vendor,
        [{"name": "Beta  Ltd", "website": "https://www.beta.example/x", "aliases": ["Beta"], "kinds": ["maker"]}],
        [],
        by=mona,
    )
    other = Vendor.objects.get(pk=made.key)
    assert (other.name, other.name_key, other.domain, other.names) == (
        "Beta Ltd",
        "beta ltd",
        "beta.example",
        "\nbeta\n",
    )
    assert (other.version, other.lookup) == (one.version, one.lookup.replace("acme", "beta"))
    entries = Entry.objects.filter(kind="inventory.vendor").order_by("key")
    assert entries[0].changes.keys() == entries[1].changes.keys()
    assert (entries[1].verb, entries[1].version, entries[1].text, entries[1].by) == ("add", 1, "Beta Ltd", mona)


def test_a_change_writes_only_what_differs_and_leaves_the_rest_alone(mona: Any) -> None:
    first, second = Vendor.add(by=mona, name="Acme"), Vendor.add(by=mona, name="Beta", country="IE")
    results = apply(Vendor, [], [(first.pk, 1, {"description": "Tools"}), (second.pk, 1, {"country": "IE"})], by=mona)
    assert outcomes(results) == ["changed", "unchanged"]
    assert results[0].changes == {"description": ["", "Tools"]}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.version, first.description, second.version) == (2, "Tools", 1)
    assert Entry.objects.filter(verb="change").count() == 1


def test_a_value_that_cleaning_makes_the_same_is_no_change(mona: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme", country="IE")
    assert outcomes(apply(Vendor, [], [(acme.pk, None, {"country": "ie", "name": " Acme "})], by=mona)) == ["unchanged"]


def test_an_address_is_taken_unseen_only_where_a_full_look_finds_it_sound() -> None:
    item = System._meta.get_field("url")
    sound = ["https://acme.example", "http://a.b.acme.example/x?y=%20#z", f"https://{'a' * 60}.{'b' * 60}.example/"]
    for address in sound:
        assert CLEAR.fullmatch(address)
        assert item.clean(address, None) == address
    for address in ["https://acme", "ftp:/acme.example", "https://-acme.example", "https://acme.example/a b", "x\n"]:
        assert CLEAR.fullmatch(address) is None
        with pytest.raises(ValidationError):
            item.clean(address, None)


def test_text_is_measured_only_where_its_length_is_all_that_counts() -> None:
    fields = ("name", "url", "sso", "user_count", "aliases")
    assert [longest(System._meta.get_field(name)) for name in fields] == [200, 300, 0, 0, 0]


def test_an_instance_put_together_is_as_one_made_and_shares_nothing() -> None:
    one, other = unsaved(Entry, key=4, by_id=None), unsaved(Entry)
    assert {**vars(one), "_state": None} == {**vars(Entry(key=4)), "_state": None, "by_id": None}
    one.changes["name"] = [None, "Acme"]
    assert (other.changes, Entry().changes, other._state.adding) == ({}, {}, True)


def test_a_bad_row_never_stops_the_good_ones(mona: Any) -> None:
    Vendor.add(by=mona, name="Acme")
    results = apply(
        Vendor,
        [
            {"name": "Beta"},
            {"name": "ACME "},
            {"name": "Gamma", "website": "no address"},
            {"name": "beta"},
            {"name": ""},
        ],
        [],
        by=mona,
    )
    assert outcomes(results) == ["created", "error", "error", "error", "error"]
    assert results[1].errors == {"name": ["There is a vendor of this name already."]}
    assert results[2].errors == {"website": ["Enter a valid URL."]}
    assert results[3].errors == {"name": ["There is a vendor of this name already."]}
    assert results[4].errors == {"name": ["This field cannot be blank."]}
    assert sorted(Vendor.objects.values_list("name", flat=True)) == ["Acme", "Beta"]


def test_another_version_than_expected_is_an_error(mona: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme").change(by=mona, country="IE")
    (result,) = apply(Vendor, [], [(acme.pk, 1, {"country": "DE"})], by=mona)
    assert (result.outcome, result.errors) == ("error", {"__all__": ["It was changed since it was read."]})


def test_permissions_hold_row_by_row(mia: Any, mona: Any) -> None:
    mine = Vendor.add(by=mona, name="Mine", relationship_owner=mia)
    other = Vendor.add(by=mona, name="Other")
    results = apply(
        Vendor, [{"name": "New"}], [(mine.pk, None, {"country": "IE"}), (other.pk, None, {"country": "IE"})], by=mia
    )
    assert outcomes(results) == ["error", "changed", "error"]
    assert results[0].errors == {"__all__": ["You may not add vendors."]}
    assert results[2].errors == {"__all__": [f"You may not change {other.number}."]}


def test_what_is_hidden_is_as_missing(mia: Any, mona: Any) -> None:
    hidden = System.add(by=mona, name="Secret", confidential=True)
    (result,) = apply(System, [], [(hidden.pk, None, {"url": "https://a.example"})], by=mia)
    assert result.errors == {"__all__": ["There is no such record."]}
    seen = System.add(by=mona, name="Seen")
    (result,) = apply(Integration, [{"source": seen.pk, "target": hidden.pk}], [], by=mona)
    assert result.errors == {"target": ["There is no such record."]}


def test_related_records_are_resolved_and_refused(mona: Any, ivan: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    gone = Vendor.add(by=mona, name="Gone").retire(by=ivan)
    kept = System.add(by=mona, name="Kept")
    System.objects.filter(pk=kept.pk).update(vendor=gone)
    results = apply(
        System,
        [{"name": "One", "vendor": acme.pk}, {"name": "Two", "vendor": gone.pk}, {"name": "Three", "vendor": 999}],
        [(kept.pk, None, {"vendor": gone.pk})],
        by=mona,
    )
    assert outcomes(results) == ["created", "error", "error", "unchanged"]
    assert results[0].changes["vendor"] == [None, {"id": acme.pk, "text": "Acme"}]
    assert results[1].errors == {"vendor": [f"{gone.number} is retired."]}
    assert results[2].errors == {"vendor": ["There is no such record."]}


def test_many_to_many_rows_are_set_and_told(mona: Any) -> None:
    first, second, third = Capability.objects.order_by("pk")[:3]
    crm = System.add(by=mona, name="CRM", capabilities=[first, second])
    (result,) = apply(System, [], [(crm.pk, None, {"capabilities": [second.pk, third.pk]})], by=mona)
    assert set(crm.capabilities.all()) == {second, third}
    assert {row["text"] for row in result.changes["capabilities"][1]} == {second.name, third.name}
    assert outcomes(apply(System, [], [(crm.pk, None, {"capabilities": [third.pk, second.pk]})], by=mona)) == [
        "unchanged"
    ]


def test_a_state_moves_by_its_verb_alone(mona: Any, ivan: Any) -> None:
    crm = System.add(by=ivan, name="CRM", lifecycle="approved")
    cms = System.add(by=mona, name="CMS")
    results = apply(
        System,
        [{"name": "Born live", "lifecycle": "live"}],
        [(crm.pk, None, {"lifecycle": "live"}), (cms.pk, None, {"lifecycle": "live"})],
        by=mona,
    )
    assert outcomes(results) == ["created", "changed", "error"]
    crm.refresh_from_db()
    assert (crm.lifecycle, crm.live_on is not None) == ("live", True)
    assert results[2].errors == {"lifecycle": ["No step leads from “Proposed” to “Live”."]}
    assert Entry.objects.get(kind="inventory.system", key=crm.pk, version=2).verb == "go_live"
    (result,) = apply(System, [], [(cms.pk, None, {"lifecycle": "approved"})], by=mona)
    assert result.errors == {"__all__": [f"You may not approve {cms.number}."]}
    (result,) = apply(System, [], [(cms.pk, None, {"lifecycle": "evaluating"})], by=mona)
    assert result.errors == {"trial_ends_on": ["Needed to evaluate it."]}
    (result,) = apply(
        System, [], [(cms.pk, None, {"lifecycle": "evaluating", "trial_ends_on": date(2999, 1, 1)})], by=mona
    )
    assert result.outcome == "changed"


def test_a_ring_of_parents_is_refused_in_one_batch(mona: Any) -> None:
    one, two = Vendor.add(by=mona, name="One"), Vendor.add(by=mona, name="Two")
    results = apply(Vendor, [], [(one.pk, None, {"parent": two.pk}), (two.pk, None, {"parent": one.pk})], by=mona)
    assert outcomes(results) == ["error", "error"]


def test_external_names_are_kept_once(mona: Any, ivan: Any) -> None:
    (made,) = apply(Vendor, [{"name": "Acme"}], [], by=mona, refs={0: ("erp", "V-1")})
    assert ExternalRef.objects.values_list("key", "source", "external_id").get() == (made.key, "erp", "V-1")
    (again,) = apply(Vendor, [], [(made.key, None, {"name": "Acme"})], by=mona, refs={0: ("erp", "V-1")})
    assert again.outcome == "unchanged"
    (other,) = apply(Vendor, [{"name": "Beta"}], [], by=mona, refs={0: ("erp", "V-1")})
    assert other.errors == {"external_id": [f"VEN-{made.key} is called V-1 by erp already."]}
    Vendor.objects.get(pk=made.key).retire(by=ivan)
    (other,) = apply(Vendor, [{"name": "Beta"}], [], by=mona, refs={0: ("erp", "V-1")})
    assert ExternalRef.objects.get().key == other.key


def test_listeners_are_told_once_a_batch_inside_the_transaction(mona: Any) -> None:
    told: list[int] = []

    def listen(entries: list[Entry], **kwargs: Any) -> None:
        told.append(len(entries))
        assert connection.in_atomic_block

    recorded.connect(listen)
    try:
        apply(Vendor, [{"name": f"Vendor {number}"} for number in range(BATCH + 3)], [], by=mona)
    finally:
        recorded.disconnect(listen)
    assert told == [BATCH, 3]


def test_a_dry_run_says_the_same_and_writes_nothing(mona: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    rows = [Row({"name": "Beta"}), Row({"name": "beta"}), Row({"country": "IE"}, acme.pk)]
    dry = Bulk(Vendor, by=mona, dry=True).run(rows)
    assert outcomes(dry) == ["created", "error", "changed"]
    assert (Vendor.objects.count(), Entry.objects.count()) == (1, 1)
    assert outcomes(Bulk(Vendor, by=mona).run(rows)) == outcomes(dry)


def test_a_dry_run_finds_a_name_claimed_in_an_earlier_batch(mona: Any) -> None:
    rows = [Row({"name": f"V {number}"}) for number in range(BATCH)] + [Row({"name": "v 7"})]
    assert outcomes(Bulk(Vendor, by=mona, dry=True).run(rows)) == ["created"] * BATCH + ["error"]


def test_a_row_the_database_objects_to_is_singled_out(mona: Any) -> None:
    """The check ahead may lose a race: what stands at the database counts."""

    class Blind(Bulk):
        def unique(self, works: Any) -> None:
            return None

    Vendor.add(by=mona, name="Acme")
    results = Blind(Vendor, by=mona).run([Row({"name": name}) for name in ("Beta", "acme", "Gamma", "Delta", "GAMMA")])
    assert outcomes(results) == ["created", "error", "created", "created", "error"]
    assert results[1].errors == {"name": ["There is a vendor of this name already."]}
    assert Entry.objects.count() == Vendor.objects.count() == 4


def statements(run: Any) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len([query for query in queries if "SAVEPOINT" not in query["sql"]])


@pytest.mark.postgres
def test_statements_do_not_depend_on_rows(mona: Any) -> None:
    parent = Vendor.add(by=mona, name="Parent")

    def create(count: int, prefix: str) -> int:
        rows = [
            Row({"name": f"{prefix} {n}", "website": f"https://{prefix}{n}.example", "parent": parent.pk})
            for n in range(count)
        ]
        return statements(lambda: Bulk(Vendor, by=mona).run(rows))

    assert create(2, "a") == create(BATCH, "b")
    assert create(2 * BATCH, "c") == 2 * create(BATCH, "d")
    keys = list(Vendor.objects.filter(parent=parent).values_list("pk", flat=True))

    def change(keys: list[int], text: str) -> int:
        rows = [Row({"description": text, "categories": ["CRM"], "parent": parent.pk}, key) for key in keys]
        return statements(lambda: Bulk(Vendor, by=mona).run(rows))

    assert change(keys[:2], "a") == change(keys[:BATCH], "b")
    assert change(keys[: 2 * BATCH], "c") == 2 * change(keys[:BATCH], "d")


@pytest.mark.postgres
def test_statements_of_taking_back_do_not_depend_on_rows(mona: Any) -> None:
    first, second = Capability.objects.order_by("pk")[:2]
    vendor = Vendor.add(by=mona, name="Acme")

    def take_back(count: int, prefix: str) -> tuple[int, int]:
        fields = {"vendor": vendor.pk, "capabilities": [first.pk]}
        made = Bulk(System, by=mona).run([Row({"name": f"{prefix} {n}", **fields}) for n in range(count)])
        also = Bulk(System, by=mona).run([Row({"name": f"{prefix} also {n}", **fields}) for n in range(count)])
        added = list(Entry.objects.filter(kind="inventory.system", key__in=[one.key for one in also]))
        Bulk(System, by=mona).run(
            [Row({"vendor": None, "capabilities": [second.pk], "user_count": 1}, one.key) for one in made]
        )
        changed = list(Entry.objects.filter(verb="change", key__in=[one.key for one in made]))
        return (
            statements(lambda: Reversal(System, by=mona).take_back(changed)),
            statements(lambda: Reversal(System, by=mona).take_back(added)),
        )

    assert take_back(2, "a") == take_back(BATCH, "b")
    kept = System.objects.current()
    assert set(kept.values_list("vendor", "capabilities", "user_count")) == {(vendor.pk, first.pk, None)}
    assert kept.count() * 2 == System.objects.count()


def test_an_act_is_taken_back_as_the_trail_tells_it(mona: Any, ivan: Any) -> None:
    first, second = Capability.objects.order_by("pk")[:2]
    acme = Vendor.add(by=mona, name="Acme")
    crm = System.add(by=ivan, name="CRM", lifecycle="approved", capabilities=[first])
    cms = System.add(by=mona, name="CMS", url="https://old.example")
    results = apply(
        System,
        [{"name": "New"}, {"name": "Edited since"}],
        [
            (crm.pk, None, {"lifecycle": "live", "vendor": acme.pk, "capabilities": [second.pk], "user_count": 7}),
            (cms.pk, None, {"url": "https://new.example"}),
        ],
        by=mona,
    )
    assert outcomes(results) == ["created", "created", "changed", "changed"]
    act = Entry.objects.order_by("-pk")[0].act
    System.objects.get(pk=results[1].key).change(by=mona, url="https://kept.example")
    entries = list(Entry.objects.filter(act=act).order_by("pk"))
    done = Reversal(System, by=mona, note="Undone").take_back(entries)
    assert [one.outcome for one in done] == ["retired", "left", "restored", "restored"]
    assert done[1].reason == "It was changed since."
    again = Reversal(System, by=mona, note="Undone").take_back(entries)
    assert {one.outcome for one in again} == {"left"}
    crm.refresh_from_db()
    cms.refresh_from_db()
    assert (crm.lifecycle, crm.vendor_id, crm.user_count, crm.live_on, list(crm.capabilities.all())) == (
        "approved",
        None,
        None,
        None,
        [first],
    )
    assert cms.url == "https://old.example"
    new = System.objects.get(pk=results[0].key)
    assert (new.lifecycle, new.retired_at is not None) == ("retired", True)
    assert System.objects.get(pk=results[1].key).retired_at is None
