"""The relay: lease, send with no transaction open, mark where the lease is still one's own.

Each webhook has a few messages in the air at a time and a thread for each, so that one which is slow or dead holds up
itself alone. A crash between sending and marking repeats the message under the same id.
"""

import logging
import random
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from standardwebhooks import Webhook as Signer

from martech import __version__, outbound
from martech.notifications import clock
from martech.webhooks import events, owners, payload, telling
from martech.webhooks.models import Message, Signing, Standing, Webhook

PAUSES = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds after the first failure, the second ...: about three days in all, as Standard Webhooks advises."""
JITTER = 0.2
LEASE = timedelta(minutes=2)  # longer than a task may live
BUDGET = 13.0  # seconds after which nothing further is begun; the last answer may take 15 more
IN_THE_AIR = 4  # messages of one webhook at a time, whoever sends
THREADS = 16
GLANCE = 0.2  # seconds between looks for new work while answers are awaited
DISABLE_AFTER = timedelta(days=3)
LEAST_FAILURES = 10
QUIET_AFTER = 5
"""So many failures in a row, and only one message tries at a time, with a growing pause before it."""
LONGEST_QUIET = timedelta(minutes=5)
GONE = 410
State = Message.State

log = logging.getLogger(__name__)
Post = Callable[..., outbound.Answer]


@dataclass
class Round:
    """What one run of the relay did."""

    sent: int = 0
    failed: int = 0
    void: int = 0
    held: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt: a status, or a sentence."""

    status: int | None
    took: int  # milliseconds
    trouble: str = ""
    blocked: bool = False
    retry_after: float | None = None

    @property
    def well(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def run(at: datetime, post: Post = outbound.post, budget: float = BUDGET) -> Round:
    """Tell what is new, then send what is due, for some seconds; the rest is for the next run."""
    done, began = Round(), time.monotonic()
    telling.tell(at)
    if clock.held(at):
        done.held = True
        return done
    flying: dict[Future[Outcome], Message] = {}
    with_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
    try:
        while True:
            now = at + timedelta(seconds=time.monotonic() - began)
            if time.monotonic() - began < budget:
                if flying:
                    telling.tell(now)
                for message, call in prepared(lease(now, THREADS - len(flying)), now, done):
                    flying[with_threads.submit(attempt, post, *call)] = message
            if not flying:
                return done
            finished, _ = wait(flying, timeout=GLANCE, return_when=FIRST_COMPLETED)
            for future in finished:
                settle(flying.pop(future), future.result(), at + timedelta(seconds=time.monotonic() - began), done)
    finally:
        with_threads.shutdown(wait=False, cancel_futures=True)


def lease(at: datetime, most: int) -> list[Message]:
    """Take messages that are due, a few of each webhook; nobody else gets them meanwhile."""
    if most <= 0:
        return []
    mine = uuid.uuid4()
    with clock.alone("webhooks.lease") as alone:
        if not alone:
            return []
        Message.objects.filter(state=State.LEASED, lease_until__lte=at).update(
            state=State.WAITING, lease=None, lease_until=None
        )
        keys = _next(at)[:most]
        if keys:
            Message.objects.filter(pk__in=keys, state=State.WAITING).update(
                state=State.LEASED, lease=mine, lease_until=at + LEASE, tries=F("tries") + 1, tried_at=at,
                first_tried_at=Coalesce(F("first_tried_at"), at),
            )  # fmt: skip
    if not keys:
        return []
    held = Message.objects.filter(lease=mine).select_related("webhook__standing", "entry__by")
    return list(held.order_by("due_at", "pk"))


def _next(at: datetime) -> list[int]:
    """The keys of what is due, the oldest of each webhook first: no webhook comes before another's turn."""
    due = Message.objects.filter(webhook=OuterRef("pk"), state=State.WAITING, due_at__lte=at).order_by("due_at", "pk")
    pings = due.filter(event=events.PING)
    flying = Message.objects.filter(webhook=OuterRef("pk"), state=State.LEASED).order_by().values("webhook")
    in_the_air = Coalesce(Subquery(flying.values(count=Count("pk")), output_field=IntegerField()), 0)
    places = {f"due_{place}": Subquery(due.values("pk")[place : place + 1]) for place in range(IN_THE_AIR)}
    names = [*places, "status", "in_the_air", "standing__failures", "standing__quiet_until"]
    rows = Webhook.objects.filter(retired_at=None).annotate(
        in_the_air=in_the_air, ping=Subquery(pings.values("pk")[:1]), **places
    )
    rounds: dict[int, list[int]] = defaultdict(list)
    for row in rows.filter(Q(due_0__isnull=False)).values(*names, "ping"):
        quiet = row["standing__failures"] >= QUIET_AFTER
        free = (1 if quiet else IN_THE_AIR) - row["in_the_air"]
        found = [row[name] for name in places if row[name] is not None]
        if row["status"] != Webhook.Status.ACTIVE or (row["standing__quiet_until"] or at) > at:
            found = [row["ping"]] if row["ping"] else []
        for turn, key in enumerate(found[: max(free, 0)]):
            rounds[turn].append(key)
    return [key for turn in sorted(rounds) for key in rounds[turn]]


def prepared(messages: Sequence[Message], at: datetime, done: Round) -> Iterable[tuple[Message, tuple[Any, ...]]]:
    """Each leased message with what the request needs; what its owner may not see any more is void."""
    by_hook: dict[int, list[Message]] = defaultdict(list)
    for message in messages:
        by_hook[message.webhook_id].append(message)
    present = owners.of([found[0].webhook for found in by_hook.values()])
    keys = Signing.of(by_hook, at)
    for found in by_hook.values():
        hook = found[0].webhook
        try:
            told = payload.bodies(hook, present.get(hook.owner_id), found)
        except Exception:  # one webhook must not keep the others from their news
            log.exception("the messages of %s could not be put together", hook.number)
            for message in found:
                settle(message, Outcome(None, 0, "Interlock could not put this message together."), at, done)
            continue
        for message in found:
            if message.pk in told:
                yield message, (hook.url, *signed(message, told[message.pk], keys[hook.pk], at))
            else:
                done.void += _finish(message, state=State.VOID, trouble="No longer to be seen by its owner.")


def signed(message: Message, body: str, keys: Sequence[str], at: datetime) -> tuple[bytes, dict[str, str]]:
    """Body and headers of Standard Webhooks: an id that stays, the time of this attempt, a signature for each key."""
    name = message.id_under(message.webhook.standing.stem)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Interlock/{__version__}",
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Signer(key).sign(name, at, body) for key in keys),
    }
    return body.encode(), headers


def attempt(post: Post, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """One request, in a thread of its own, without the database."""
    began = time.monotonic()

    def took() -> int:
        return int((time.monotonic() - began) * 1000)

    try:
        answer = post(url, body, headers)
    except outbound.Blocked as error:
        return Outcome(None, took(), str(error), blocked=True)
    except outbound.Unanswered as error:
        return Outcome(None, took(), str(error))
    except Exception as error:  # whatever it is, it is this message's trouble and nobody else's
        log.exception("a webhook could not be sent")
        return Outcome(None, took(), f"Interlock could not send this: {type(error).__name__}.")
    trouble = "" if 200 <= answer.status < 300 else f"The answer was {answer.status}."
    return Outcome(answer.status, took(), trouble, retry_after=answer.retry_after)


def settle(message: Message, outcome: Outcome, at: datetime, done: Round) -> None:
    """Keep what became of it: delivered, another try later, or given up; and how the webhook does."""
    hook = message.webhook
    kept: dict[str, Any] = {"status": outcome.status, "took": outcome.took, "trouble": outcome.trouble}
    standing = Standing.objects.filter(pk=hook.pk)
    if outcome.well:
        done.sent += _finish(message, state=State.SENT, sent_at=at, **kept)
        standing.update(succeeded_at=at, failing_since=None, failures=0, quiet_until=None, trouble="")
        return
    done.failed += 1
    if outcome.blocked:
        ours = _finish(message, state=State.BLOCKED, gave_up_at=at, **kept)
    elif outcome.status == GONE or message.tries > len(PAUSES):
        ours = _finish(message, state=State.DEAD, gave_up_at=at, **kept)
    else:
        ours = _finish(message, state=State.WAITING, due_at=at + pause(message.tries, outcome.retry_after), **kept)
    log.info("%s of %s: %s", message, hook.number, outcome.trouble)
    if ours:
        standing.update(
            failed_at=at, failing_since=Coalesce(F("failing_since"), at), failures=F("failures") + 1,
            trouble=outcome.trouble,
        )  # fmt: skip
        _judge(hook, outcome, at)


def pause(tries: int, retry_after: float | None = None) -> timedelta:
    """How long to wait after so many tries, give or take a fifth; longer where the answer asks for it, up to a day."""
    seconds = PAUSES[min(max(tries, 1), len(PAUSES)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return timedelta(seconds=max(seconds, min(retry_after or 0.0, PAUSES[-1])))


def _judge(hook: Webhook, outcome: Outcome, at: datetime) -> None:
    """After a failure: keep quiet for a while, or switch the webhook off and tell its owner."""
    now = Standing.objects.get(pk=hook.pk)
    long = now.failing_since is not None and at - now.failing_since >= DISABLE_AFTER
    if outcome.status == GONE:
        hook.stop("disable", "The address answered 410: it is gone for good.", at)
    elif long and now.failures >= LEAST_FAILURES:
        hook.stop("disable", f"Nothing but failures for {DISABLE_AFTER.days} days. The last: {outcome.trouble}", at)
    elif now.failures >= QUIET_AFTER:
        quiet = min(timedelta(seconds=2.0 ** (now.failures - QUIET_AFTER)), LONGEST_QUIET)
        Standing.objects.filter(pk=hook.pk).update(quiet_until=at + quiet)


def _finish(message: Message, **fields: Any) -> int:
    """Let go of the row, if it is still ours."""
    rows = Message.objects.filter(pk=message.pk, lease=message.lease, state=State.LEASED)
    with transaction.atomic():
        return rows.update(lease=None, lease_until=None, **fields)


def pause_those_left(at: datetime) -> int:
    """Webhooks whose owner has left see for nobody: they pause."""
    hooks = list(owners.active().select_related("owner"))
    gone = owners.left(hooks, owners.of(hooks))
    for hook in gone:
        hook.stop("pause", f"{hook.owner.display_name} has left.", at)
    return len(gone)
