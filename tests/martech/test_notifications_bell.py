"""The bell: a hint after the commit that never keeps anybody waiting, whatever the broker does."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from celery import current_app
from django.db import transaction

from martech import bell
from martech.notifications.models import Heartbeat

JOB = "martech.notifications.tasks.relay"


def ringing() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == f"bell-{JOB}"]


@pytest.fixture
def broker() -> Iterator[Callable[[str], None]]:
    """Point the application at an address, and back afterwards."""
    before = {name: current_app.conf[name] for name in ("broker_url", "broker_transport_options")}

    def at(address: str) -> None:
        current_app.conf.update(broker_url=address, broker_transport_options={"socket_timeout": 30})

    yield at
    for thread in ringing():
        thread.join(20)
    current_app.conf.update(before)


@pytest.mark.django_db
def test_without_a_broker_nothing_is_sent(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        bell.ring(JOB)
    assert (len(callbacks), ringing()) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_does_not_ring(broker) -> None:
    broker("redis://127.0.0.1:1/0")
    with transaction.atomic():
        bell.ring(JOB)
        transaction.set_rollback(True)
    assert ringing() == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_refuses_keeps_nobody_waiting(broker, caplog) -> None:
    broker("redis://127.0.0.1:1/0")
    started = time.monotonic()
    bell.ring(JOB)
    assert time.monotonic() - started < 0.2
    for thread in ringing():
        thread.join(10)
    assert ringing() == []
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [f"{JOB} was not rung for"]


@pytest.mark.django_db(transaction=True)
def test_a_frozen_broker_keeps_nobody_waiting_and_one_thread_at_most(broker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        broker(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0")
        started = time.monotonic()
        for _ in range(20):
            bell.ring(JOB)
        assert time.monotonic() - started < 0.5
        assert len(ringing()) == 1
        for thread in ringing():
            thread.join(12)
        assert (ringing(), bell._ringing) == ([], set())


@pytest.mark.worker
def test_a_bell_reaches_the_worker(worker, mia) -> None:

    bell.ring(JOB)
    worker.until(lambda: Heartbeat.objects.filter(job="relay").exists())
