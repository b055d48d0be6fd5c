"""A source keeps records in step: each item told, what a person set left alone, nothing doubled and nothing lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from inventory.models import System, Vendor
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.errors import Refused
from martech.records.models import ExternalRef
from martech.sync.models import SyncRun

pytestmark = pytest.mark.django_db


def send(by, items, model=Vendor, source="erp", **asked):
    """The run and the answer of one call."""
    return SyncRun.take(model, by=by, source=source, items=items, **asked)


def outcomes(answer):
    return [one.outcome for one in answer.items]


ACME = {"external_id": "V-1", "name": "Acme", "website": "https://acme.example", "country": "IE"}
BETA = {"external_id": "V-2", "name": "Beta", "categories": ["ads", "mail"], "domains": ["beta.example", "b.example"]}


def test_the_first_call_creates_the_second_changes_nothing_and_an_edit_changes_one(ivan):
    run, answer = send(ivan, [ACME, BETA])
    assert outcomes(answer) == ["created", "created"]
    acme = Vendor.objects.get(pk=answer.items[0].key)
    assert (acme.name, acme.country, acme.origin, acme.origin_detail) == ("Acme", "IE", "sync", "erp")
    assert ExternalRef.objects.get(kind="inventory.vendor", source="erp", external_id="V-1").key == acme.pk
    assert (run.created_count, run.item_count) == (2, 2)

    run, answer = send(ivan, [ACME, BETA])
    assert outcomes(answer) == ["unchanged", "unchanged"]
    assert Entry.objects.filter(kind="inventory.vendor").count() == 2

    run, answer = send(ivan, [{**ACME, "country": "DE"}, BETA])
    assert outcomes(answer) == ["updated", "unchanged"]
    acme.refresh_from_db()
    assert (acme.country, acme.version, acme.field_sources["country"]) == ("DE", 2, "erp")
    entry = Entry.objects.filter(kind="inventory.vendor").latest("pk")
    assert (entry.door, entry.origin, entry.changes) == ("sync", "erp", {"country": ["IE", "DE"]})


def test_a_value_a_person_set_stays_and_the_difference_is_told(ivan, mona):
    _, answer = send(ivan, [ACME])
    acme = Vendor.objects.get(pk=answer.items[0].key)
    acme.change(by=mona, country="FR", description="Ours", relationship_owner=mona)
    run, answer = send(ivan, [{**ACME, "country": "DE", "description": "Theirs", "website": "https://acme.io"}])
    (told,) = answer.items
    acme.refresh_from_db()
    assert (acme.country, acme.description, acme.website) == ("FR", "Ours", "https://acme.io")
    assert acme.relationship_owner == mona
    assert told.outcome == "updated"
    assert told.differences == {
        "country": {"ours": "FR", "theirs": "DE", "set_by": ""},
        "description": {"ours": "Ours", "theirs": "Theirs", "set_by": ""},
    }
    assert run.difference_count == 1


def test_what_a_person_emptied_stays_empty(ivan, mona):
    _, answer = send(ivan, [ACME])
    Vendor.objects.get(pk=answer.items[0].key).change(by=mona, country="")
    _, answer = send(ivan, [ACME])
    assert answer.items[0].differences == {"country": {"ours": "", "theirs": "IE", "set_by": ""}}


def test_what_another_source_set_stays(ivan):
    _, answer = send(ivan, [ACME])
    _, answer = send(ivan, [{"external_id": "7", "name": "Acme", "country": "US"}], source="saas")
    assert (answer.items[0].outcome, answer.items[0].differences) == (
        "updated",
        {"country": {"ours": "IE", "theirs": "US", "set_by": "erp"}},
    )


def test_what_nobody_set_is_filled_in(ivan, mona):
    acme = Vendor.add(by=mona, name="Acme", country="IE")
    _, answer = send(ivan, [{**ACME, "name": "ACME", "country": "IE"}])
    acme.refresh_from_db()
    assert (answer.items[0].key, answer.items[0].outcome, acme.website) == (acme.pk, "updated", "https://acme.example")
    assert acme.field_sources == {"website": "erp"}
    assert answer.items[0].differences == {"name": {"ours": "Acme", "theirs": "ACME", "set_by": ""}}


def test_a_value_in_another_form_is_no_difference(ivan, mona):
    acme = Vendor.add(by=mona, name="Acme", website="https://acme.example", domains=["b.example"])
    send(ivan, [{"external_id": "1", "name": "  Acme ", "domains": ["www.B.example", "acme.example"], "country": "ie"}])
    _, answer = send(
        ivan, [{"external_id": "1", "name": "Acme", "domains": ["https://b.example/", "acme.example"], "country": "ie"}]
    )
    assert (answer.items[0].key, answer.items[0].outcome, answer.items[0].differences) == (acme.pk, "unchanged", {})


def test_a_shared_domain_or_alias_is_proposed_and_not_doubled(ivan, mona):
    acme = Vendor.add(by=mona, name="Acme Holding", website="https://acme.example", aliases=["Umbrella"])
    run, answer = send(ivan, [ACME, {"external_id": "V-9", "name": "umbrella"}])
    assert outcomes(answer) == ["error", "error"]
    assert [like.why for one in answer.items for like in one.matches] == [
        "is at acme.example, too",
        "is called umbrella, too",
    ]
    assert (Vendor.objects.count(), run.match_count, run.error_count) == (1, 2, 0)

    _, answer = send(
        ivan, [{**ACME, "same_as": acme.number}, {"external_id": "V-9", "name": "umbrella", "same_as": "new"}]
    )
    assert (outcomes(answer), answer.items[0].key) == (["updated", "created"], acme.pk)


def test_a_person_settles_what_a_source_left_open(ivan, mona):
    acme = Vendor.add(by=mona, name="Acme Holding", website="https://acme.example")
    run, _ = send(ivan, [ACME, {"external_id": "V-9", "name": "Other", "website": "http://acme.example"}])
    run.settle(by=mona, external_id="V-1", same_as=acme.number)
    run.settle(by=mona, external_id="V-9", same_as="new")
    assert [row.settled for row in run.rows.order_by("place")] == [acme.number, Vendor.objects.get(name="Other").number]
    assert run.match_count == 0
    with pytest.raises(Refused):
        run.settle(by=mona, external_id="V-1", same_as=acme.number)
    _, answer = send(ivan, [ACME, {"external_id": "V-9", "name": "Other", "website": "http://acme.example"}])
    assert "error" not in outcomes(answer)


def test_a_person_gives_a_field_back_to_its_source(ivan, mona):
    _, answer = send(ivan, [ACME])
    acme = Vendor.objects.get(pk=answer.items[0].key)
    acme.change(by=mona, country="FR")
    run, _ = send(ivan, [ACME])
    run.accept(by=mona, external_id="V-1", field="country")
    acme.refresh_from_db()
    assert (acme.country, acme.field_sources["country"], run.difference_count) == ("IE", "erp", 0)
    _, answer = send(ivan, [{**ACME, "country": "US"}])
    assert (answer.items[0].outcome, answer.items[0].differences) == ("updated", {})
    with pytest.raises(Refused):
        run.accept(by=mona, external_id="V-1", field="country")


def test_a_bad_item_says_why_and_stops_nobody(ivan):
    _, answer = send(
        ivan,
        [
            ACME,
            {"external_id": "V-2"},
            {"external_id": "V-3", "name": "Gamma", "colour": "red"},
            {"external_id": "V-4", "name": "Delta", "number": "VEN-4"},
            {"external_id": "V-5", "name": 7},
            {"external_id": "V-6", "name": "Eta", "parent": 999},
            {"external_id": "V-1", "name": "Again"},
            {"name": "Nobody"},
            "Theta",
            {"external_id": "V-7", "name": "Iota", "kinds": ["planet"]},
            {"external_id": "V-8", "name": "acme"},
        ],
    )
    assert outcomes(answer) == ["created"] + ["error"] * 10
    assert [one.errors for one in answer.items[1:]] == [
        {"name": ["This field cannot be blank."]},
        {"colour": ["There is no such field."]},
        {"number": ["This is read-only."]},
        {"name": ["Not a valid string."]},
        {"parent": ["There is no such record."]},
        {"external_id": ["Item 1 has this id already."]},
        {"external_id": ["This is needed."]},
        {"non_field": ["Send an object."]},
        {"kinds": ["planet is not one of the choices."]},
        {"name": ["There is a vendor of this name already."]},
    ]
    assert Vendor.objects.count() == 1


def test_atomic_undoes_all_where_one_item_is_bad(ivan):
    with pytest.raises(ValidationError) as told:
        send(ivan, [ACME, {"external_id": "V-2"}], atomic=True)
    assert told.value.message_dict == {"items.1.name": ["This field cannot be blank."]}
    assert (Vendor.objects.count(), SyncRun.objects.count(), ExternalRef.objects.count()) == (0, 0, 0)


def test_a_dry_run_tells_and_writes_nothing(ivan, mona):
    send(ivan, [ACME])
    before = Entry.objects.count()
    run, answer = send(ivan, [{**ACME, "country": "DE"}, BETA], dry_run=True)
    assert (run, outcomes(answer)) == (None, ["updated", "created"])
    assert (Vendor.objects.get().country, Entry.objects.count()) == ("IE", before)


def test_a_full_list_retires_what_the_source_made_and_nothing_else(ivan, mona):
    many = [{"external_id": f"V-{n}", "name": f"Vendor {n}"} for n in range(30)]
    adopted = Vendor.add(by=mona, name="Adopted")
    shared = {"external_id": "V-50", "name": "Shared"}
    send(ivan, [*many, {"external_id": "V-40", "name": "Adopted"}, shared])
    send(ivan, [{**shared, "external_id": "7"}], source="saas")
    own = Vendor.add(by=mona, name="Ours")
    _, answer = send(ivan, many[2:], mode="full")
    assert [(one.external_id, one.outcome) for one in answer.retired] == [("V-0", "retired"), ("V-1", "retired")]
    assert {one.number for one in answer.kept} == {adopted.number, Vendor.objects.get(name="Shared").number}
    assert set(Vendor.objects.exclude(retired_at=None).values_list("name", flat=True)) == {"Vendor 0", "Vendor 1"}
    own.refresh_from_db()
    assert own.retired_at is None
    entry = Entry.objects.filter(kind="inventory.vendor", verb="retire").first()
    assert (entry.door, entry.origin, entry.note) == ("sync", "erp", "Sync of erp")


def test_what_is_listed_again_comes_back_but_not_what_a_person_retired(ivan):
    many = [{"external_id": f"V-{n}", "name": f"Vendor {n}"} for n in range(30)]
    send(ivan, many)
    send(ivan, many[1:], mode="full")
    gone = Vendor.objects.get(name="Vendor 0")
    assert gone.retired_at is not None
    Vendor.objects.get(name="Vendor 5").retire(by=ivan)
    _, answer = send(ivan, [{**many[0], "country": "IE"}, many[5]], mode="partial")
    gone.refresh_from_db()
    assert (outcomes(answer), gone.retired_at, gone.country) == (["updated", "unchanged"], None, "IE")
    assert answer.items[1].differences == {"retired": {"ours": True, "theirs": False, "set_by": ""}}


def test_a_full_list_that_is_empty_or_much_too_short_does_nothing(ivan):
    many = [{"external_id": f"V-{n}", "name": f"Vendor {n}"} for n in range(20)]
    send(ivan, many)
    with pytest.raises(ValidationError, match="retire everything"):
        send(ivan, [], mode="full")
    with pytest.raises(Refused, match="would retire 3 of the 20 vendors"):
        send(ivan, [*many[3:], {"external_id": "V-99", "name": "New"}], mode="full")
    assert (Vendor.objects.filter(retired_at=None).count(), Vendor.objects.count()) == (20, 20)
    _, answer = send(ivan, many[3:], mode="full", confirm_retire=True)
    assert answer.totals["retired"] == 3


def test_a_merged_vendor_answers_through_its_survivor(ivan):
    _, answer = send(ivan, [ACME, BETA])
    acme, beta = (Vendor.objects.get(pk=one.key) for one in answer.items)
    acme.merge(by=ivan, into=beta)
    _, answer = send(ivan, [{**ACME, "country": "DE"}, {**BETA, "country": "FR"}], mode="full")
    beta.refresh_from_db()
    assert [(one.key, one.outcome) for one in answer.items] == [(beta.pk, "unchanged"), (beta.pk, "updated")]
    assert (beta.country, beta.retired_at, answer.retired) == ("FR", None, [])
    _, answer = send(ivan, [{**ACME, "country": "DE"}])
    assert (answer.items[0].key, answer.items[0].outcome) == (beta.pk, "updated")


def test_systems_name_vendors_as_the_source_does_and_people_by_mail(ivan, mona, ada):
    send(ivan, [ACME])
    team = Function.add(by=ada, name="Marketing")
    item = {
        "external_id": "S-1",
        "name": "Mail",
        "vendor": {"external_id": "V-1"},
        "business_owner": "Mona@cast.example",
        "owning_function": team.number,
        "journey_stages": [],
        "user_count": 12,
        "external_ids": [{"source": "cmdb", "external_id": "CI-7"}],
    }
    _, answer = send(ivan, [item, {**item, "external_id": "S-2", "vendor": {"external_id": "V-77"}}], model=System)
    assert (outcomes(answer), answer.items[1].errors) == (
        ["created", "error"],
        {"vendor": ["There is no such record."]},
    )
    mail = System.objects.get()
    assert (mail.vendor.name, mail.business_owner, mail.owning_function, mail.user_count) == ("Acme", mona, team, 12)
    assert set(ExternalRef.objects.filter(kind="inventory.system").values_list("source", "external_id", "key")) == {
        ("erp", "S-1", mail.pk),
        ("cmdb", "CI-7", mail.pk),
    }
    _, answer = send(ivan, [item], model=System)
    assert outcomes(answer) == ["unchanged"]


def test_a_later_move_goes_by_its_verb_and_is_refused_where_no_step_leads(ivan):
    send(ivan, [{"external_id": "S-1", "name": "Mail", "lifecycle": "live"}], model=System)
    _, answer = send(ivan, [{"external_id": "S-1", "name": "Mail", "lifecycle": "approved"}], model=System)
    assert answer.items[0].errors == {"lifecycle": ["No step leads from “Live” to “Approved”."]}
    mail = System.objects.get()
    mail.phase_out(by=ivan, note="Replaced")
    _, answer = send(ivan, [{"external_id": "S-1", "name": "Mail", "lifecycle": "live"}], model=System)
    assert answer.items[0].differences == {"lifecycle": {"ours": "phasing_out", "theirs": "live", "set_by": ""}}


def test_who_may_not_is_refused(ivan, mia, mona):
    with pytest.raises(PermissionDenied):
        send(mia, [ACME])
    with pytest.raises(PermissionDenied):
        send(mona, [ACME], mode="full")
    assert Vendor.objects.count() == 0


def test_a_hidden_record_is_neither_proposed_nor_named(ivan, mona):
    System.add(by=mona, name="Secret", aliases=["Covert"], confidential=True, business_owner=mona)
    _, answer = send(
        ivan, [{"external_id": "1", "name": "Covert"}, {"external_id": "2", "name": "Secret"}], model=System
    )
    assert (outcomes(answer), [one.matches for one in answer.items]) == (["created", "created"], [[], []])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"source": " "}, {"source": ["This is needed."]}),
        ({"mode": "all"}, {"mode": ["Choose partial or full."]}),
        ({"items": {}}, {"items": ["Send a list."]}),
        ({"items": [{}] * 5001}, {"items": ["At most 5,000 items in one call, not 5,001."]}),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_whole(ivan, asked, told):
    with pytest.raises(ValidationError) as error:
        SyncRun.take(Vendor, by=ivan, **{"source": "erp", "items": [ACME], **asked})
    assert error.value.message_dict == told
