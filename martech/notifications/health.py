"""Whether people are told what they should be: the figures of the health page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min

from martech.notifications import clock, ledger, telling
from martech.notifications.models import Delivery, Heartbeat, Notice, Untold

TOO_LATE = timedelta(seconds=90)


@dataclass(frozen=True)
class Health:
    """`late` is how long the oldest due reminder waits, `mail_late` the oldest due mail, `news_late` the oldest act
    nobody was told of; `untold` counts acts given up; `held_since` is a leapt clock."""

    told_at: datetime | None
    swept_at: datetime | None
    relayed_at: datetime | None
    late: timedelta
    news_late: timedelta
    untold: int
    mail_late: timedelta
    waiting: int
    dead: int
    held_since: datetime | None
    digests_waiting: int

    @property
    def well(self) -> bool:
        prompt = self.late < TOO_LATE and self.news_late < TOO_LATE
        return prompt and self.held_since is None and self.dead == self.untold == 0


def health(at: datetime) -> Health:
    """The state of reminders and outbox at an instant; a handful of statements, each answered from an index."""
    beats = dict(Heartbeat.objects.values_list("job").annotate(Max("at")))
    due = Delivery.objects.to_send(at)
    oldest = due.aggregate(oldest=Min("due_at"))["oldest"]
    return Health(
        told_at=beats.get("tell"),
        swept_at=beats.get("sweep"),
        relayed_at=beats.get("relay"),
        late=ledger.oldest_due(at),
        news_late=telling.late(at),
        untold=Untold.objects.given_up().count(),
        mail_late=at - oldest if oldest else timedelta(0),
        waiting=due.count(),
        dead=Delivery.objects.filter(state=Delivery.State.DEAD).count(),
        held_since=clock.held(at),
        digests_waiting=Notice.objects.filter(mail=None, mail_due_at__lte=at).count(),
    )
