"""Notices for many people at once, with the mails they asked for: a constant number of statements."""

import string
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.urls import get_resolver

from martech.accounts.models import User
from martech.notifications.hours import Hours
from martech.notifications.models import Channel, Delivery, Notice, Preference, Reminder
from martech.web import links

LONGEST = 600
NOTE = 240
ROWS = 200  # per INSERT
MOST_AN_HOUR = 30
"""Mails of its own that one person gets within an hour; what comes beyond waits for the digest."""


@dataclass(frozen=True)
class Draft:
    """What one person is to be told. `held` mails wait for working hours; `folded` ones for the day's mail."""

    person: User
    event: str
    sentence: str
    kind: str = ""
    key: int = 0
    number: str = ""
    text: str = ""
    link: str = ""
    act: uuid.UUID | None = None
    reminder: Reminder | None = None
    held: bool = False
    folded: bool = False
    happened: datetime | None = None
    """When it happened, where that is earlier than when it is told."""


def write(drafts: Sequence[Draft], at: datetime, hours: Hours | None = None) -> list[Notice]:
    """Put the drafts into the inboxes and, by each person's choice, into the outbox; in the caller's transaction.

    Returns the notices; `mail_id` is set where a mail of its own goes out, `mail_due_at` where a digest will carry it.
    """
    if not drafts:
        return []
    hours = hours or Hours()
    choices = Preference.of({draft.person.pk for draft in drafts})
    left = _left_this_hour([pk for pk, choice in choices.items() if choice == Preference.Email.AT_ONCE], at)
    notices, deliveries = [], []
    for draft in drafts:
        notice = Notice(
            person=draft.person,
            event=draft.event,
            sentence=draft.sentence,
            kind=draft.kind,
            key=draft.key,
            number=draft.number,
            text=draft.text,
            link=draft.link or address(draft.kind, draft.key),
            at=draft.happened or at,
            act=draft.act,
            reminder=draft.reminder,
        )
        choice = choices[draft.person.pk]
        if not draft.folded and left.get(draft.person.pk, 0) > 0:
            left[draft.person.pk] -= 1
            due_at = hours.next(draft.person, at) if draft.held else at
            notice.mail = Delivery(channel=Channel.EMAIL, person=draft.person, due_at=due_at)
            deliveries.append(notice.mail)
        elif choice != Preference.Email.OFF:
            # A reminder that falls due as work begins belongs to this morning's digest, not to tomorrow's.
            notice.mail_due_at = (hours.digest_today if draft.held else hours.digest)(draft.person, notice.at)
        notices.append(notice)
    Delivery.objects.bulk_create(deliveries, batch_size=ROWS)
    Notice.objects.bulk_create(notices, batch_size=ROWS, ignore_conflicts=True)
    return notices


def _left_this_hour(people: Sequence[Any], at: datetime) -> dict[Any, int]:
    """How many mails of their own these people may still get."""
    if not people:
        return {}
    recent = Delivery.objects.filter(person__in=people, digest_on=None, due_at__gt=at - timedelta(hours=1))
    sent = dict(recent.order_by().values_list("person").annotate(Count("pk")))
    return {person: MOST_AN_HOUR - sent.get(person, 0) for person in people}


def address(kind: str, key: Any) -> str:
    """The page of a record; also in a worker, where nothing has loaded the pages before."""
    if not kind:
        return ""
    _ = get_resolver().url_patterns  # kept by Django after the first time
    return links.url(kind, key)


def sentence(template: str, words: Mapping[str, str]) -> str:
    """The template with its placeholders filled in; what the words say is never read as a template."""
    words = {**words, "note": shortened(words.get("note", ""), NOTE)}
    return shortened(template.format_map(words).replace("“” ", "").replace("“”", "…"), LONGEST)


def shortened(text: str, longest: int) -> str:
    """One line of at most so many characters, without control characters."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def placeholders(template: str) -> set[str]:
    """The names between braces; anything cleverer than a name is given back as it stands."""
    return {
        name if not (conversion or form) else f"{name}!{conversion}:{form}"
        for _text, name, form, conversion in string.Formatter().parse(template)
        if name is not None
    }
