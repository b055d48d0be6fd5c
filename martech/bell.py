"""The bell: a hint to the worker to do a job now. The only place that speaks to the broker.

The schedule runs every job within seconds anyway, so the hint may be lost and nothing else is: it goes out after the
commit, in a thread of its own, at most one per job at a time, over a connection that gives up within seconds. No
request waits for it, also when the broker is frozen (reliability rule C6). With messages in a folder there is no bell.
"""

import logging
import threading
from functools import partial

from celery import current_app
from django.db import transaction

PATIENCE = 2.0  # seconds for each step of talking to the broker
STALE = 60  # seconds after which nobody needs the hint

log = logging.getLogger(__name__)
_ringing: set[str] = set()
_lock = threading.Lock()


def ring(job: str) -> None:
    """Once the current transaction is committed, ask the worker to run the job with this dotted name."""
    transaction.on_commit(partial(_start, job), robust=True)


def _start(job: str) -> None:
    if not str(current_app.conf.broker_url or "").startswith(("redis", "rediss")):
        return
    with _lock:
        if job in _ringing:
            return
        _ringing.add(job)
    threading.Thread(target=_send, args=(job,), name=f"bell-{job}", daemon=True).start()


def _send(job: str) -> None:
    patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry_on_timeout": False}
    try:
        with current_app.connection_for_write(transport_options=patience) as connection:
            current_app.send_task(job, connection=connection, retry=False, expires=STALE, ignore_result=True)
    except Exception as error:  # whatever it is, the schedule does the job a little later
        log.warning("%s was not rung for: %s", job, error)
    finally:
        with _lock:
            _ringing.discard(job)
