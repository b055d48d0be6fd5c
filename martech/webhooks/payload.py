"""What a message says: put together when it is sent, from what its owner may see at that moment."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.urls import get_resolver

from martech import timeline
from martech.accounts.models import User
from martech.audit.models import Entry
from martech.operations import Record
from martech.permissions import engine
from martech.picture import plain
from martech.web import links
from martech.webhooks import events, owners
from martech.webhooks.models import Message, Webhook

LARGEST = 256 * 1024
"""Bytes; a larger body leaves the changes out and says so."""


def bodies(hook: Webhook, owner: User | None, messages: Iterable[Message]) -> dict[int, str]:
    """The bodies of one webhook's messages as the owner may see them now; what is not there is not to be told.

    A few statements for all of them together. `entry` of the messages should be selected with them.
    """
    _ = get_resolver().url_patterns  # a worker has not loaded the pages before
    kept = list(messages)
    made = {one.pk: _ping(hook, one) for one in kept if one.event == events.PING}
    if owner is None:
        return made
    told = [one for one in kept if one.entry is not None]
    seen = owners.seen(owner, [one.entry for one in told])
    told = [one for one in told if one.entry_id in seen]
    for one, changes in zip(told, timeline.cleared([one.entry for one in told], owner), strict=True):
        made[one.pk] = _act(one, one.entry, changes)
    for one, record in _dated([one for one in kept if one.day is not None], owner):
        made[one.pk] = _day(one, record)
    return made


def _ping(hook: Webhook, message: Message) -> str:
    return _body(message, {"webhook": hook.number, "name": hook.name, "note": "A test of this webhook."})


def _act(message: Message, entry: Entry, changes: Mapping[str, Any]) -> str:
    data = {
        "entry": entry.pk,
        "act": str(entry.act),
        **_record(entry.kind, entry.key, entry.number, entry.text),
        "verb": entry.verb,
        "version": entry.version,
        "changes": changes,
        "by": {"id": entry.by_id, "name": entry.by.display_name},
        "door": entry.door,
        "note": entry.note,
    }
    body = _body(message, data)
    return body if len(body) <= LARGEST else _body(message, {**data, "changes": {}, "note": "", "shortened": True})


def _day(message: Message, record: Record) -> str:
    data = {
        **_record(message.kind, record.pk, record.number, str(record)),
        "field": message.field,
        "day": plain(message.day),
        "days_before": message.ahead,
    }
    return _body(message, data)


def _record(kind: str, key: int, number: str, text: str) -> dict[str, Any]:
    page = links.url(kind, key)
    url = f"{settings.BASE_URL}{page}" if page else ""
    return {"kind": kind, "id": key, "number": number, "name": text, "url": url}


def _body(message: Message, data: Mapping[str, Any]) -> str:
    told = {"type": message.event, "timestamp": message.at.isoformat(), "data": {"sequence": message.pk, **data}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _dated(messages: list[Message], owner: User) -> Iterable[tuple[Message, Record]]:
    """Each message of a day with its record, where the owner still sees record and field and the day still stands."""
    asked: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for one in messages:
        asked[one.kind, one.field].append(one)
    for (kind, field), found in asked.items():
        try:
            model, _column = events.column(f"{kind}.{field}")
        except KeyError:
            continue
        rows = readable(owner, model, field).filter(pk__in={one.key for one in found}, retired_at=None)
        records = {record.pk: record for record in rows}
        for one in found:
            record = records.get(one.key)
            if record is not None and getattr(record, field) == one.day:
                yield one, record


def readable(owner: User, model: type[Record], field: str) -> Any:
    """The records of a kind of which the owner sees this field."""
    rows = engine.scope(owner, model._base_manager.all())
    if field in engine.hidden_fields(owner, model):
        return rows.none()
    condition = engine.field_conditions(owner, model).get(field)
    return rows if condition is None else rows.filter(condition)
