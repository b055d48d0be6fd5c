"""The reader that tells people: each act once, none lost, and none that stands in the way of others."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory.models import Assurance, System, Vendor
from martech.audit.context import through
from martech.audit.models import Entry, Place
from martech.audit.reading import end
from martech.notifications import listen, telling
from martech.notifications.health import health
from martech.notifications.models import Delivery, Notice, Preference, Reminder, Untold
from martech.operations import acting
from martech.records.models import Follow

pytestmark = [pytest.mark.django_db, pytest.mark.unheard]
MONDAY = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def told(person):
    return list(Notice.objects.for_(person).order_by("pk").values_list("event", "sentence"))


@pytest.fixture
def acme(mona, mia):
    """A vendor that Mia follows."""
    acme = Vendor.add(by=mona, name="Acme", at=MONDAY)
    Follow.begin(acme, mia)
    return acme


def broken(record, by):
    """An entry that cannot be told: its changes are no changes."""
    return Entry.objects.create(
        act="00000000-0000-0000-0000-00000000000b",
        at=MONDAY,
        by=by,
        door="page",
        kind=record._meta.label_lower,
        key=record.pk,
        number=record.number,
        verb="change",
        changes=["nonsense"],
    )


def test_nothing_is_told_before_the_reader_comes_and_everything_once_it_came(acme, mona, mia):
    acme.remark(by=mona, note="One", at=MONDAY)
    acme.remark(by=mona, note="Two", at=MONDAY)
    assert told(mia) == []
    assert telling.tell(MONDAY + timedelta(hours=3)) == 3
    assert telling.tell(MONDAY + timedelta(hours=3)) == 0
    assert told(mia) == [
        ("inventory.vendor.remark", "Mona Marketing wrote about Acme: “One”"),
        ("inventory.vendor.remark", "Mona Marketing wrote about Acme: “Two”"),
    ]
    assert set(Notice.objects.values_list("at", flat=True)) == {MONDAY}
    assert Place.objects.get(pk="tell").entry == end()


def test_a_new_installation_is_told_of_its_first_act(mona, mia):
    System.add(by=mona, name="Mailer", business_owner=mia)
    telling.tell(MONDAY)
    assert told(mia) == [("inventory.system.add", "Mona Marketing made you business owner of Mailer.")]


def test_a_mail_goes_out_when_it_is_told_and_a_digest_is_that_of_the_act(acme, mona, mia, ivan):
    Preference.choose(mia, "at_once")
    Follow.begin(acme, ivan)
    acme.remark(by=mona, note="Late", at=MONDAY)
    later = MONDAY + timedelta(hours=30)
    telling.tell(later)
    assert list(Delivery.objects.values_list("person", "due_at")) == [(mia.pk, later)]
    assert Notice.objects.get(person=ivan).mail_due_at == datetime(2026, 5, 5, 9, 5, tzinfo=UTC)


def test_what_came_from_the_demonstration_is_passed_by(acme, mona, mia):
    with through("demo"):
        acme.remark(by=mona, note="Long ago")
    telling.tell(MONDAY)
    assert (told(mia), Place.objects.get(pk="tell").entry) == ([], end())


def test_who_may_see_it_is_asked_when_it_is_told(mona, mia, cast):
    shop = System.add(by=mona, name="Shop")
    for person in (mia, cast.steering):
        Follow.begin(shop, person)
    shop.remark(by=mona, note="The price is right")
    shop.change(by=mona, confidential=True)
    telling.tell(MONDAY)
    assert told(mia) == []
    assert [event for event, _ in told(cast.steering)] == ["inventory.system.remark", "inventory.system.change"]


def test_an_act_of_somebody_who_left_is_told_and_a_kind_that_is_gone_is_not(acme, mona, mia, ada):
    acme.remark(by=mona, note="Goodbye")
    mona.retire(by=ada)
    row = Entry.objects.latest("pk")
    row.pk, row.kind, row._state.adding = None, "inventory.fax", True
    row.save()
    telling.tell(MONDAY)
    assert told(mia) == [("inventory.vendor.remark", "Mona Marketing wrote about Acme: “Goodbye”")]
    assert not Untold.objects.exists()


def test_acts_told_together_stay_acts_of_their_own(mona, mia):
    vendors = [Vendor.add(by=mona, name=f"Vendor {n}") for n in range(6)]
    for vendor in vendors:
        Follow.begin(vendor, mia)
    with acting(mona):
        for vendor in vendors:
            vendor.change(by=mona, description="a")
    with acting(mona):
        vendors[0].change(by=mona, description="b")
        vendors[0].remark(by=mona, note="Done")
    vendors[0].change(by=mona, website="https://acme.example")
    telling.tell(MONDAY)
    assert told(mia) == [
        ("many", "Mona Marketing changed 6 vendors in one go."),
        ("inventory.vendor.remark", "Mona Marketing wrote about Vendor 0: “Done”"),
        ("inventory.vendor.change", "Mona Marketing changed website of Vendor 0."),
    ]


def test_the_statements_do_not_grow_with_the_number_of_acts(acme, mona, mia):
    Preference.choose(mia, "at_once")
    counts = []
    telling.tell(MONDAY)
    for several in (2, 20):
        for number in range(several):
            acme.remark(by=mona, note=f"{number}", at=MONDAY)
        Delivery.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            telling.tell(MONDAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(told(mia)) == 22


def test_an_act_that_cannot_be_told_keeps_nobody_waiting_and_is_given_up_openly(acme, mona, mia, ada, caplog):
    acme.remark(by=mona, note="Before")
    broken(acme, mona)
    acme.remark(by=mona, note="After")
    telling.tell(MONDAY)
    sentences = [f"Mona Marketing wrote about Acme: “{word}”" for word in ("Before", "After")]
    assert [sentence for _, sentence in told(mia)] == sentences
    assert list(Untold.objects.values_list("tries", "gave_up_at")) == [(1, None)]
    at = MONDAY
    for _ in range(telling.TRIES):
        at += timedelta(hours=3)
        telling.tell(at)
    given_up = Untold.objects.get()
    assert (given_up.tries, given_up.gave_up_at) == (telling.TRIES, MONDAY + timedelta(hours=12))
    assert given_up.trouble == "AttributeError: 'list' object has no attribute 'items'"
    assert (health(at).untold, health(at).well) == (1, False)

    client = Client()
    client.force_login(ada, backend="martech.permissions.backend.TableBackend")
    assert given_up.trouble.encode().replace(b"'", b"&#x27;") in client.get("/health/").content
    client.post("/health/", {"act": "tell"})
    assert list(Untold.objects.values_list("tries", "gave_up_at")) == [(0, None)]


def test_an_act_put_aside_is_told_once_it_can_be(acme, mona, mia):
    acme.remark(by=mona, note="At last")
    entry = Entry.objects.latest("pk")
    Place.objects.filter(pk="tell").update(entry=entry.pk)
    Untold.objects.create(act=entry.act, first=entry.pk, last=entry.pk, at=MONDAY, due_at=MONDAY, trouble="full disk")
    assert telling.again(MONDAY - timedelta(seconds=1)) == 0
    assert telling.again(MONDAY) == 1
    assert told(mia) == [("inventory.vendor.remark", "Mona Marketing wrote about Acme: “At last”")]
    assert not Untold.objects.exists()


def test_health_says_how_long_news_wait(acme, mona):
    telling.tell(MONDAY)
    assert health(MONDAY).news_late == timedelta(0)
    acme.remark(by=mona, note="Hello", at=MONDAY)
    late = health(MONDAY + timedelta(minutes=5))
    assert (late.news_late, late.well) == (timedelta(minutes=5), False)


def test_reminders_end_with_the_act_and_not_when_it_is_told(mona, acme, mia):
    proof = Assurance.add(by=mona, name="Proof", kind="dpa", vendor=acme, expires_on="2026-07-01")
    Reminder.objects.create(
        topic="inventory.assurance.expiry",
        kind="inventory.assurance",
        key=proof.pk,
        deadline="2026-07-01",
        step=7,
        person=mia,
        due_at=MONDAY,
        changed_at=MONDAY,
    )
    proof.retire(by=mona)
    assert list(Reminder.objects.values_list("state", "reason")) == [("void", "retire: Mona Marketing")]


def test_an_act_without_reminders_asks_nothing_of_those_who_listen(acme, mona):
    acme.remark(by=mona, note="One")
    entries = list(Entry.objects.filter(verb="remark").select_related("by"))
    with CaptureQueriesContext(connection) as queries:
        listen.hear(Entry, entries)
    assert len(queries) == 0
