"""The ledger of reminders: planned ahead, sent once each, ended when the matter is settled.

Who sends, how often the sweep runs and where it is killed makes no difference: claiming a row, the notice and the
outbox row are one transaction, and every row is unique by topic, record, deadline, step, person and channel.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from martech import bell
from martech.accounts.models import User
from martech.notifications import audience
from martech.notifications.hours import Hours
from martech.notifications.models import Channel, Notice, Reminder
from martech.notifications.table import REMINDERS, Reminding
from martech.notifications.writing import Draft, sentence, write

BATCH = 200
"""Rows a sweep takes in one transaction."""
WORTH_SAYING = timedelta(hours=1)
"""A reminder later than this says so."""
State = Reminder.State


AHEAD = 3653
"""Days ahead for which steps are planned: what is later comes in when it is nearer, be its day the last there is."""
LONG_AGO = date(1970, 1, 1)
"""A day before this is as late as this one."""


@dataclass(frozen=True)
class Subject:
    """A record with a deadline, and whom to remind of it.

    `people` come from `audience.people`. `note` says why these people are asked where that is not plain. Empty `steps`
    are those of the topic.
    """

    key: int
    number: str
    text: str
    deadline: date
    people: Sequence[User]
    steps: tuple[int, ...] = ()
    note: str = ""


@dataclass
class Planned:
    """What a planning did: rows begun, voided, wanted again."""

    begun: int = 0
    voided: int = 0
    reopened: int = 0
    skipped: int = 0


def plan(topic: str, subjects: Iterable[Subject], at: datetime) -> Planned:
    """Make the ledger of a topic say what these subjects want; they are all there is.

    Open rows of other subjects, deadlines, steps or people become void. Missing rows begin; of the steps missed already
    only the most urgent is open, the others are skipped. Rows voided before `at` and wanted again are reopened. One
    reading, at most three kinds of writing, however many subjects. `at` is the instant before the subjects were read.
    """
    reminding = REMINDERS[topic]
    wanted = {_key(row): row for row in _rows(topic, reminding, subjects, at)}
    done = Planned()
    with transaction.atomic():
        rows = Reminder.objects.filter(topic=topic, channel=Channel.INBOX)
        span = Q(state=State.OPEN)
        if wanted:
            days = [row.deadline for row in wanted.values()]
            span |= Q(deadline__range=(min(days), max(days)))
        columns = ("pk", "state", "changed_at", "key", "deadline", "step", "person_id")
        kept = {tuple(row[3:]): row[:3] for row in rows.filter(span).values_list(*columns)}
        unwanted = [pk for key, (pk, state, _) in kept.items() if state == State.OPEN and key not in wanted]
        again = [pk for key, (pk, state, since) in kept.items() if state == State.VOID and since < at and key in wanted]
        done.voided = _void(unwanted, "no longer asked for", at)
        for chunk in _chunks(again):
            fresh = Reminder.objects.filter(pk__in=chunk, state=State.VOID)
            done.reopened += fresh.update(state=State.OPEN, reason="", changed_at=at)
        urgent: dict[Any, int] = {}
        for key, row in wanted.items():
            if row.due_at <= at or (key in kept and kept[key][1] in (State.SENT, State.SKIPPED)):
                urgent[_matter(row)] = min(urgent.get(_matter(row), row.step), row.step)
        missing = [row for key, row in wanted.items() if key not in kept]
        for row in missing:
            if row.due_at > at:
                continue
            row.due_at = at  # what is planned ahead can be late; what becomes known only now is not
            if row.step > urgent[_matter(row)]:
                row.state, row.reason = State.SKIPPED, "a more urgent one was due"
                done.skipped += 1
        done.begun = len(missing)
        Reminder.objects.bulk_create(missing, batch_size=500, ignore_conflicts=True)
    return done


def _key(row: Reminder) -> tuple[Any, ...]:
    return (row.key, row.deadline, row.step, row.person_id)


def _matter(row: Reminder) -> tuple[Any, ...]:
    return (row.key, row.deadline, row.person_id)


def _rows(topic: str, reminding: Reminding, subjects: Iterable[Subject], at: datetime) -> Iterable[Reminder]:
    hours, today = Hours(), timezone.localdate(at)
    for subject in subjects:
        deadline = max(subject.deadline, LONG_AGO)
        ahead = (deadline - today).days
        for person in subject.people:
            for step in subject.steps or reminding.steps:
                if ahead - step > AHEAD:
                    continue
                due_at = hours.in_time(person, deadline - timedelta(days=step), deadline - timedelta(days=min(step, 1)))
                yield Reminder(
                    topic=topic,
                    kind=reminding.kind,
                    key=subject.key,
                    number=subject.number,
                    text=subject.text[:200],
                    note=subject.note[:200],
                    deadline=subject.deadline,
                    step=step,
                    person=person,
                    due_at=due_at,
                    changed_at=at,
                )


def sweep(at: datetime) -> int:
    """Turn what is due at `at` into notices and mails, batch after batch; how many reminders were sent."""
    sent = 0
    while True:
        taken, told = sweep_batch(at)
        sent += told
        if taken < BATCH:
            return sent


def sweep_batch(at: datetime, most: int = BATCH) -> tuple[int, int]:
    """One transaction: claim due rows, oldest first, and tell. Returns rows claimed and reminders sent.

    Rows another sweep holds are passed over. A step with a more urgent one sent or due is skipped; a person who left or
    may no longer see the record is not told. Constant statements.
    """
    with transaction.atomic():
        sibling = Reminder.objects.filter(
            Q(state=State.SENT) | Q(state=State.OPEN, due_at__lte=at),
            step__lt=OuterRef("step"),
            **{name: OuterRef(name) for name in ("topic", "key", "deadline", "person", "channel")},
        )
        rows = list(
            Reminder.objects.due(at)
            .annotate(overtaken=Exists(sibling))
            .order_by("due_at", "pk")
            .select_for_update(skip_locked=True)[:most]
        )
        if not rows:
            return 0, 0
        persons = audience.people(row.person_id for row in rows)
        current = [row for row in rows if not row.overtaken and row.person_id in persons]
        seen = audience.seen((persons[row.person_id], (row.kind, row.key)) for row in current)
        told = [row for row in current if (row.person_id, row.kind, row.key) in seen]
        overtaken = [row.pk for row in rows if row.overtaken]
        _mark(overtaken, at, state=State.SKIPPED, reason="a more urgent one was due")
        silent = {row.pk for row in rows} - {row.pk for row in told} - set(overtaken)
        _mark(sorted(silent), at, state=State.VOID, reason="the person left or may not see the record")
        if _mark([row.pk for row in told], at, state=State.SENT, sent_at=at) != len(told):
            raise RuntimeError("A reminder was claimed twice.")  # undone with the transaction
        notices = write([_draft(row, persons[row.person_id], at) for row in told], at)
        _hand_over(told, notices, at)
        return len(rows), len(told)


def _draft(row: Reminder, person: User, at: datetime) -> Draft:
    words = {
        "text": row.text,
        "number": row.number,
        "note": row.note,
        "when": when(row.deadline, timezone.localdate(at)),
    }
    late, today = at - row.due_at, timezone.localdate(at)
    reminding = REMINDERS[row.topic]
    said = sentence(reminding.past if row.deadline < today else reminding.sentence, words)
    if late >= WORTH_SAYING:
        said = f"{said} (This reminder is late by {length(late)}.)"
    return Draft(
        person=person,
        event=row.topic,
        sentence=said,
        kind=row.kind,
        key=row.key,
        number=row.number,
        text=row.text,
        reminder=row,
        held=True,
    )


def _hand_over(told: Sequence[Reminder], notices: Sequence[Notice], at: datetime) -> None:
    """The ledger's rows of what goes by mail, and the bell for what may go now."""
    mailed = [row for row, notice in zip(told, notices, strict=True) if notice.mail_id or notice.mail_due_at]
    copied = ("topic", "kind", "key", "number", "text", "note", "deadline", "step", "person_id", "due_at")
    Reminder.objects.bulk_create(
        [
            Reminder(
                **{name: getattr(row, name) for name in copied},
                channel=Channel.EMAIL,
                state=State.SENT,
                sent_at=at,
                changed_at=at,
            )
            for row in mailed
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    if any(notice.mail is not None and notice.mail.due_at <= at for notice in notices):
        bell.ring("martech.notifications.tasks.relay")


def stop(topic: str, keys: Iterable[int], why: str, at: datetime) -> int:
    """No further reminders of these records for the deadline they have; how many were still to come."""
    rows = Reminder.objects.open().filter(topic=topic, key__in=list(keys))
    return rows.update(state=State.VOID, reason=why[:200], changed_at=at)


def acknowledge(topic: str, key: int, by: Any, at: datetime) -> int:
    """Somebody takes care of it; how many reminders were still to come. The record itself keeps who and for when."""
    return stop(topic, [key], f"acknowledge: {by.display_name}", at)


def snooze(topic: str, key: int, person: User, until: date, why: str, at: datetime) -> int:
    """Hold what this person would hear before `until`; how many were held. ValidationError beyond the deadline."""
    rows = Reminder.objects.open().filter(topic=topic, key=key, person=person)
    deadline = rows.order_by("deadline").values_list("deadline", flat=True).first()
    if deadline is None:
        return 0
    if until > deadline:
        raise ValidationError({"until": f"Not later than the deadline, {deadline:%-d %B %Y}."})
    if until <= timezone.localdate(at):
        raise ValidationError({"until": "Choose a day to come."})
    wakes = Hours().in_time(person, until, deadline)
    return rows.filter(due_at__lt=wakes).update(due_at=wakes, reason=why[:200], changed_at=at)


def when(deadline: date, today: date) -> str:
    """How far a day is, in words: `in 30 days, on 3 May 2026`."""
    days = (deadline - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    distance = near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")
    return f"{distance}, on {deadline:%-d %B %Y}"


def length(late: timedelta) -> str:
    """A lateness in its largest whole unit."""
    hours = int(late.total_seconds() // 3600)
    count, unit = (hours // 24, "day") if hours >= 48 else (hours, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"


def oldest_due(at: datetime) -> timedelta:
    """How late the oldest due reminder is: the one figure that says that reminders work."""
    due_at = Reminder.objects.due(at).order_by("due_at").values_list("due_at", flat=True).first()
    return at - due_at if due_at else timedelta(0)


def _void(keys: Sequence[Any], why: str, at: datetime) -> int:
    return sum(
        Reminder.objects.open().filter(pk__in=chunk).update(state=State.VOID, reason=why, changed_at=at)
        for chunk in _chunks(keys)
    )


def _mark(keys: Sequence[Any], at: datetime, **fields: Any) -> int:
    return Reminder.objects.open().filter(pk__in=keys).update(changed_at=at, **fields) if keys else 0


def _chunks(keys: Sequence[Any], size: int = 5000) -> Iterable[Sequence[Any]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
