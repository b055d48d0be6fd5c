"""R15: one receiver dead, one slow, one fine; and the receiver of the documents verifies what it is sent."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from standardwebhooks import Webhook as Verifier

from inventory.models import Vendor
from martech.webhooks import relay, telling
from martech.webhooks.models import Message, Webhook
from tests.backends import ROOT, wait_until
from tests.martech.receiver import receiver, slow

MANY = 200 if os.environ.get("FULL") else 20


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_fine_one_hears_within_seconds_while_others_are_dead_and_slow(mona, settings):
    telling.tell(datetime.now(UTC))
    with receiver() as fine, receiver(slow(30)) as sleepy, socket.socket() as dead:
        dead.bind(("127.0.0.1", 0))  # nobody listens
        gone = f"127.0.0.1:{dead.getsockname()[1]}"
        settings.WEBHOOK_ALLOW = [fine.place, sleepy.place, gone]
        hook = Webhook.add(by=mona, name="Fine", url=fine.url)
        for name, url in (("Sleepy", sleepy.url), ("Dead", f"http://{gone}/")):
            Webhook.add(by=mona, name=name, url=url)
        stop = threading.Event()

        def work() -> None:
            """One slot of a worker."""
            while not stop.is_set():
                relay.run(datetime.now(UTC))
                stop.wait(0.5)
            connection.close()

        slots = [threading.Thread(target=work) for _ in range(2)]
        for slot in slots:
            slot.start()
        acted = {}
        for number in range(MANY):
            acted[f"V{number}"] = time.time()
            Vendor.add(by=mona, name=f"V{number}")
            time.sleep(0.5)
        wait_until(lambda: len(fine.got) >= MANY, 20, "the fine one did not hear everything")
        stop.set()
        for slot in slots:
            slot.join(40)
        told = [(Verifier(hook.secret).verify(body, headers), at) for headers, body, at in fine.got]
        late = sorted(at - acted[news["data"]["name"]] for news, at in told)
        assert sorted({news["data"]["name"] for news, _ in told}) == sorted(acted)
        assert late[int(len(late) * 0.95) - 1] < 5, late
        assert Message.objects.filter(webhook=hook, state="sent").count() == MANY
        print(f"p95 of the fine receiver: {late[int(len(late) * 0.95) - 1]:.2f} s")  # noqa: T201


@pytest.mark.django_db
def test_the_receiver_of_the_documents_verifies_what_it_is_sent(mona, settings, tmp_path):
    page = (ROOT / "docs/how-to/receive-webhooks.md").read_text()
    program = tmp_path / "receiver.py"
    program.write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.WEBHOOK_ALLOW = [f"127.0.0.1:{port}"]
    hook = Webhook.add(by=mona, name="One", url=f"http://127.0.0.1:{port}/")
    environment = {**os.environ, "WEBHOOK_SECRET": hook.secret, "PORT": str(port)}
    log = Path(tmp_path / "log")
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, str(program)], env=environment, stdout=out, stderr=out)
        try:
            wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10, "it did not start")
            hook.test(by=mona)
            relay.run(datetime.now(UTC))
        finally:
            process.terminate()
            process.wait(10)
    message = Message.objects.get()
    assert (message.state, message.status) == ("sent", 204)
    assert f"{message.id_under(hook.standing.stem)} interlock.ping" in log.read_text()
