"""The relay: lease, send with no transaction open, mark where the lease is still one's own.

A crash in between repeats the send, with the same Message-ID. So outside the app each message arrives at least once.
"""

import logging
import random
import smtplib
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.template.loader import render_to_string

from martech.notifications import audience, clock, digest
from martech.notifications.hours import Hours
from martech.notifications.models import Channel, Delivery, Notice, Preference
from martech.notifications.writing import shortened

BATCH = 20
LEASE = timedelta(minutes=2)  # longer than a task may live
BUDGET = 8.0  # seconds after which no further message is begun
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds between tries
GIVE_UP_AFTER = timedelta(hours=24)
MOST_TRIES = 60
"""A message that kills its sender is tried so often and no more."""
DIGESTS = 200  # put together in one transaction
LINES = 40  # pieces of news in one digest; the inbox has the others
SUBJECT = 150
State = Delivery.State

log = logging.getLogger(__name__)


@dataclass
class Round:
    """What one run of the relay did."""

    sent: int = 0
    failed: int = 0
    void: int = 0
    held: bool = False
    ids: list[uuid.UUID] = field(default_factory=list)


def gather(at: datetime) -> int:
    """Make the digests that are due: one per person and day, of what the person has not read; how many.

    What was written too late for today's digest waits for the next working day's.
    """
    waiting = Notice.objects.filter(mail=None, mail_due_at__isnull=False)
    due = waiting.filter(mail_due_at__lte=at)
    if not due.exists():
        return 0
    with transaction.atomic():
        off = Preference.objects.filter(email=Preference.Email.OFF).values("pk")
        settled = Q(read_at__isnull=False) | Q(snoozed_until__gt=at) | Q(person__in=off)
        Notice.objects.filter(pk__in=due.filter(settled).values("pk")).update(mail_due_at=None)
        keys = list(due.order_by("person").values_list("person", flat=True).distinct()[:DIGESTS])
        persons, hours = audience.people(keys), Hours()
        waiting.filter(person__in=set(keys) - persons.keys()).update(mail_due_at=None)
        digests = {
            pk: Delivery(channel=Channel.EMAIL, person=person, digest_on=hours.today(person, at), due_at=at)
            for pk, person in persons.items()
        }
        Delivery.objects.bulk_create(digests.values(), batch_size=200, ignore_conflicts=True)
        ours = Delivery.objects.filter(pk__in=[digest.pk for digest in digests.values()])
        begun = set(ours.values_list("person", flat=True))
        waiting.filter(person__in=begun, read_at=None).update(
            mail=Subquery(ours.filter(person=OuterRef("person")).values("pk")[:1])
        )
        if late := digests.keys() - begun:
            next_day = [When(person=pk, then=Value(hours.digest(persons[pk], at))) for pk in sorted(late)]
            due.filter(person__in=late).update(mail_due_at=Case(*next_day))
        return len(begun)


def relay(at: datetime) -> Round:
    """Send what is due, within a few seconds; the rest is for the next run."""
    done = Round()
    if clock.held(at):
        done.held = True
        return done
    until = time.monotonic() + BUDGET
    while time.monotonic() < until:
        batch = lease(at)
        if not batch:
            break
        send(batch, at, until, done)
        if len(batch) < BATCH or done.failed:
            break
    return done


def lease(at: datetime, most: int = BATCH) -> list[Delivery]:
    """Take messages that are due, for two minutes; nobody else gets them meanwhile."""
    mine = uuid.uuid4()
    with transaction.atomic():
        rows = Delivery.objects.to_send(at).order_by("due_at", "pk").select_for_update(skip_locked=True)
        keys = list(rows.values_list("pk", flat=True)[:most])
        if not keys:
            return []
        leased = Delivery.objects.to_send(at).filter(pk__in=keys)
        leased.filter(first_tried_at=None).update(first_tried_at=at)
        leased.update(state=State.LEASED, lease=mine, lease_until=at + LEASE, tries=F("tries") + 1)
    held = Delivery.objects.filter(lease=mine).select_related("person").prefetch_related("notices")
    return list(held.order_by("due_at", "pk"))


def send(batch: Sequence[Delivery], at: datetime, until: float, done: Round) -> None:
    """Send a leased batch over one connection; what is not begun in time is given back."""
    left = list(batch)
    connection = get_connection(fail_silently=False)
    try:
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            for delivery in left:
                _failed(delivery, at, error, done)
            left.clear()
            return
        while left and time.monotonic() < until:
            delivery = left.pop(0)
            try:
                message = compose(delivery)
                if message is None:
                    done.void += _finish(delivery, state=State.VOID)
                    continue
                message.connection = connection
                message.send()
            except Exception as error:  # one message must not keep the others from going
                _failed(delivery, at, error, done)
                if isinstance(error, smtplib.SMTPServerDisconnected):
                    break
            else:
                done.sent += _finish(delivery, state=State.SENT, sent_at=at)
                done.ids.append(delivery.pk)
    finally:
        for delivery in left:
            _finish(delivery, state=State.WAITING, tries=delivery.tries - 1)
        _close(connection)


def compose(delivery: Delivery) -> EmailMultiAlternatives | None:
    """The mail of a row; None where nobody is there to read it or nothing is left that they may see."""
    persons = audience.people([delivery.person_id])
    notices = _readable(persons[delivery.person_id], delivery) if persons else []
    if not notices:
        return None
    person = persons[delivery.person_id]
    reminders = [notice for notice in notices if not notice.act]
    news = digest.lines([notice for notice in notices if notice.act])
    words = {
        "notices": notices,
        "reminders": reminders,
        "news": news[:LINES],
        "more": len(news[LINES:]),
        "base": settings.BASE_URL,
        "product": "Interlock",
    }
    name = "digest" if delivery.digest_on else "notice"
    subject = notices[0].sentence if len(notices) == 1 else _summary(len(reminders), len(news))
    message = EmailMultiAlternatives(
        subject=shortened(subject, SUBJECT),
        body=render_to_string(f"mail/{name}.txt", words),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
        headers={
            "Message-ID": message_id(delivery),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(render_to_string(f"mail/{name}.html", words), "text/html")
    return message


def message_id(delivery: Delivery) -> str:
    """Made from the row, so that every repeat has the same."""
    return f"<{delivery.pk.hex}@{urlsplit(settings.BASE_URL).hostname}>"


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: doubling from half a minute to an hour, give or take a quarter."""
    seconds = min(FIRST_PAUSE * 2 ** max(tries - 1, 0), LONGEST_PAUSE)
    return timedelta(seconds=seconds * random.uniform(0.75, 1.25))


def _summary(reminders: int, news: int) -> str:
    parts = [(reminders, "deadline", "deadlines"), (news, "piece of news", "pieces of news")]
    return "Your day: " + " and ".join(f"{count} {one if count == 1 else many}" for count, one, many in parts if count)


def _readable(person: Any, delivery: Delivery) -> list[Notice]:
    """The notices whose record the person may still see, deadlines first, then the oldest."""
    notices = sorted(delivery.notices.all(), key=lambda notice: (notice.act is not None, notice.at, notice.pk))
    seen = audience.seen((person, (notice.kind, notice.key)) for notice in notices if notice.kind)
    return [notice for notice in notices if not notice.kind or (person.pk, notice.kind, notice.key) in seen]


def _failed(delivery: Delivery, at: datetime, error: Exception, done: Round) -> None:
    trouble = shortened(f"{type(error).__name__}: {error}", 300)
    first = delivery.first_tried_at or at
    over = delivery.tries >= MOST_TRIES or at - first >= GIVE_UP_AFTER or _final(error)
    log.warning("message %s %s: %s", delivery.pk, "is given up" if over else "waits for another try", trouble)
    done.failed += 1
    if over:
        _finish(delivery, state=State.DEAD, gave_up_at=at, trouble=trouble)
    else:
        _finish(delivery, state=State.WAITING, due_at=at + pause(delivery.tries), trouble=trouble)


def _final(error: Exception) -> bool:
    """The receiving side says that this address will never do."""
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(code >= 500 for code, _text in error.recipients.values())


def _finish(delivery: Delivery, **fields: Any) -> int:
    """Let go of the row, if it is still ours."""
    rows = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease, state=State.LEASED)
    return rows.update(lease=None, lease_until=None, **fields)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.info("the mail server closed first")
