"""How long what was told is kept."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import QuerySet

from martech.notifications.models import Delivery, Heartbeat, Notice, Reminder

READ_NOTICES = timedelta(days=400)
DELIVERIES = timedelta(days=90)
HEARTBEATS = timedelta(days=30)
REMINDERS = timedelta(days=800)  # after the deadline
BATCH = 2000
ROUNDS = 50


def tidy(at: datetime) -> dict[str, int]:
    """Remove read notices, finished messages, old reminders and heartbeats past their time, in small batches."""
    done = (Delivery.State.SENT, Delivery.State.VOID)
    old: dict[str, QuerySet[models.Model]] = {
        "notices": Notice.objects.filter(read_at__lt=at - READ_NOTICES),
        "deliveries": Delivery.objects.filter(state__in=done, due_at__lt=at - DELIVERIES),
        "reminders": Reminder.objects.filter(deadline__lt=(at - REMINDERS).date()),
        "heartbeats": Heartbeat.objects.filter(at__lt=at - HEARTBEATS),
    }
    return {name: _remove(rows) for name, rows in old.items()}


def _remove(rows: "QuerySet[models.Model]") -> int:
    removed = 0
    for _ in range(ROUNDS):
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            break
        rows.model._base_manager.filter(pk__in=keys).delete()
        removed += len(keys)
    return removed
