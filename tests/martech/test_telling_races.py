"""Several readers that tell at once, and readers that are killed: each notice once, none lost."""

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from threading import Event

import pytest

from inventory.models import Vendor
from martech.audit.models import Entry
from martech.notifications import telling
from martech.notifications.clock import now
from martech.notifications.models import Delivery, Heartbeat, Notice, Preference, Untold
from martech.records.models import Follow
from martech.running import lifeline
from tests.backends import ROOT
from tests.martech.test_races import ROUNDS, THREADS, at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.unheard]


@pytest.fixture
def followed(mona, mia, ivan):
    """A vendor that Mia and Ivan follow; Ivan wants each mail by itself."""
    Preference.choose(ivan, "at_once")
    vendor = Vendor.add(by=mona, name="Acme")
    for person in (mia, ivan):
        Follow.begin(vendor, person)
    return vendor


def assert_each_was_told_once(people):
    """Every remark is one notice for each of these people."""
    remarks = list(Entry.objects.filter(verb="remark").values_list("act", flat=True))
    assert Counter(Notice.objects.filter(event="inventory.vendor.remark").values_list("act", "person")) == Counter(
        (act, person.pk) for act in remarks for person in people
    )
    assert not Untold.objects.exists()


@pytest.mark.postgres
def test_readers_among_writers_tell_each_act_once(followed, mona, mia, ivan):
    over, read = Event(), []

    def reader():
        while not over.is_set():
            read.append(telling.batch(now(), most=7) if len(read) % 2 else telling.tell(now()))

    def writer():
        for number in range(ROUNDS):
            Vendor.objects.get(pk=followed.pk).remark(by=mona, note=f"{number}")
        writers.pop()
        if not writers:
            over.set()

    writers = [None] * THREADS
    at_once(*[reader] * 4, *[writer] * THREADS)
    read.append(telling.tell(now()))
    assert sum(read) == Entry.objects.count()
    assert_each_was_told_once((mia, ivan))
    assert Notice.objects.count() == 2 * THREADS * ROUNDS
    assert Delivery.objects.filter(digest_on=None).count() == min(THREADS * ROUNDS, 30)


@pytest.mark.worker
def test_the_bell_of_an_act_brings_the_reader(worker, followed, mona, mia, ivan):
    followed.remark(by=mona, note="Hello")
    worker.until(lambda: Notice.objects.filter(person=mia).exists(), 10)
    assert_each_was_told_once((mia, ivan))


@pytest.mark.worker
@pytest.mark.slow
def test_a_reader_killed_in_the_middle_loses_nothing_and_repeats_nothing(worker, followed, mona, mia, ivan, tmp_path):
    command = [sys.executable, "-m", "celery", "-A", "tests.martech.hasty", "--skip-checks", "beat"]
    command += ["-s", str(tmp_path / "schedule"), "--pidfile=", "--max-interval", "1"]
    quiet = subprocess.DEVNULL
    beat = subprocess.Popen(
        lifeline.watched(command),
        cwd=Path(ROOT),
        env=worker.environment,
        stdout=quiet,
        stderr=quiet,
        preexec_fn=lifeline.tie(),
    )
    written = 0
    try:
        for _ in range(4):
            for _ in range(150):
                followed.remark(by=mona, note=f"{written}")
                written += 1
            time.sleep(random.uniform(0, 0.3))
            worker.kill()
            worker.start()
        worker.until(lambda: Notice.objects.count() >= 2 * written, 60)
        before = Heartbeat.objects.get(job="tell").at
        worker.until(lambda: Heartbeat.objects.get(job="tell").at > before, 20)
    finally:
        beat.terminate()
        beat.wait(20)
    assert Notice.objects.count() == 2 * written
    assert_each_was_told_once((mia, ivan))
