"""Webhooks see through their owner's eyes and no others; what makes no sense is told; the secret stands nowhere."""

import json
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from inventory.models import System, Vendor
from martech.accounts.models import Token, User
from martech.audit.models import Entry
from martech.webhooks import log, relay, telling
from martech.webhooks.models import Message, Signing, Standing, Webhook
from tests.martech.receiver import sent

pytestmark = pytest.mark.django_db
HOOK = "https://93.184.216.34/hook"
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def begun(db):
    """The reader has its place: what happens from now on is news."""
    telling.tell(NOW)


def test_what_the_owner_may_not_see_is_never_sent(mona, ivan, cast):
    Webhook.add(by=mona, name="Mona's", url=HOOK)
    hidden = System.add(by=ivan, name="Heron", confidential=True, technical_owner=ivan)
    hidden.change(by=ivan, description="Heron is secret")
    shop = System.add(by=ivan, name="Shop", target_system=hidden)
    posted = sent()
    assert [body["data"]["number"] for _, body in posted] == [shop.number]
    assert "Heron" not in json.dumps([body for _, body in posted])
    assert Message.objects.count() == 1


def test_what_is_hidden_before_it_is_sent_is_not_sent(mona, ivan):
    hook = Webhook.add(by=mona, name="Mona's", url=HOOK)
    shop = System.add(by=ivan, name="Shop", technical_owner=ivan)
    telling.tell(NOW)
    shop.change(by=ivan, confidential=True)
    assert sent() == []
    assert [one.state for one in hook.messages.all()] == ["void"]
    assert [(line.name, line.number, line.body) for line in log.lines(hook, list(hook.messages.all()), mona)] == [
        ("", "", "")
    ]


def test_fields_that_the_owner_may_not_see_are_left_out(ada, ivan):
    """Administrators do not see the risk of a vendor."""
    Webhook.add(by=ada, name="Ada's", url=HOOK)
    acme = Vendor.add(by=ivan, name="Acme")
    acme.change(by=ivan, risk_note="Owes money", description="Prints")
    posted = sent()
    assert posted[-1][1]["data"]["changes"] == {"description": ["", "Prints"]}
    assert "Owes" not in json.dumps([body for _, body in posted])
    with pytest.raises(ValidationError, match="is no field"):
        Webhook.add(by=ada, name="Peek", url=HOOK, conditions=["inventory.vendor.no_such"])


def test_a_hidden_field_fires_nothing(ada, ivan, monkeypatch):
    """A condition on a field that was visible when it was kept, and is not now."""
    hook = Webhook.add(by=ada, name="Ada's", url=HOOK)
    Webhook.objects.filter(pk=hook.pk).update(conditions=["inventory.vendor.risk_note"])
    Vendor.add(by=ivan, name="Acme").change(by=ivan, risk_note="Owes money")
    assert sent() == []


def test_the_log_shows_bodies_to_the_owner_alone(mona, ada):
    hook = Webhook.add(by=mona, name="Mona's", url=HOOK)
    Vendor.add(by=mona, name="Acme")
    sent()
    messages = list(hook.messages.select_related("entry__by"))
    assert [line.name for line in log.lines(hook, messages, mona)] == ["Acme"]
    assert [(line.name, line.body) for line in log.lines(hook, messages, ada)] == [("", "")]


def test_a_webhook_whose_owner_left_pauses_and_cannot_be_resumed(mona, ada):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    mona.retire(by=ada, note="left")
    assert sent() == []
    relay.pause_those_left(datetime.now(UTC))
    hook.refresh_from_db()
    entry = Entry.objects.get(kind="webhooks.webhook", verb="pause")
    assert (hook.status, entry.note) == ("paused", "Mona Marketing has left.")
    with pytest.raises(PermissionDenied):
        hook.resume(by=ada)


def test_nobody_sees_through_another_s_eyes(mona, ivan, ada):
    hook = Webhook.add(by=ivan, name="Ivan's", url=HOOK)
    for act in ({"url": HOOK + "2"}, {"events": ["*.retire"]}):
        for person in (mona, ada):
            with pytest.raises(PermissionDenied):
                hook.change(by=person, **act)
    for person in (mona, ada):
        for verb in ("rotate", "test"):
            with pytest.raises(PermissionDenied):
                getattr(hook, verb)(by=person)
    with pytest.raises(PermissionDenied):
        Webhook.add(by=mona, name="As Ivan", url=HOOK, owner=ivan)
    service = User.add(by=ada, name="ERP", email="erp@cast.example", kind="service")
    kept = Webhook.add(by=ada, name="ERP", url=HOOK, owner=service)
    assert (kept.owner, kept.change(by=ada, name="ERP two").name) == (service, "ERP two")
    with pytest.raises(ValidationError):
        kept.change(by=ada, owner=ada)


def test_a_token_for_some_kinds_makes_no_webhook(mona):
    narrow = Token.add(by=mona, name="Vendors", write=True, kinds=["webhooks.webhook"])
    mona.limits = narrow
    with pytest.raises(PermissionDenied):
        Webhook.add(by=mona, name="Wide", url=HOOK)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("url", "https://127.0.0.1/", "Give a public https address"),
        ("url", "https://localhost/", "Give a public https address"),
        ("url", "http://93.184.216.34/", "Give a public https address"),
        ("events", ["inventory.vendor.fly"], "is no event"),
        ("conditions", ["inventory.system.criticality=sky"], "is not one of"),
        ("days", ["inventory.system.name=3"], "is no date"),
        ("days", ["inventory.assurance.expires_on"], "Say how many days before"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_field(mona, field, value, sentence):
    with pytest.raises(ValidationError, match=sentence) as refusal:
        Webhook.add(by=mona, **{"name": "One", "url": HOOK, field: value})
    assert list(refusal.value.error_dict) == [field]


def test_the_secret_stands_in_no_table_and_no_trail(mona):
    hook = Webhook.add(by=mona, name="One", url=HOOK)
    secrets = [hook.secret, hook.rotate(by=mona).secret]
    rows = [str(list(model.objects.values())) for model in (Webhook, Signing, Standing, Message, Entry)]
    assert not any(secret in row or secret[6:] in row for secret in secrets for row in rows)
    assert Webhook.objects.get().secret == ""
