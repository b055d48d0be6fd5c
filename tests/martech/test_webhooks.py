"""Webhooks: what is told, to whom, signed how, tried how often."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from inventory.models import Assurance, System, Vendor
from martech import outbound
from martech.audit.models import Entry
from martech.errors import Refused
from martech.notifications import telling as notices
from martech.notifications.models import Notice
from martech.webhooks import health, relay, telling, tidying
from martech.webhooks.models import Message, Signing, Standing, Webhook
from tests.martech.receiver import receiver, sent, status

pytestmark = pytest.mark.django_db
HOOK = "https://93.184.216.34/hook"
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def begun(db):
    """The reader has its place: what happens from now on is news."""
    telling.tell(NOW)


def later(message, **after):
    """The relay looks when the message is due again."""
    message.refresh_from_db()
    return message.due_at + timedelta(**(after or {"seconds": 1}))


def test_an_act_is_told_once_with_what_changed(mona, ivan):
    Webhook.add(by=mona, name="Warehouse", url=HOOK)
    acme = Vendor.add(by=ivan, name="Acme")
    acme.change(by=ivan, description="Prints cards", note="asked by Mona")
    posted = sent()
    assert posted.types == ["inventory.vendor.add", "inventory.vendor.change"]
    entry = Entry.objects.latest("pk")
    message = Message.objects.latest("pk")
    assert posted[1][1] == {
        "type": "inventory.vendor.change",
        "timestamp": entry.at.isoformat(),
        "data": {
            "sequence": message.pk,
            "entry": entry.pk,
            "act": str(entry.act),
            "kind": "inventory.vendor",
            "id": acme.pk,
            "number": acme.number,
            "name": "Acme",
            "url": f"http://127.0.0.1:8000/inventory/vendors/{acme.pk}/",
            "verb": "change",
            "version": 2,
            "changes": {"description": ["", "Prints cards"]},
            "by": {"id": ivan.pk, "name": "Ivan Itkin"},
            "door": entry.door,
            "note": "asked by Mona",
        },
    }
    assert sent() == []


def test_messages_come_in_the_order_of_commits(mona):
    Webhook.add(by=mona, name="One", url=HOOK)
    for number in range(5):
        Vendor.add(by=mona, name=f"V{number}")
    posted = sent()
    told = sorted(posted, key=lambda one: one[1]["data"]["sequence"])
    assert [body["data"]["name"] for _, body in told] == ["V0", "V1", "V2", "V3", "V4"]


def test_events_narrow_what_is_told(mona, ivan):
    Webhook.add(by=mona, name="One", url=HOOK, events=["inventory.vendor.*", "*.retire"])
    shop = System.add(by=mona, name="Shop")
    Vendor.add(by=mona, name="Acme")
    shop.change(by=mona, description="Sells")
    shop.retire(by=mona, note="Gone")
    assert sent().types == ["inventory.vendor.add", "inventory.system.retire"]


def test_a_field_is_told_when_it_becomes_what_was_asked_and_not_on_every_save(mona):
    Webhook.add(by=mona, name="One", url=HOOK, conditions=["inventory.system.criticality=critical"])
    shop = System.add(by=mona, name="Shop", criticality="operational")
    shop.change(by=mona, description="Sells")
    shop.change(by=mona, criticality="critical")
    shop.change(by=mona, description="Sells more")
    posted = sent()
    assert [body["data"]["changes"] for _, body in posted] == [{"criticality": ["operational", "critical"]}]


def test_any_change_of_a_field_is_told_where_no_value_is_asked(mona):
    Webhook.add(by=mona, name="One", url=HOOK, conditions=["inventory.system.description"])
    shop = System.add(by=mona, name="Shop")
    shop.change(by=mona, aliases=["Store"])
    shop.change(by=mona, description="Sells")
    assert [list(body["data"]["changes"]) for _, body in sent()] == [["description"]]


def test_a_date_is_told_once_so_many_days_before_and_again_when_it_moves(mona):
    Webhook.add(by=mona, name="One", url=HOOK, days=["inventory.assurance.expires_on=30"])
    acme = Vendor.add(by=mona, name="Acme")
    today = NOW.date()
    far = Assurance.add(by=mona, name="Far", kind="dpa", vendor=acme, expires_on=today + timedelta(days=31))
    near = Assurance.add(by=mona, name="Near", kind="dpa", vendor=acme, expires_on=today + timedelta(days=9))
    for _ in range(2):
        telling.look_ahead(NOW)
    posted = sent()
    assert [(body["type"], body["data"]["number"], body["data"]["days_before"]) for _, body in posted] == [
        ("inventory.assurance.day_ahead", near.number, 30)
    ]
    near.change(by=mona, expires_on=today + timedelta(days=10))
    telling.look_ahead(NOW)
    assert [body["data"]["day"] for _, body in sent()] == [(today + timedelta(days=10)).isoformat()]
    telling.look_ahead(NOW + timedelta(days=1))
    assert [body["data"]["number"] for _, body in sent(at=NOW + timedelta(days=1))] == [far.number]
    tidying.tidy(NOW + timedelta(days=1))
    telling.look_ahead(NOW + timedelta(days=2))
    assert sent(at=NOW + timedelta(days=2)) == []


def test_the_database_keeps_one_message_for_one_cause(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    told = {"webhook": hook, "cause": "entry:1", "event": "x", "due_at": NOW, "at": NOW}
    Message.objects.create(**told)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(**told)


def test_signatures_are_verified_by_the_library(mona, settings):
    with receiver() as one:
        settings.WEBHOOK_ALLOW = [one.place]
        hook = Webhook.add(by=mona, name="One", url=one.url)
        Vendor.add(by=mona, name="Acme & Sønner €")
        relay.run(datetime.now(UTC))
        headers, body, _ = one.got[0]
        told = Verifier(hook.secret).verify(body, headers)
        assert told["data"]["name"] == "Acme & Sønner €"
        with pytest.raises(WebhookVerificationError):
            Verifier(hook.secret).verify(body.replace(b"Acme", b"Acne"), headers)
        message = Message.objects.get()
        assert (message.state, message.status, message.tries) == ("sent", 204, 1)


def test_for_a_day_after_rotation_both_secrets_sign(mona, settings):
    with receiver() as one:
        settings.WEBHOOK_ALLOW = [one.place]
        hook = Webhook.add(by=mona, name="One", url=one.url)
        old = hook.secret
        hook.rotate(by=mona)
        new = hook.secret
        assert old != new
        Vendor.add(by=mona, name="Acme")
        relay.run(datetime.now(UTC))
        headers, body, _ = one.got[0]
        assert len(headers["webhook-signature"].split()) == 2
        for secret in (old, new):
            assert Verifier(secret).verify(body, headers)["type"] == "inventory.vendor.add"
        at = datetime.now(UTC) + timedelta(hours=25)
        assert Signing.of([hook.pk], at) == {hook.pk: [new]}
        tidying.tidy(at)
        assert Signing.objects.count() == 1


def test_a_test_goes_the_same_way_whatever_the_state(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    hook.pause(by=mona)
    hook.test(by=mona)
    posted = sent()
    assert [body["data"]["webhook"] for _, body in posted] == [hook.number]
    assert posted.types == ["interlock.ping"]


def test_repeats_carry_the_same_id_and_their_own_time(mona):
    Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Acme")
    first = sent(500)
    message = Message.objects.get()
    second = sent(500, at=later(message))
    third = sent(204, at=later(message))
    assert first.ids == second.ids == third.ids
    assert len({one[0][0]["webhook-timestamp"] for one in (first, second, third)}) == 3
    message.refresh_from_db()
    assert (message.state, message.tries) == ("sent", 3)


def test_the_pauses_are_those_of_the_standard_with_jitter():
    for tries, seconds in enumerate(relay.PAUSES, start=1):
        for _ in range(20):
            assert 0.8 * seconds <= relay.pause(tries).total_seconds() <= 1.2 * seconds
    assert sum(relay.PAUSES) / 86_400 == pytest.approx(3.15, abs=0.1)
    assert relay.pause(1, retry_after=600.0).total_seconds() == 600
    assert relay.pause(1, retry_after=10.0**9).total_seconds() == 86_400


def test_after_the_schedule_is_used_up_a_message_is_given_up_openly(mona, monkeypatch):
    monkeypatch.setattr(relay, "DISABLE_AFTER", timedelta(days=30))
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Acme")
    at, ids = datetime.now(UTC), []
    for _ in range(len(relay.PAUSES) + 1):
        ids += sent(500, at=at).ids
        at = later(Message.objects.get(), minutes=10)
    message = Message.objects.get()
    assert (len(ids), len(set(ids)), message.state, message.tries) == (10, 1, "dead", 10)
    assert (health.health(at).given_up, health.health(at).well) == (1, False)
    hook.replay(by=mona, delivery=message.pk)
    assert sent(204, at=at + timedelta(hours=1)).ids == [ids[0]]


def test_410_switches_off_and_tells_the_owner(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Acme")
    sent(410)
    hook.refresh_from_db()
    assert (hook.status, Message.objects.get().state) == ("disabled", "dead")
    notices.tell(datetime.now(UTC))
    told = Notice.objects.get(person=mona, event="webhooks.webhook.disable")
    assert told.sentence == "The webhook One is switched off. The address answered 410: it is gone for good."
    Vendor.add(by=mona, name="Beta")
    assert sent() == []
    assert health.health(NOW).disabled == 1


def test_days_of_nothing_but_failures_switch_off(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    at = datetime.now(UTC)
    for number in range(12):
        Vendor.add(by=mona, name=f"V{number}")
        sent(500, at=at + timedelta(hours=8 * number))
    hook.refresh_from_db()
    assert hook.status == "disabled"
    entry = Entry.objects.get(kind="webhooks.webhook", verb="disable")
    assert entry.note == "Nothing but failures for 3 days. The last: The answer was 500."


@pytest.mark.parametrize(
    ("answer", "state", "trouble"),
    [
        (302, "waiting", "The answer was 302."),
        (outbound.Unanswered("No answer within 15 seconds."), "waiting", "No answer within 15 seconds."),
        (outbound.Blocked(outbound.NOT_PUBLIC), "blocked", outbound.NOT_PUBLIC),
    ],
)
def test_whatever_is_not_2xx_is_a_failure(mona, answer, state, trouble):
    Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Acme")
    assert len(sent(answer)) == 1
    message = Message.objects.get()
    assert (message.state, message.trouble) == (state, trouble)


def test_after_failures_in_a_row_one_message_at_a_time_feels_its_way(mona):
    Webhook.add(by=mona, name="One", url=HOOK)
    for number in range(30):
        Vendor.add(by=mona, name=f"V{number}")
    assert len(sent(500)) <= relay.QUIET_AFTER + relay.IN_THE_AIR
    assert Standing.objects.get().quiet_until is not None


def test_everything_since_a_moment_is_sent_again_with_its_ids_and_what_was_missed_too(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Before")
    first = sent()
    hook.pause(by=mona)
    Vendor.add(by=mona, name="Missed")
    assert sent() == []
    hook.resume(by=mona)
    at = datetime.now(UTC)
    hook.replay(by=mona, since=NOW)
    telling.replay(at)
    posted = sent()
    assert sorted(body["data"]["name"] for _, body in posted) == ["Before", "Missed"]
    assert first.ids[0] in posted.ids
    assert Standing.objects.get().replayed is None
    with pytest.raises(ValidationError, match="Choose a moment of the last 30 days"):
        hook.replay(by=mona, since=NOW - timedelta(days=31))
    with pytest.raises(ValidationError, match="Name one delivery, or the moment"):
        hook.replay(by=mona)
    with pytest.raises(ValidationError, match="There is no such delivery"):
        hook.replay(by=mona, delivery=999_999)


def test_what_is_on_its_way_is_not_sent_again(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    hook.test(by=mona)
    with pytest.raises(Refused, match="on its way already"):
        hook.replay(by=mona, delivery=Message.objects.get().pk)


def test_old_messages_go_and_those_still_sent_stay(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Acme")
    sent()
    assert tidying.tidy(NOW + timedelta(days=29)) == 0
    assert tidying.tidy(NOW + timedelta(days=31)) == 1
    assert hook.messages.count() == 0


def test_an_act_itself_writes_no_message(mona):
    Webhook.add(by=mona, name="One", url=HOOK)
    Vendor.add(by=mona, name="Acme").change(by=mona, description="x")
    assert Message.objects.count() == 0


def test_the_first_of_many_owners_costs_what_the_last_does(mona, ivan, django_assert_max_num_queries):
    for person in (mona, ivan):
        Webhook.add(by=person, name=person.name, url=HOOK)
    for number in range(40):
        Vendor.add(by=mona, name=f"V{number}")
    with django_assert_max_num_queries(16):
        telling.tell(datetime.now(UTC))
    assert Message.objects.count() == 80


def test_a_real_410_arrives(mona, settings):
    with receiver(status(410)) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        hook = Webhook.add(by=mona, name="One", url=one.url)
        hook.test(by=mona)
        relay.run(datetime.now(UTC))
        hook.refresh_from_db()
        assert (hook.status, len(one.got)) == ("disabled", 1)
