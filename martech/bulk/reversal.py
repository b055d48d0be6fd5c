"""Taking a bulk act back as its trail tells it: earlier values return, created records retire, later edits stay."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from martech.audit.models import Entry
from martech.bulk import Bulk, Row, Work
from martech.errors import Refused
from martech.operations import NOW, Record, acting
from martech.picture import difference, labelled, picture


@dataclass(frozen=True)
class Reversed:
    """What became of one entry: `restored`, `retired`, or `left` with the reason."""

    entry: Entry
    outcome: str
    reason: str = ""


class Reversal(Bulk):
    """Takes entries of one act on one kind of record back, at most BATCH at a time.

    Whoever calls holds the right to do so: the records' own rights are not asked. What stands in front of such an act
    elsewhere (`martech/gates.py`) stands in front of it here: a record it is closed for is left, with what is missing.
    """

    def __init__(self, model: type[Record], *, by: Any, at: datetime = NOW, note: str = "") -> None:
        super().__init__(model, by=by, at=at or timezone.now(), note=note)

    def take_back(self, entries: Sequence[Entry]) -> list[Reversed]:
        """One transaction; the outcomes in the order of the entries. A second time everything is left."""
        with acting(self.by, self.at) as act:
            found = {row.pk: row for row in self.locked({entry.key for entry in entries}, retiring=True)}
            pairs = [(entry, self._work(entry, found.get(entry.key))) for entry in entries]
            works = [work for _, work in pairs]
            self._hold(works)
            for entry, work in pairs:
                if work.going:
                    self._attempt(lambda work, entry=entry: self._return(work, entry), work)
            self.gate(works)
            self.unique(works)
            going = [work for work in works if work.going]
            for work in going:
                work.record.version += 1
            self.store(going, act)
            self._forget([work for work in going if work.going])
        return [
            Reversed(entry, "left", " ".join(line for lines in work.errors.values() for line in lines))
            if work.outcome == "error"
            else Reversed(entry, "retired" if entry.verb == "add" else "restored")
            for entry, work in pairs
        ]

    def _work(self, entry: Entry, record: Any) -> Work:
        work = Work(Row({}, key=entry.key), record)
        if record is None:
            work.fail("It is no longer there.")
        elif record.version != entry.version:
            work.fail("It was changed since." if record.retired_at is None else "It was retired or changed since.")
        else:
            work.before = picture(record)
        return work

    def _hold(self, works: Sequence[Work]) -> None:
        """The related records that changes name, for the words of the trail."""
        wanted: dict[Any, set[Any]] = {}
        for item in self.relations:
            wanted.setdefault(item.related_model, set()).update(
                getattr(work.record, item.attname) for work in works if work.record is not None
            )
        for kind, keys in wanted.items():
            self.held[kind] = {row.pk: row for row in kind._base_manager.filter(pk__in=keys - {None})}
        for work in works:
            self.connect(work.record)

    def _return(self, work: Work, entry: Entry) -> None:
        record = work.record
        if entry.verb == "add":
            state = record.guard("retire")
            inspect.unwrap(self.model.OPERATIONS["retire"])(record, by=self.by, at=self.at, note=self.note)
            if state:
                setattr(record, self.model.STATE, state)
            work.verb = "retire"
        else:
            self._set_back(work, entry)
        changes = work.difference = difference(work.before, picture(record))
        work.touched = set(changes)
        work.changes = {**labelled(record, changes, self._told(entry)), **work.changes}
        if not work.changes:
            raise Refused("Nothing is left to take back.")

    def _set_back(self, work: Work, entry: Entry) -> None:
        for name, (before, after) in entry.changes.items():
            if name == "external_id":
                work.changes[name] = [after, before]
                continue
            item: Any = self.model._meta.get_field(name)
            if item.many_to_many:
                now, then = ({row["id"] for row in rows} for rows in (after, before))
                work.links[name] = (now, list(then))
                work.changes[name] = [after, before]
            elif item.is_relation:
                setattr(work.record, item.attname, before["id"] if before else None)
            else:
                setattr(work.record, name, item.to_python(before))

    def _told(self, entry: Entry) -> Any:
        """Names of related records as the entry kept them."""
        named = {
            (name, value["id"]): value["text"]
            for name, pair in entry.changes.items()
            for value in pair
            if isinstance(value, dict) and "id" in value
        }

        def holder(item: Any, key: Any) -> Any:
            return self._holder(item, key) or named.get((item.name, key))

        return holder

    def _forget(self, works: Sequence[Work]) -> None:
        """External ids that the act brought are free again."""
        keys = [work.record.pk for work in works if work.verb == "retire" or "external_id" in work.changes]
        refs = self.model._meta.apps.get_model("records.ExternalRef").objects
        refs.filter(kind=self.model._meta.label_lower, key__in=keys).delete()
