"""Whether webhooks get their news: the figures of the health page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q

from martech.notifications.models import Heartbeat
from martech.webhooks.models import Message, Webhook

TOO_LATE = timedelta(seconds=90)


@dataclass(frozen=True)
class Health:
    """`late` is how long the oldest due message of a working webhook waits."""

    told_at: datetime | None
    late: timedelta
    waiting: int
    given_up: int
    disabled: int

    @property
    def well(self) -> bool:
        return self.late < TOO_LATE and not self.given_up and not self.disabled


def health(at: datetime) -> Health:
    """The state of all webhooks at an instant; four statements."""
    waiting = Message.objects.waiting().filter(webhook__status=Webhook.Status.ACTIVE, webhook__retired_at=None)
    found = waiting.aggregate(
        oldest=Min("due_at", filter=Q(due_at__lte=at, webhook__standing__failures=0)), count=Count("pk")
    )
    kept = Webhook.objects.filter(retired_at=None)
    return Health(
        told_at=Heartbeat.objects.filter(job="webhooks").aggregate(last=Max("at"))["last"],
        late=at - found["oldest"] if found["oldest"] else timedelta(0),
        waiting=found["count"],
        given_up=Message.objects.given_up().filter(webhook__retired_at=None).count(),
        disabled=kept.filter(status=Webhook.Status.DISABLED).count(),
    )
