"""The Celery application. The database is the memory, the broker only the bell: see docs/explanation/reliability.md.

The rules named C2 to C11 are those of the reliability reference; tests/martech/test_celery.py holds them.
"""

import os
from typing import Any

import celery
from django.conf import settings

from martech.running.watchdog import Watchdog
from martech.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "martech.settings")

SOFT_LIMIT, HARD_LIMIT = 30, 45  # seconds a task may take, unless it says otherwise (C3)
VISIBILITY_TIMEOUT = 3600  # seconds until an unacknowledged message is given to another worker (C3)


def broker(address: str) -> dict[str, Any]:
    """Redis or Valkey at `address`; where that is empty a folder of messages, which loses what a killed worker held."""
    if address:
        return {
            "broker_url": address,
            "broker_transport_options": {
                "visibility_timeout": VISIBILITY_TIMEOUT,
                "socket_timeout": 30,
                "socket_connect_timeout": 2,
                "socket_keepalive": True,
                "health_check_interval": 25,
                "retry_on_timeout": True,
            },
        }
    messages, control = (settings.DATA_DIR / "broker" / name for name in ("messages", "control"))
    for folder in (messages, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": "filesystem://",
        "broker_transport_options": {
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(control),
        },
    }


app = celery.Celery("interlock")
app.conf.update(
    **broker(settings.BROKER_URL),
    # What a message is (C11): JSON, no answer kept anywhere
    task_serializer="json",
    accept_content=["json"],
    result_backend=None,
    task_ignore_result=True,
    # How it is taken (C3, C4): one at a time, given back when the worker dies
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_acks_on_failure_or_timeout=True,
    worker_prefetch_multiplier=1,
    task_soft_time_limit=SOFT_LIMIT,
    task_time_limit=HARD_LIMIT,
    # How it is sent (C6): within seconds or not at all; the sweep finds what was not sent
    broker_connection_timeout=2,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2},
    # How connections live and workers end (C7, C10)
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    # When (C8): fixed intervals in UTC, from one table
    enable_utc=True,
    timezone="UTC",
    beat_schedule={
        name: {"task": job.task, "schedule": float(job.every), "options": {"expires": max(job.every, 60)}}
        for name, job in SCHEDULE.items()
    },
    beat_schedule_filename=str(settings.DATA_DIR / "beat" / "schedule"),
)
(settings.DATA_DIR / "beat").mkdir(parents=True, exist_ok=True)
app.steps["worker"].add(Watchdog)
app.autodiscover_tasks()
app.set_default()
