"""The one clock of jobs, the database's, and what tells when it cannot be believed."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from martech import turns
from martech.notifications.models import Heartbeat

LEAP = 600.0  # seconds a clock may run ahead of the machine's own count before channels are held
FORGOTTEN = timedelta(hours=1)  # a machine that has not been heard of for so long holds nothing


def now() -> datetime:
    """What time it is for jobs: read once at the door, then passed down as `at`."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()" if postgres else "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        (answer,) = cursor.fetchone()
    return answer.astimezone(UTC) if postgres else datetime.fromisoformat(answer).replace(tzinfo=UTC)


@contextmanager
def alone(job: str) -> Iterator[bool]:
    """One transaction; False where the same job is running elsewhere and this one can go home.

    It saves work and nothing more: what must hold is held by unique keys and row locks.
    """
    with transaction.atomic():
        yield turns.hold(job, wait=False)


def machine() -> str:
    """The running machine: another one, or the same one after a restart, is another name."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return boot.read_text().strip() if boot.exists() else socket.gethostname()[:64]


def since_start() -> float:
    """Seconds since the machine started, the time it slept included where the system counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def beat(job: str, at: datetime, done: int = 0, *, host: str = "", running: float | None = None) -> None:
    """Write down that the job ran, and hold the channels where the clock leapt ahead since its last run here."""
    anchor = at.timestamp() - (since_start() if running is None else running)
    with transaction.atomic():
        rows = Heartbeat.objects.select_for_update()
        row, new = rows.get_or_create(
            job=job, host=host or machine(), defaults={"at": at, "anchor": anchor, "done": done}
        )
        if new:
            return
        leapt = anchor - row.anchor > LEAP
        row.held_since = (row.held_since or at) if leapt else None
        row.anchor = row.anchor if leapt else anchor
        row.at, row.done = at, done
        row.save()


def held(at: datetime) -> datetime | None:
    """Since when the outside channels wait because a clock leapt ahead; None where all is well."""
    rows = Heartbeat.objects.filter(held_since__isnull=False, at__gte=at - FORGOTTEN)
    return rows.order_by("held_since").values_list("held_since", flat=True).first()


def believe() -> int:
    """An administrator says the new time is right: what was held goes out."""
    return Heartbeat.objects.filter(held_since__isnull=False).delete()[0]
