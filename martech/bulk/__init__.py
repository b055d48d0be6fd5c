"""Many records at once: the rules of `operation`, in a constant number of statements for every BATCH rows.

One bad row never stops the good ones: it comes back with its errors by field. Each changed row has its entry in the
trail; a batch is one transaction and tells `recorded` once. Imports and syncs are its callers.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

from martech import birth, gates
from martech.audit import context
from martech.bulk.judging import Judging
from martech.bulk.rows import Result, Row, Work
from martech.constraints import explained
from martech.errors import Refused
from martech.inserting import insert, update_all
from martech.operations import NOW, Act, Record, acting, record_entry
from martech.permissions import engine

__all__ = ["BATCH", "Bulk", "Result", "Row", "apply"]

BATCH = 500


class Bulk(Judging):
    """Creates and changes of one kind of record by one person. `dry` reads and judges but writes nothing."""

    def run(self, rows: Iterable[Row]) -> list[Result]:
        """The results in the order of the rows."""
        results: list[Result] = []
        waiting = iter(rows)
        while chunk := list(islice(waiting, BATCH)):
            results.extend(self.batch(chunk))
        return results

    def batch(self, rows: Sequence[Row]) -> list[Result]:
        """These rows, whose number the caller bounds: one transaction, or a part of the act that is under way."""
        if self.dry:
            works = self.judged(rows)
        else:
            with acting(self.by, self.at) as act:
                act.id = self.act or act.id
                works = self.judged(rows)
                going = [work for work in works if work.going]
                for work in going:
                    work.record.version += not work.adding
                self.store(going, act)
        self.held, self.swapped = {}, {}
        return [work.result() for work in works]

    def judged(self, rows: Sequence[Row]) -> list[Work]:
        """Everything but the writing."""
        works = self.read(rows)
        self.relate(works)
        for work in works:
            if work.going:
                self._attempt(self.put, work)
        for work in works:
            if work.going:
                self._attempt(self.clean, work)
        self.gate(works)
        self.unique(works)
        self.refer(works)
        return works

    def _attempt(self, step: Callable[[Work], None], work: Work) -> None:
        try:
            step(work)
        except (ValidationError, Refused) as error:
            work.fail(error)

    def store(self, works: list[Work], act: Act) -> None:
        """Write all in one go; where the database objects, halve until the row it objects to stands alone."""
        if not works:
            return
        try:
            with transaction.atomic():
                denied = self.write(works)
        except IntegrityError as error:
            for work in works:
                if work.adding:
                    work.record.pk = None
            if len(works) == 1:
                works[0].fail(explained(works[0].record, error))
                return
            middle = len(works) // 2
            self.store(works[:middle], act)
            self.store(works[middle:], act)
            return
        done: dict[str, list[Record]] = {}
        changed: set[str] = set()
        for work in works:
            if work not in denied:
                record_entry(work.record, act, work.verb, work.changes, self.note)
                done.setdefault(work.verb, []).append(work.record)
                changed |= work.touched | work.links.keys()
        for verb, records in done.items():
            gates.follow(engine.name(self.model, verb), records, self.by, self.at, changed)

    def write(self, works: list[Work]) -> list[Work]:
        """All of the batch, in as many statements for one row as for BATCH; returns those not allowed after all."""
        door, names = context.current(), {"version", "changed_at", "lookup", "field_sources"}
        attnames = {item.attname: item.name for item in self.model._meta.concrete_fields}
        added, changed = [], []
        for work in works:
            record = work.record
            record.changed_at, record.lookup = self.at, record.searched()
            self.attribute(work)
            if work.adding:
                record.created_at, record.origin, record.origin_detail = self.at, door.name, door.origin
                added.append(record)
            else:
                names.update(attnames[name] for name in work.touched)
                changed.append(record)
        self._free(changed)
        insert(added)
        update_all(changed, sorted(names))
        self._link(works)
        self._refer(works)
        return self._denied(works)

    def _free(self, records: list[Record]) -> None:
        """Values that rows of the batch take from one another are let go first: a name is one row's at any instant."""
        for column, keys in self.swapped.items():
            going = sorted(keys & {record.pk for record in records})
            if going:
                nobodys = Concat(Value("\x7f"), Cast("pk", CharField()))
                self.model._base_manager.filter(pk__in=going).update(**{column: nobodys})

    def attribute(self, work: Work) -> None:
        """Whose the values are: the source's where the row is one of a source, else a person's."""
        touched = work.touched | work.links.keys()
        work.record.taken_over(touched)
        if work.row.ref:
            born = {self.model.STATE} & self._columns.keys() if work.adding else set()
            given = born | {name for name in work.row.fields if self._columns.get(name, name) in touched}
            work.record.field_sources = {**work.record.field_sources, **dict.fromkeys(given, work.row.ref[0])}

    def _link(self, works: list[Work]) -> None:
        for item in self.model._meta.many_to_many:
            linked = [(work.record.pk, *work.links[item.name]) for work in works if item.name in work.links]
            if not linked:
                continue
            through, mine, theirs = item.remote_field.through, item.m2m_field_name(), item.m2m_reverse_field_name()
            gone = {(key, other) for key, before, after in linked for other in before - set(after)}
            rows = through.objects.filter(**{f"{mine}__in": {key for key, _ in gone}}).values_list("pk", mine, theirs)
            through.objects.filter(pk__in=[row for row, key, other in rows if (key, other) in gone]).delete()
            through.objects.bulk_create(
                [
                    through(**{f"{mine}_id": key, f"{theirs}_id": other})
                    for key, before, after in linked
                    for other in after
                    if other not in before
                ]
            )

    def _refer(self, works: list[Work]) -> None:
        named = [work for work in works if work.new_ref]
        if not named:
            return
        model = self.model._meta.apps.get_model("records.ExternalRef")
        model.objects.filter(pk__in=self.freed).delete()
        kind = self.model._meta.label_lower
        model.objects.bulk_create(
            [
                model(kind=kind, key=w.record.pk, source=w.new_ref[0], external_id=w.new_ref[1])
                for w in named
                if w.new_ref
            ]
        )

    def _denied(self, works: list[Work]) -> list[Work]:
        """New rows outside what the actor may add, or add in their state, where that depends on the row: taken out."""
        added = [work for work in works if work.adding]
        denied = self._outside(("add",), added)
        for work in denied:
            work.fail(f"You may not add this {self.model._meta.verbose_name}.")
        for state in sorted({work.record.state for work in added}):
            if needed := birth.verbs(self.model, state):
                outside = self._outside(needed, [work for work in added if work.going and work.record.state == state])
                for work in outside:
                    work.fail(birth.refused(self.model, state, needed))
                denied += outside
        if denied:
            self.model._base_manager.filter(pk__in=[work.record.pk for work in denied]).delete()
        return denied

    def _outside(self, verbs: Iterable[str], works: list[Work]) -> list[Work]:
        """The rows on which the actor holds none of these verbs, where that depends on the row."""
        held = [self.conditions[verb] for verb in verbs]
        if True in held or not works:
            return []
        asked = reduce(or_, (one for one in held if not isinstance(one, bool)), Q())
        if not asked:
            return []
        keys = [work.record.pk for work in works]
        allowed = set(self.model._base_manager.filter(asked, pk__in=keys).values_list("pk", flat=True))
        return [work for work in works if work.record.pk not in allowed]


def apply(
    model: type[Record],
    creates: Iterable[dict[str, Any]],
    updates: Iterable[tuple[int, int | None, dict[str, Any]]],
    *,
    by: Any,
    at: datetime = NOW,
    note: str = "",
    refs: dict[int, tuple[str, str]] | None = None,
) -> list[Result]:
    """Make `creates`, then change `updates` (key, expected version or None, fields): one result each, in that order.

    `refs` gives the row at a position what a source calls it. Batches of BATCH rows, each in a transaction of its own
    unless an act is under way.
    """
    rows = [Row(fields) for fields in creates]
    rows += [Row(fields, key, version) for key, version, fields in updates]
    for place, ref in (refs or {}).items():
        rows[place].ref = ref
    return Bulk(model, by=by, at=at, note=note).run(rows)
