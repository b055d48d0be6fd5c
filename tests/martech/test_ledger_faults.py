"""Three schedulers and a worker killed in the middle: in the app exactly once, outside at least once with one id."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count, Q

from inventory.models import Assurance, Vendor
from martech.audit.models import Place
from martech.audit.reading import end
from martech.calendars.models import DAYS, Calendar
from martech.notifications import deliver
from martech.notifications.models import Channel, Delivery, Heartbeat, Notice, Preference, Reminder
from martech.running import lifeline
from tests.backends import ROOT, Worker

pytestmark = [pytest.mark.worker, pytest.mark.slow]
TOPIC = "inventory.assurance.expiry"
ASSURANCES = 60
SCHEDULERS = 3
MESSAGE = re.compile(r"^Message-ID: <([0-9a-f]{32})@", re.MULTILINE)


@pytest.fixture
def owners(ada, mia, ivan, cast):
    """Three people who work around the clock, so that the hour at which the test runs makes no difference."""
    always = Calendar.add(by=ada, name="Always", time_zone="UTC", weekly={day: [["00:00", "24:00"]] for day in DAYS})
    for person in (mia, ivan, cast.legal):
        person.change(by=ada, calendar=always)
        Preference.choose(person, "at_once")
    return mia, ivan, cast.legal


@pytest.fixture
def assurances(owners, mona) -> list[Assurance]:
    """Each runs out in three days; 60, 30, 14 and 7 days before are missed, so one reminder is due now."""
    on = datetime.now(UTC).date() + timedelta(days=3)
    vendors = [Vendor.add(by=mona, name=f"{owner.name}'s", relationship_owner=owner) for owner in owners]
    rows = [
        Assurance.add(by=mona, name=f"Proof {number}", kind="dpa", vendor=vendors[number % 3], expires_on=on)
        for number in range(ASSURANCES)
    ]
    Place.objects.filter(pk="tell").update(entry=end())  # told already, as in every test
    Notice.objects.all().delete()
    Delivery.objects.all().delete()
    return rows


@pytest.fixture
def schedulers(worker: Worker, tmp_path: Path) -> Iterator[None]:
    """Several schedulers at once, each with a memory of its own."""
    processes = []
    for number in range(SCHEDULERS):
        command = [sys.executable, "-m", "celery", "-A", "tests.martech.hasty", "--skip-checks", "beat"]
        command += ["-s", str(tmp_path / f"schedule-{number}"), "--pidfile=", "--max-interval", "1"]
        processes.append(
            subprocess.Popen(
                lifeline.watched(command),
                cwd=ROOT,
                env=worker.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=lifeline.tie(),
            )
        )
    yield
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait(20)


def mails() -> Counter[str]:
    """How often each message arrived, by its Message-ID."""
    folder = Path(settings.DATA_DIR) / "mail"
    return Counter(found for file in folder.glob("*.log") for found in MESSAGE.findall(file.read_text()))


def test_reminders_survive_three_schedulers_and_a_worker_killed_in_the_middle(worker, assurances, schedulers) -> None:
    sent = Delivery.objects.filter(state="sent")
    moments = (
        lambda: Heartbeat.objects.filter(job="sweep").exists(),
        lambda: Notice.objects.filter(event=TOPIC).exists(),
        lambda: sent.exists(),
        lambda: sent.count() > ASSURANCES // 2 or not Delivery.objects.filter(~Q(state="sent")).exists(),
    )
    for moment in moments:
        worker.until(moment, 60)
        worker.kill()
        Delivery.objects.filter(state="leased").update(lease_until=datetime.now(UTC))  # two minutes have passed
        worker.start()
    worker.until(lambda: sent.count() == ASSURANCES, 60)
    time.sleep(2)  # and the schedulers go on

    told = Notice.objects.filter(event=TOPIC).values("person", "key").annotate(times=Count("pk"))
    assert Counter(row["times"] for row in told) == {1: ASSURANCES}
    assert Counter(Reminder.objects.filter(channel=Channel.INBOX).values_list("step", "state")) == {
        (60, "skipped"): ASSURANCES,
        (30, "skipped"): ASSURANCES,
        (14, "skipped"): ASSURANCES,
        (7, "sent"): ASSURANCES,
        (1, "open"): ASSURANCES,
        (0, "open"): ASSURANCES,
    }
    assert Counter(Reminder.objects.filter(channel=Channel.EMAIL).values_list("state", flat=True)) == {
        "sent": ASSURANCES
    }
    ids = {delivery.pk.hex for delivery in Delivery.objects.all()}
    arrived = {message: times for message, times in mails().items() if message in ids}
    assert (len(ids), set(arrived)) == (ASSURANCES, ids)
    repeated = sum(arrived.values()) - ASSURANCES
    assert 0 <= repeated <= len(moments) * 2, "one in the hand of each of the worker's two threads per kill"
    assert deliver.lease(datetime.now(UTC)) == []
