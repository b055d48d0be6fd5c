"""The reader of the trail that tells people: it goes on from its place, and moves it with the notices it writes.

So each notice is written once, whoever reads and wherever a reader is killed; none is lost, since the trail is not. An
act that cannot be told steps aside (`Untold`) and keeps nobody waiting; it is tried again, and given up openly.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from martech.audit.models import Entry, Place
from martech.audit.reading import reading
from martech.notifications import clock, news
from martech.notifications.models import Untold
from martech.notifications.writing import shortened

READER = "tell"
BATCH = 500  # entries in one transaction
BUDGET = 20.0  # seconds after which the rest is for the next run
TRIES = 5
PAUSE = timedelta(seconds=30)  # before the second try; four times as long before each further one

log = logging.getLogger(__name__)


def tell(at: datetime) -> int:
    """Tell what was recorded up to now; how many entries were read.

    Of several readers at once one works and the others go home: it looks again before it ends.
    """
    until, read = time.monotonic() + BUDGET, 0
    again(at)
    while time.monotonic() < until:
        with clock.alone(READER) as mine:
            more = batch(at) if mine else 0
        read += more
        if not more:
            break
    return read


def batch(at: datetime, most: int = BATCH) -> int:
    """One transaction: the next acts, told, and the place behind them; how many entries."""
    with reading(READER, most) as entries:
        acts = [list(group) for _, group in groupby(entries, key=lambda entry: entry.act)]
        if attempt(acts, at):
            Untold.objects.bulk_create(
                Untold(
                    act=act[0].act,
                    first=act[0].pk,
                    last=act[-1].pk,
                    at=act[0].at,
                    due_at=at + PAUSE,
                    trouble=trouble,
                )
                for act in acts
                if (trouble := attempt([act], at))
            )
        return len(entries)


def again(at: datetime, most: int = 20) -> int:
    """Try once more what was put aside and is due; how many acts could be told."""
    done = 0
    with transaction.atomic():
        for row in Untold.objects.due(at).order_by("due_at").select_for_update(skip_locked=True)[:most]:
            entries = Entry.objects.filter(act=row.act, pk__range=(row.first, row.last))
            row.trouble = attempt([list(entries.order_by("pk").select_related("by"))], at)
            if not row.trouble:
                row.delete()
                done += 1
                continue
            row.tries += 1
            row.due_at = at + PAUSE * 4 ** (row.tries - 1)
            row.gave_up_at = at if row.tries >= TRIES else None
            row.save()
    return done


def attempt(acts: Sequence[Sequence[Entry]], at: datetime) -> str:
    """Tell these acts, all or nothing; what went wrong, empty where nothing did."""
    try:
        with transaction.atomic():
            news.tell(acts, at)
    except Exception as error:  # whatever it is, it must not keep other acts from being told
        log.exception("%d acts from %s could not be told", len(acts), acts[0][0])
        first, *_ = str(error).splitlines() or [""]  # what follows may quote what the record holds
        return shortened(f"{type(error).__name__}: {first}", 300)
    return ""


def late(at: datetime) -> timedelta:
    """How long the oldest entry waits that is news and that nobody has read yet."""
    place = Place.objects.filter(pk=READER).values_list("entry", flat=True).first()
    if place is None:
        return timedelta(0)
    rows = Entry.objects.filter(pk__gt=place).exclude(door=news.OLD_NEWS)
    oldest = rows.order_by("pk").values_list("at", flat=True).first()
    return at - oldest if oldest else timedelta(0)
