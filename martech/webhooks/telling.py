"""From the trail to the messages: read onwards in the order of commits, one row for each webhook and entry.

An act costs nothing for it: it only rings the bell. The reader keeps its place (docs/decisions/0014).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from martech import bell, timeline
from martech.accounts.models import User
from martech.audit import reading
from martech.audit.models import Entry, Place
from martech.webhooks import events, owners, payload
from martech.webhooks.models import Message, Standing, Webhook

READER = "webhooks"
TASK = "martech.webhooks.tasks.tell"
OLD_NEWS = "demo"
"""What comes through this door happened long ago: nobody is told."""
AT_ONCE = 500
ROUNDS = 20
ROWS = 500  # per INSERT
LATE = timedelta(days=7)
"""A day ahead that was missed because nothing ran is told so long afterwards."""


def ring(sender: Any, entries: Sequence[Entry], **kwargs: Any) -> None:
    """Receiver of `recorded`: ask the worker to look, once the act is kept."""
    if entries[0].door != OLD_NEWS:
        bell.ring(TASK)


def tell(at: datetime) -> int:
    """Write the messages of what was recorded since the last time; how many. At most some thousand entries a call."""
    made = 0
    for _ in range(ROUNDS):
        if not behind():
            break
        with reading.reading(READER, AT_ONCE) as entries:
            made += write(list(owners.active()), entries, at)
    return made


def behind() -> bool:
    """Whether there is anything to read; asks without locking."""
    place = Place.objects.filter(pk=READER).values_list("entry", flat=True).first()
    return place is None or Entry.objects.filter(pk__gt=place).exists()


def write(hooks: Sequence[Webhook], entries: Iterable[Entry], at: datetime) -> int:
    """A message for each webhook and entry that it asked for and its owner may see; how many.

    Statements by owner, not by entry. Rising ids in the order of the entries.
    """
    news = [one for one in entries if one.door != OLD_NEWS and one.kind not in events.UNTOLD]
    if not news or not hooks:
        return 0
    present = owners.of(hooks)
    messages: list[Message] = []
    for hook in hooks:
        owner = present.get(hook.owner_id)
        found = [one for one in news if hook.wants_acts and events.matches(hook.events, one.kind, one.verb)]
        if owner is None or not found:
            continue
        seen = owners.seen(owner, found)
        found = _meeting(hook, owner, [one for one in found if one.pk in seen])
        messages += [
            Message(
                webhook=hook, cause=f"entry:{one.pk}", event=f"{one.kind}.{one.verb}", entry=one, due_at=at, at=one.at
            )
            for one in found
        ]
    return _insert(messages)


def replay(at: datetime) -> int:
    """Where somebody asked for everything since a moment: a part of it, the same row and id for the same cause."""
    made = 0
    for standing in Standing.objects.filter(replayed__isnull=False).select_related("webhook")[:AT_ONCE]:
        with transaction.atomic():
            kept = Standing.objects.select_for_update().get(pk=standing.pk)
            if kept.replayed is None:
                continue
            entries = reading.onwards(kept.replayed, AT_ONCE)
            Message.objects.filter(webhook=standing.webhook, entry__in=[one.pk for one in entries]).again(at)
            made += write([standing.webhook], entries, at)
            kept.replayed = entries[-1].pk if len(entries) >= AT_ONCE else None
            kept.save(update_fields=["replayed"])
    return made


def look_ahead(at: datetime) -> int:
    """Messages of dates that are so many days away; how many. Each record, date and webhook once.

    A webhook is told at once of what is nearer than it asked. A date that moves is another date.
    """
    hooks = [hook for hook in owners.active().exclude(days="") if hook.days]
    present, today = owners.of(hooks), timezone.localdate(at)
    messages: list[Message] = []
    for hook in hooks:
        owner = present.get(hook.owner_id)
        for line in hook.days if owner else ():
            messages += _coming(hook, owner, *events.split(line), today=today, at=at)
    return _insert(messages)


def _coming(hook: Webhook, owner: User, name: str, days: str, *, today: Any, at: datetime) -> Iterable[Message]:
    try:
        model, column = events.column(name)
    except KeyError:
        return
    ahead, field, kind = int(days), column.name, model._meta.label_lower
    began = timezone.localdate(hook.created_at)
    near = Q(**{f"{field}__gte": today, f"{field}__lte": today + timedelta(days=ahead)})
    missed = Q(**{f"{field}__gte": max(today - LATE, began + timedelta(days=ahead)), f"{field}__lt": today})
    rows = payload.readable(owner, model, field).filter(near | missed, retired_at=None)
    told = Message.objects.filter(webhook=hook, kind=kind, field=field, ahead=ahead, day__gte=today - LATE)
    known = set(told.values_list("key", "day"))
    for key, day in rows.order_by(field, "pk").values_list("pk", field):
        if (key, day) not in known:
            cause = f"day:{kind}:{key}:{field}:{ahead}:{day.isoformat()}"
            event = f"{kind}.{events.DAY_AHEAD}"
            named = {"kind": kind, "key": key, "field": field, "day": day, "ahead": ahead}
            yield Message(webhook=hook, cause=cause, event=event, due_at=at, at=at, **named)


def _meeting(hook: Webhook, owner: User, entries: list[Entry]) -> list[Entry]:
    """The entries that meet the webhook's conditions, by what the owner may see of them."""
    if not hook.conditions:
        return entries
    cleared = timeline.cleared(entries, owner)
    return [
        one for one, changes in zip(entries, cleared, strict=True) if events.holds(hook.conditions, one.kind, changes)
    ]


def _insert(messages: list[Message]) -> int:
    """Write those that are not there yet, in their order; how many there were of both."""
    Message.objects.bulk_create(messages, batch_size=ROWS, ignore_conflicts=True)
    return len(messages)
