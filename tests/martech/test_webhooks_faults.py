"""A worker killed between sending and marking: nothing is lost, and what comes twice carries one id."""

import os
from collections import Counter
from datetime import UTC, datetime

import pytest

from inventory.models import Vendor
from martech.webhooks import telling
from martech.webhooks.models import Message, Webhook
from tests.martech.receiver import receiver, slow

pytestmark = [pytest.mark.worker, pytest.mark.slow]
KILLS = 40 if os.environ.get("FULL") else 4
ACTS = KILLS * 10


def test_a_killed_worker_loses_nothing_and_repeats_under_the_same_id(worker, bell, mona, monkeypatch):
    worker.kill()
    telling.tell(datetime.now(UTC))
    with receiver(slow(0.05)) as one:
        monkeypatch.setenv("WEBHOOK_ALLOW", one.place)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.conf.settings.WEBHOOK_ALLOW", [one.place])
            hook = Webhook.add(by=mona, name="One", url=one.url)
            for number in range(ACTS):
                Vendor.add(by=mona, name=f"V{number}")
        worker.start()
        for kill in range(KILLS):
            bell.send_task(telling.TASK, ignore_result=True)
            worker.until(lambda kill=kill: len(one.got) > kill * 6, 30)
            worker.kill()
            Message.objects.filter(state="leased").update(lease_until=datetime.now(UTC))  # two minutes have passed
            worker.start()
        bell.send_task(telling.TASK, ignore_result=True)
        worker.until(lambda: hook.messages.filter(state="sent").count() >= ACTS, 60)
        ids = {message.id_under(hook.standing.stem) for message in hook.messages.all()}
        came = Counter(one.ids)
        print(f"{KILLS} kills, {sum(came.values()) - len(came)} repeats, {len(ids - set(came))} lost")  # noqa: T201
        assert (set(came), len(ids) >= ACTS) == (ids, True)
        assert sum(came.values()) - len(came) <= KILLS * 8
