"""The kernel: one act, its permission, its time, its trail."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError

from inventory.models import Capability, Integration, System, Vendor
from martech.audit.models import Entry
from martech.errors import Refused, Stale

pytestmark = pytest.mark.django_db


def test_an_act_writes_the_record_and_its_trail_together(mona):
    acme = Vendor.add(by=mona, name="  Acme   Mail ", website="https://www.Acme.example/x")
    entry = Entry.objects.get(kind="inventory.vendor", key=acme.pk)
    assert (acme.name, acme.domain, acme.number, acme.version) == ("Acme Mail", "acme.example", f"VEN-{acme.pk}", 1)
    assert (entry.verb, entry.by, entry.number, entry.text) == ("add", mona, acme.number, "Acme Mail")
    assert entry.changes["name"] == [None, "Acme Mail"]


def test_nobody_without_the_word_acts(mia, oskar):
    for person in (mia, oskar):
        with pytest.raises(PermissionDenied):
            Vendor.add(by=person, name="Acme")
    assert (Vendor.objects.count(), Entry.objects.filter(kind="inventory.vendor").count()) == (0, 0)


def test_no_actor_no_change():
    with pytest.raises(TypeError):
        Vendor.add(by=None, name="Acme")


def test_a_change_that_changes_nothing_leaves_no_trace(mona):
    acme = Vendor.add(by=mona, name="Acme", kinds=["maker"], aliases=["Acme Inc"])
    acme.change(by=mona, name="Acme", kinds=["maker"], aliases=["Acme Inc"])
    assert (acme.version, Entry.objects.filter(key=acme.pk, kind="inventory.vendor").count()) == (1, 1)


def test_a_change_keeps_before_and_after_with_names(mona):
    one, two = (Vendor.add(by=mona, name=name) for name in ("One", "Two"))
    mail = System.add(by=mona, name="Mail", vendor=one)
    mail.change(by=mona, vendor=two.pk)
    assert Entry.objects.latest("id").changes == {
        "vendor": [{"id": one.pk, "text": "One"}, {"id": two.pk, "text": "Two"}]
    }
    assert mail.version == 2


def test_many_to_many_changes_are_kept_too(mona):
    one, two = Capability.objects.filter(parent=None)[:2]
    mail = System.add(by=mona, name="Mail", capabilities=[one])
    mail.change(by=mona, capabilities=[one.pk, two.pk])
    assert sorted(mail.capabilities.values_list("pk", flat=True)) == sorted([one.pk, two.pk])
    assert Entry.objects.latest("id").changes["capabilities"][0] == [{"id": one.pk, "text": one.name}]
    assert mail.version == 2


def test_a_move_out_of_turn_is_refused(mona, ivan):
    mail = System.add(by=mona, name="Mail")
    with pytest.raises(Refused):
        mail.go_live(by=mona)
    mail.approve(by=ivan)
    mail.go_live(by=mona)
    assert (mail.lifecycle, mail.live_on is not None) == ("live", True)
    with pytest.raises(ValidationError):
        mail.change(by=mona, lifecycle="proposed")


def test_a_stale_hand_is_told(mona, ivan):
    acme = Vendor.add(by=mona, name="Acme")
    other = Vendor.objects.get(pk=acme.pk)
    other.change(by=ivan, description="Mail")
    acme.expected_version = 1
    with pytest.raises(Stale):
        acme.change(by=mona, description="Post")
    acme.change(by=mona, country="ie")
    assert (acme.description, acme.country) == ("Mail", "IE")


def test_names_are_unique_ignoring_case_and_space_among_the_unretired(mona, ivan):
    acme = Vendor.add(by=mona, name="Acme Mail")
    with pytest.raises(ValidationError) as told:
        Vendor.add(by=mona, name="ACME  mail")
    assert told.value.message_dict == {"name": ["There is a vendor of this name already."]}
    acme.retire(by=ivan, note="gone")
    Vendor.add(by=mona, name="ACME mail")
    with pytest.raises(ValidationError):
        acme.restore(by=ivan)


def test_a_hidden_reference_and_a_missing_one_are_the_same(mona, ivan, cast):
    secret = System.add(by=ivan, name="Secret", confidential=True, business_owner=ivan)
    shown = System.add(by=ivan, name="Shown")
    answers = []
    for key in (secret.pk, 999_999):
        with pytest.raises(ValidationError) as told:
            Integration.add(by=mona, source=shown.pk, target=key)
        answers.append(told.value.message_dict)
    assert answers[0] == answers[1] == {"target": ["There is no such record."]}


def test_the_trail_refuses_everybody(mona):
    Vendor.add(by=mona, name="Acme")
    for statement in ("UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Entry.objects.filter(verb="add", kind="inventory.vendor").count() == 1


def test_merging_moves_what_hangs_on_it_and_the_old_number_still_resolves(mona, ivan):
    old, new = Vendor.add(by=mona, name="Acme Inc", website="https://acme.example"), Vendor.add(by=mona, name="Acme")
    mail = System.add(by=mona, name="Mail", vendor=old)
    old.merge(by=ivan, into=new)
    mail.refresh_from_db()
    new.refresh_from_db()
    assert (mail.vendor, old.survivor, new.aliases, new.domains) == (new, new, ["Acme Inc"], ["acme.example"])
    acts = set(Entry.objects.exclude(verb="add").values_list("act", flat=True))
    assert len(acts) == 1
    old.unmerge(by=ivan)
    new.refresh_from_db()
    assert (old.retired_at, new.aliases) == (None, [])
