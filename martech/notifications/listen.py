"""Hears what is recorded and tells those whom it concerns, inside the act's own transaction."""

import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from martech import bell
from martech.accounts.models import User
from martech.audit.models import Entry
from martech.notifications import audience, ledger
from martech.notifications.models import Delivery
from martech.notifications.table import EVENTS, IMPORTED, MANY, NAMED, REMINDERS, Heard
from martech.notifications.writing import Draft, sentence, write
from martech.permissions.table import FIELD_GROUPS

ONE_BY_ONE = 5
"""More records than this in one act are summed up in one notice."""
LOOKED_AT = 50
"""Of so many records it is asked whether the person may see them; beyond that the sum is told as `more than`."""
OLD_NEWS = "demo"
"""What comes through this door happened long ago: nobody is told."""
MOST_PEOPLE = 500
"""Nobody's act speaks to more people than this."""

log = logging.getLogger(__name__)


def hear(sender: Any, entries: Sequence[Entry], **kwargs: Any) -> None:
    """Receiver of `recorded`: ends reminders that are settled, writes notices and mails. Constant statements an act."""
    if entries[0].door == OLD_NEWS:
        return
    settle(entries)
    news = {(entry.kind, entry.key): (entry, heard) for entry in entries if (heard := rule(entry))}
    if not news:
        return
    told = _recipients(news)
    persons = audience.people(told)
    if len(persons) > MOST_PEOPLE:
        log.warning("%s concerns %d people; %d are told", entries[0], len(persons), MOST_PEOPLE)
        persons = dict(sorted(persons.items())[:MOST_PEOPLE])
    asked = [(person, subject) for pk, person in persons.items() for subject in sorted(told[pk])[:LOOKED_AT]]
    seen = audience.seen(asked)
    visible: dict[Any, list[audience.Subject]] = defaultdict(list)
    for person, subject in asked:
        if (person.pk, *subject) in seen:
            visible[person.pk].append(subject)
    drafts: list[Draft] = []
    for pk, subjects in visible.items():
        if len(subjects) > ONE_BY_ONE:
            drafts.append(_summed(persons[pk], [news[each][0] for each in subjects], len(told[pk])))
        else:
            drafts += [_single(persons[pk], *news[each]) for each in subjects]
    at = entries[0].at
    if any(_is_due(notice.mail, at) for notice in write(drafts, at)):
        bell.ring("martech.notifications.tasks.relay")


def rule(entry: Entry) -> Heard | None:
    """The row of the table for an entry: its own kind's, else that of every kind."""
    return EVENTS.get(f"{entry.kind}.{entry.verb}") or EVENTS.get(f"*.{entry.verb}")


def settle(entries: Iterable[Entry]) -> None:
    """Reminders of records that were dealt with, or whose deadline moved, are no longer wanted."""
    for topic, reminding in REMINDERS.items():
        ended: dict[str, list[int]] = defaultdict(list)
        at = None
        for entry in entries:
            if entry.kind != reminding.kind:
                continue
            if entry.verb in reminding.ends.split():
                ended[f"{entry.verb.replace('_', ' ')}: {entry.by.display_name}"].append(entry.key)
            elif entry.verb != "add" and reminding.field in entry.changes:
                ended[f"deadline moved: {entry.by.display_name}"].append(entry.key)
            at = entry.at
        for why, keys in ended.items():
            if at:
                ledger.stop(topic, keys, why, at)


def _recipients(news: dict[audience.Subject, tuple[Entry, Heard]]) -> dict[Any, set[audience.Subject]]:
    """Who is concerned by what, without those who did it."""
    words: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for (kind, key), (_entry, heard) in news.items():
        words[kind][key] = heard.audience.split()
    told: dict[Any, set[audience.Subject]] = defaultdict(set)
    for kind, wanted in words.items():
        for key, people in audience.of(kind, wanted).items():
            for person in people - {news[kind, key][0].by_id}:
                told[person].add((kind, key))
    return told


def _single(person: User, entry: Entry, heard: Heard) -> Draft:
    named = _named(person, entry)
    words = {
        "by": entry.by.display_name,
        "text": entry.text or entry.number,
        "number": entry.number,
        "note": entry.note,
        "what": " and ".join(named) if named else _changed(entry),
    }
    return Draft(
        person=person,
        event=f"{entry.kind}.{entry.verb}",
        sentence=sentence(NAMED if named else heard.sentence, words),
        kind=entry.kind,
        key=entry.key,
        number=entry.number,
        text=entry.text,
        act=entry.act,
    )


def _summed(person: User, entries: Sequence[Entry], count: int) -> Draft:
    """One notice for many records; the parts of an import fold into one, since each part is an act of its own."""
    first, words = entries[0], {"by": entries[0].by.display_name}
    if first.door == "import" and first.origin:
        return Draft(
            person=person,
            event="import",
            sentence=sentence(IMPORTED, {**words, "number": first.origin}),
            number=first.origin[:24],
            link=f"/trail/?origin={quote(first.origin)}",
            act=uuid.uuid5(uuid.NAMESPACE_URL, f"interlock:{first.origin}"),
            folded=True,
        )
    if count > LOOKED_AT:
        what = f"more than {LOOKED_AT} records you follow or answer for"
    else:
        kinds = Counter(entry.kind for entry in entries)
        what = " and ".join(f"{number} {_plural(kind, number)}" for kind, number in kinds.most_common())
    return Draft(
        person=person,
        event="many",
        sentence=sentence(MANY, {**words, "what": what}),
        link=f"/trail/?act={first.act}",
        act=first.act,
    )


def _plural(kind: str, number: int) -> str:
    meta = apps.get_model(kind)._meta
    return str(meta.verbose_name if number == 1 else meta.verbose_name_plural)


def _named(person: User, entry: Entry) -> list[str]:
    """The fields of the record that the act put this person into, by their names."""
    model = apps.get_model(entry.kind)
    found = []
    for name, pair in entry.changes.items():
        after = pair[1] if isinstance(pair, list) and len(pair) == 2 else None
        if isinstance(after, dict) and after.get("id") == person.pk:
            field = _field(model, name)
            if field is not None and field.related_model is User:
                found.append(str(field.verbose_name))
    return found


def _changed(entry: Entry) -> str:
    """The changed fields by their names, without those that not everybody sees."""
    model = apps.get_model(entry.kind)
    guarded = {field for models in FIELD_GROUPS.values() for field in models.get(entry.kind, ())}
    fields = [_field(model, name) for name in entry.changes if name not in guarded]
    names = [str(field.verbose_name) for field in fields if field is not None and field.editable]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "something"


def _field(model: type[Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _is_due(mail: Delivery | None, at: Any) -> bool:
    return mail is not None and mail.due_at <= at
