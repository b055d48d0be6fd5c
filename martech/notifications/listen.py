"""Hears what is recorded, inside the act's own transaction: what cannot wait, and the bell for what can.

People are told by a reader of the trail (telling.py). What must not be late is that reminders of a matter end with the
act that settles it: a sweep a moment later would remind of it. An act on a kind without reminders asks for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from martech import bell
from martech.audit.models import Entry
from martech.notifications import ledger, news
from martech.notifications.table import REMINDERS

REMINDED = frozenset(reminding.kind for reminding in REMINDERS.values())


def hear(sender: Any, entries: Sequence[Entry], **kwargs: Any) -> None:
    """Receiver of `recorded`."""
    if entries[0].door == news.OLD_NEWS:
        return
    settle(entry for entry in entries if entry.kind in REMINDED)
    if any(news.rule(entry) for entry in entries):
        bell.ring("martech.notifications.tasks.tell")


def settle(entries: Iterable[Entry]) -> None:
    """Reminders of records that were dealt with, or whose deadline moved, are no longer wanted."""
    entries = list(entries)
    for topic, reminding in REMINDERS.items():
        ended: dict[str, list[int]] = defaultdict(list)
        for entry in entries:
            if entry.kind != reminding.kind:
                continue
            if entry.verb in reminding.ends.split():
                ended[f"{entry.verb.replace('_', ' ')}: {entry.by.display_name}"].append(entry.key)
            elif entry.verb != "add" and reminding.field in entry.changes:
                ended[f"deadline moved: {entry.by.display_name}"].append(entry.key)
        for why, keys in ended.items():
            ledger.stop(topic, keys, why, entries[0].at)
