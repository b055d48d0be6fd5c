"""A data team wants to hear of systems that go live; IT gives it a webhook, and lives with a receiver that is down."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from standardwebhooks import Webhook as Verifier

from inventory.models import System
from martech.webhooks import relay, telling
from martech.webhooks.models import Webhook
from tests.martech.receiver import receiver, status

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_warehouse_hears_of_every_system_that_goes_live(cast, settings):
    ivan, mona, now = cast.it, cast.marketing_ops, datetime.now(UTC)
    desk, moods = Client(), [status(204)]
    desk.force_login(ivan, backend="martech.permissions.backend.TableBackend")
    telling.tell(now)

    def pass_time(**later):
        """The worker looks, so much later: first what is to be told, or told again, then what is to be sent."""
        at = datetime.now(UTC) + timedelta(**later)
        telling.tell(at)
        telling.replay(at)
        relay.run(at)

    with receiver(lambda handler: moods[0](handler)) as warehouse:
        settings.WEBHOOK_ALLOW = [warehouse.place]

        # Ivan says where to and what of, and gets the secret this once.
        page = desk.post(
            "/webhooks/new/", {"name": "Warehouse", "url": warehouse.url, "events": ["inventory.system.go_live"]}
        )
        (secret,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", page.content.decode()))
        hook = Webhook.objects.get()
        address = f"/webhooks/{hook.pk}/"

        # He sends a test; the warehouse verifies it with the library of the standard.
        desk.post(f"{address}test/")
        pass_time(seconds=1)
        headers, body, _ = warehouse.got[-1]
        assert Verifier(secret).verify(body, headers)["type"] == "interlock.ping"

        # Mona takes a system live. Logging it is no news; going live is.
        mail = System.add(by=ivan, name="Petal Mail", lifecycle="approved")
        mail.go_live(by=mona, note="Ready")
        pass_time(seconds=2)
        headers, body, _ = warehouse.got[-1]
        news = Verifier(secret).verify(body, headers)
        assert (news["type"], news["data"]["number"]) == ("inventory.system.go_live", mail.number)
        assert len(warehouse.got) == 2

        # The warehouse is down for a while. The message comes again under its id, and the page says how things stand.
        moods[0] = status(503)
        shop = System.add(by=ivan, name="Petal Shop", lifecycle="approved")
        shop.go_live(by=mona)
        pass_time(seconds=3)
        assert "503" in words(desk.get(f"{address}deliveries/"))
        moods[0] = status(204)
        pass_time(minutes=10)
        failed, taken = warehouse.got[-2:]
        assert failed[0]["webhook-id"] == taken[0]["webhook-id"]
        assert json.loads(taken[1])["data"]["number"] == shop.number

        # The secret has been in a chat: Ivan makes a new one. For a day both are right.
        page = desk.post(f"{address}rotate/", {"version": Webhook.objects.get().version})
        (newer,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", page.content.decode()))
        desk.post(f"{address}test/")
        pass_time(seconds=4)
        headers, body, _ = warehouse.got[-1]
        assert Verifier(secret).verify(body, headers) == Verifier(newer).verify(body, headers)

        # Paused, nothing is sent; resumed, what happened meanwhile can be sent again.
        desk.post(f"{address}pause/", {"version": Webhook.objects.get().version})
        before = len(warehouse.got)
        chat = System.add(by=ivan, name="Petal Chat", lifecycle="approved")
        chat.go_live(by=mona)
        pass_time(minutes=12)
        assert (len(warehouse.got), Webhook.objects.get().status) == (before, "paused")
        desk.post(f"{address}resume/", {"version": Webhook.objects.get().version})
        since = (now - timedelta(minutes=1)).isoformat()
        desk.post(f"{address}replay/", {"version": Webhook.objects.get().version, "since": since})
        pass_time(minutes=13)
        told = [json.loads(body)["data"].get("number") for _, body, _ in warehouse.got[before:]]
        assert sorted(told) == sorted([mail.number, shop.number, chat.number])
