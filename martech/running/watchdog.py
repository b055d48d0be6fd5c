"""A worker that is connected and yet takes no work ends itself, so that its process manager starts a fresh one.

Reliability rule C7: after some broken connections workers were seen to stop consuming without a word. The schedule
sends something every few seconds, so a worker that took nothing for minutes is deaf, or its broker is.
"""

import logging
import os
import signal
import threading
import time
from typing import Any

from celery import bootsteps
from celery.worker import state

from martech.schedule import SCHEDULE

DEAF_AFTER = max(180, 3 * min(job.every for job in SCHEDULE.values()))  # seconds without a task
LOOK_EVERY = 10.0  # seconds
LAST_WORD = 30.0  # seconds for a polite end
log = logging.getLogger(__name__)


class Ear:
    """Judges from the number of tasks taken so far whether the worker still hears."""

    def __init__(self, now: float, limit: float = DEAF_AFTER) -> None:
        self.taken, self.since, self.limit = -1, now, limit

    def is_deaf(self, taken: int, busy: bool, now: float) -> bool:
        """`taken` tasks since the start of the process, `busy` with some now, at the monotonic instant `now`."""
        if busy or taken != self.taken:
            self.taken, self.since = taken, now
        return now - self.since >= self.limit


class Watchdog(bootsteps.StartStopStep):
    """A step of the worker's blueprint: one thread that looks now and then."""

    requires = {"celery.worker.components:Pool"}

    def start(self, worker: Any) -> None:
        threading.Thread(target=self.watch, name="watchdog", daemon=True).start()

    def watch(self) -> None:
        ear = Ear(time.monotonic())
        while True:
            time.sleep(LOOK_EVERY)
            if ear.is_deaf(sum(state.total_count.values()), bool(state.active_requests), time.monotonic()):
                log.error("No task for %d seconds: this worker ends, to be started again.", ear.limit)
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(LAST_WORD)
                os._exit(1)
