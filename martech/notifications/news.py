"""What happened, told to those whom it concerns and who may see it: sentences, sums and names."""

import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from martech import bell, timeline
from martech.accounts.models import User
from martech.audit.models import Entry
from martech.notifications import audience
from martech.notifications.table import EVENTS, IMPORTED, MANY, NAMED, Heard
from martech.notifications.writing import Draft, sentence, write
from martech.permissions.table import FIELD_GROUPS

ONE_BY_ONE = 5
"""More records than this in one act are summed up in one notice."""
HELD_BY = frozenset({"person", "governance.closingplan.owner", "governance.standin.deputy"})
"""Fields that say whose a record is: its own sentence tells them."""
LOOKED_AT = 50
"""Of so many records it is asked whether the person may see them; beyond that the sum is told as `more than`."""
OLD_NEWS = "demo"
"""What comes through this door happened long ago: nobody is told."""
MOST_PEOPLE = 500
"""Nobody's act speaks to more people than this."""

log = logging.getLogger(__name__)


def tell(acts: Sequence[Sequence[Entry]], at: datetime) -> int:
    """Write notices and mails about these acts, each given by its entries; how many notices.

    In the caller's transaction and, however many acts, in a constant number of statements. Who may see what is asked
    now: it counts what holds when somebody is told.
    """
    news = {
        (number, (entry.kind, entry.key)): (entry, heard)
        for number, entries in enumerate(acts)
        if entries[0].door != OLD_NEWS
        for entry in entries
        if (heard := rule(entry))
    }
    if not news:
        return 0
    told, later = _recipients(news)
    persons = audience.people(person for each in told.values() for person in each)
    chosen = []
    for number, each in told.items():
        there = sorted(each.keys() & persons.keys())
        if len(there) > MOST_PEOPLE:
            log.warning("%s concerns %d people; %d are told", acts[number][0], len(there), MOST_PEOPLE)
        chosen += [(number, persons[pk], sorted(each[pk])) for pk in there[:MOST_PEOPLE]]
    seen = audience.seen((person, subject) for _, person, subjects in chosen for subject in subjects[:LOOKED_AT])
    drafts: list[Draft] = []
    for number, person, subjects in chosen:
        visible = [news[number, subject] for subject in subjects[:LOOKED_AT] if (person.pk, *subject) in seen]
        if len(visible) > ONE_BY_ONE:
            drafts.append(_summed(person, [entry for entry, _ in visible], len(subjects)))
        else:
            drafts += [
                _single(person, *each, later=(number, person.pk, _subject(each[0])) in later) for each in visible
            ]
    if any(notice.mail is not None and notice.mail.due_at <= at for notice in write(drafts, at)):
        bell.ring("martech.notifications.tasks.relay")
    return len(drafts)


def rule(entry: Entry) -> Heard | None:
    """The row of the table for an entry: its own kind's, else that of every kind; none for a kind that is gone."""
    if entry.kind not in timeline.kinds():
        return None
    event = f"{entry.kind}.{entry.verb}"
    narrow = next((row for name in entry.changes if (row := EVENTS.get(f"{event}:{name}"))), None)
    return narrow or EVENTS.get(event) or EVENTS.get(f"*.{entry.verb}")


def _subject(entry: Entry) -> audience.Subject:
    return entry.kind, entry.key


Concerned = dict[int, dict[Any, set[Any]]]
"""Number of the act -> key of a person -> records."""
Later = set[tuple[int, Any, audience.Subject]]
"""(number of the act, key of a person, record) of what is news for the day's mail only."""


def _recipients(news: Mapping[tuple[int, audience.Subject], tuple[Entry, Heard]]) -> tuple[Concerned, Later]:
    """Who is concerned by what, without those who did it, and what of it waits for the day's mail."""
    asked: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for (_, (kind, key)), (_, heard) in news.items():
        for word in (*heard.audience.split(), *heard.later.split()):
            asked[kind][word].add(key)
    found = {kind: audience.of(kind, words) for kind, words in asked.items()}
    told: Concerned = defaultdict(lambda: defaultdict(set))
    later: Later = set()
    for (number, (kind, key)), (entry, heard) in news.items():
        people = {person for word in heard.audience.split() for person in found[kind].get((word, key), ())}
        waiting = {person for word in heard.later.split() for person in found[kind].get((word, key), ())} - people
        later |= {(number, person, (kind, key)) for person in waiting}
        for person in (people | waiting) - {entry.by_id}:
            told[number][person].add((kind, key))
    return told, later


def _single(person: User, entry: Entry, heard: Heard, *, later: bool = False) -> Draft:
    named = _named(person, entry)
    words = {
        "by": f"{entry.by.display_name}, for {entry.instead_of}," if entry.instead_of else entry.by.display_name,
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
        folded=later,
        happened=entry.at,
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
            happened=first.at,
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
        happened=first.at,
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
            if field is not None and field.related_model is User and not {name, f"{entry.kind}.{name}"} & HELD_BY:
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
