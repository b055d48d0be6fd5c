"""What the page of a webhook counts is what its log shows."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from martech.webhooks.models import Message, Webhook

pytestmark = pytest.mark.django_db


def test_what_is_counted_as_given_up_is_shown_behind_the_number(ivan):
    desk, now = Client(), datetime.now(UTC)
    desk.force_login(ivan, backend="martech.permissions.backend.TableBackend")
    hook = Webhook.add(by=ivan, name="One", url="https://93.184.216.34/hook")
    for state in Message.State.values:
        Message.objects.create(
            webhook=hook, cause=state, event="interlock.ping", state=state, due_at=now, at=now, trouble=f"so {state}"
        )
    page = desk.get(f"/webhooks/{hook.pk}/").content.decode()
    ((address, number),) = re.findall(r'<dt>Given up</dt><dd><a href="([^"]+)">(\d+)</a>', page)
    shown = re.findall(r"so (\w+)", desk.get(address).content.decode())
    assert (number, sorted(shown)) == ("2", ["blocked", "dead"])
