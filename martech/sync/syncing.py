"""Writing what a source sends: a value a person set stays, and the difference is told."""

import inspect
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError

from martech.bulk import Bulk, Work
from martech.bulk.rows import Result, Row
from martech.errors import Refused
from martech.inserting import insert
from martech.operations import Act, Record
from martech.permissions import engine
from martech.picture import difference, empty, labelled, picture, plain

TAKEN = "Another record is called this already."


class Syncing(Bulk):
    """A bulk act of one source. `forced` names fields whose values it takes back from people.

    `returning` are keys of records that this source retired and lists again. `differences` holds, by the row's
    external id: field -> {"ours", "theirs", "set_by"}.
    """

    def __init__(self, model: type[Record], *, source: str, forced: Iterable[str] = (), **given: Any) -> None:
        super().__init__(model, **given)
        self.source, self.forced = source, frozenset(forced)
        self.returning: set[int] = set()
        self.refs: dict[str, list[tuple[str, str]]] = {}
        self.differences: dict[str, dict[str, Any]] = {}
        self._new_refs: list[tuple[Work, tuple[str, str]]] = []
        self._heard: list[tuple[Work, int]] = []

    def batch(self, rows: Sequence[Row]) -> list[Result]:
        results = super().batch(rows)
        if not self.dry and (heard := [key for work, key in self._heard if work.outcome != "error"]):
            apps.get_model("records.ExternalRef").objects.filter(pk__in=heard).update(told_by="")
        return results

    def put(self, work: Work) -> None:
        record, fields = work.record, work.row.fields
        if not work.adding:
            if record.pk in self.returning:
                record.guard("restore")
                self._run("restore", work)
            for name in self.model.BIRTH:
                if name in fields and self.kept(work, name) and fields[name] != getattr(record, name):
                    self._differ(work, name, getattr(record, name), fields.pop(name))
        super().put(work)

    def clean(self, work: Work) -> None:
        if not work.adding:
            self._yield(work)
        super().clean(work)

    def kept(self, work: Work, name: str) -> bool:
        """Whether the field holds what a person or another source set."""
        item: Any = self.model._meta.get_field(name)
        holder = work.record.field_sources.get(name)
        if holder == self.source or name in self.forced:
            return False
        if holder is None and name not in self.model.BIRTH:
            before = work.links[name][0] if item.many_to_many else work.before[item.attname]
            return bool(before) if item.many_to_many else not (empty(before) or before == item.get_default())
        return True

    def _yield(self, work: Work) -> None:
        """Put back what is not the source's to set, once the record has brought the values into their form."""
        record = work.record
        with suppress(ValidationError):  # said again by what remains, if it remains
            record.clean()
        for name in list(work.row.fields):
            item: Any = self.model._meta.get_field(name)
            if name in self.model.BIRTH or not self.kept(work, name):
                continue
            if item.many_to_many:
                before, after = work.links[name]
                if set(after) != before:
                    self._differ(work, name, *(self._named(name, sorted(keys)) for keys in (before, after)))
                del work.links[name]
            elif (before := work.before[item.attname]) != (now := getattr(record, item.attname)):
                told = labelled(record, {item.attname: [before, now]}, self._holder)[name]
                self._differ(work, name, *told)
                setattr(record, item.attname, before)
        self.connect(record)

    def _differ(self, work: Work, name: str, ours: Any, theirs: Any) -> None:
        ref = work.row.ref[1] if work.row.ref else ""
        holder = work.record.field_sources.get(name) or ""
        self.differences.setdefault(ref, {})[name] = {"ours": plain(ours), "theirs": plain(theirs), "set_by": holder}

    def _run(self, verb: str, work: Work) -> None:
        inspect.unwrap(self.model.OPERATIONS[verb])(work.record, by=self.by, at=self.at, note=self.note)
        work.verb = verb

    # What sources call the records

    def refer(self, works: Sequence[Work]) -> None:
        """Names that are new are kept, those of another record refused: one statement."""
        wanted = [(work, ref) for work in works if work.outcome != "error" for ref in self._called(work)]
        self._new_refs, self._heard = [], []
        if not wanted:
            return
        refs = apps.get_model("records.ExternalRef").objects.filter(
            kind=self.model._meta.label_lower,
            source__in={ref[0] for _, ref in wanted},
            external_id__in={ref[1] for _, ref in wanted},
        )
        held, passed_on = {}, {}
        for pk, source, name, key, told_by in refs.values_list("pk", "source", "external_id", "key", "told_by"):
            held[source, name] = key
            if told_by:
                passed_on[source, name] = pk
        claimed: dict[tuple[str, str], Work] = {}
        for work, ref in wanted:
            holder = held.get(ref)
            if claimed.setdefault(ref, work) is not work or (holder is not None and not self._is(work, holder, ref)):
                work.fail(TAKEN, "external_id" if ref == work.row.ref else "external_ids")
            elif holder is None:
                self._new_refs.append((work, ref))
            elif ref == work.row.ref and ref in passed_on:
                self._heard.append((work, passed_on[ref]))
        for work, ref in self._new_refs:
            if work.outcome == "error":
                continue
            if not work.adding and not self.may("change", work.record):
                work.fail(f"You may not change {work.record.number}.")
                continue
            work.outcome = "created" if work.adding else "changed"
            said = work.changes.get("external_id", [None, ""])[1]
            work.changes["external_id"] = [None, ", ".join(filter(None, (said, ": ".join(ref))))]
        self._new_refs = [(work, ref) for work, ref in self._new_refs if work.outcome != "error"]

    def _called(self, work: Work) -> list[tuple[str, str]]:
        own = work.row.ref
        return list(dict.fromkeys([own, *self.refs.get(own[1], ())])) if own else []

    def _is(self, work: Work, holder: int, ref: tuple[str, str]) -> bool:
        """The name stands for this record, if perhaps for one that was merged into it."""
        return holder == work.row.key or ref == work.row.ref

    def _refer(self, works: list[Work]) -> None:
        model = apps.get_model("records.ExternalRef")
        going = set(map(id, works))
        insert(
            [
                model(
                    kind=self.model._meta.label_lower,
                    key=work.record.pk,
                    source=ref[0],
                    external_id=ref[1],
                    told_by="" if ref[0] == self.source else self.source,
                )
                for work, ref in self._new_refs
                if id(work) in going
            ]
        )

    # What the source no longer lists

    def retire(self, keys: Iterable[int], act: Act) -> list[Work]:
        """Retire these records by their own rules; each comes back with its outcome."""
        permission = engine.name(self.model, "retire")
        held = engine.condition(self.by, permission)
        rows = self.locked(sorted(keys), retiring=True).filter(retired_at=None)
        works = []
        for record in rows.annotate(_may_retire=engine.verdict_column(held)):
            work = Work(Row({}, key=record.pk), record)
            work.before = picture(record)
            works.append(work)
            self._attempt(self._retired, work)
        self.gate(works)
        for work in works:
            work.record.version += work.going
        if not self.dry:
            self.store([work for work in works if work.going], act)
        return works

    def _retired(self, work: Work) -> None:
        record = work.record
        if not record.__dict__.get("_may_retire"):
            raise Refused(f"You may not retire {record.number}.")
        state = record.guard("retire")
        self._run("retire", work)
        if state:
            setattr(record, self.model.STATE, state)
        changes = work.difference = difference(work.before, picture(record))
        work.touched = set(changes)
        work.changes = labelled(record, changes, self._holder)


def no_longer_listed(model: type[Record], source: str, listed: set[int]) -> tuple[dict[int, list[str]], list[int], int]:
    """What a full list leaves out: records the source made (key -> its ids), those it only names, and how many it has.

    A record that another source names too, or that a person or another source made, is never among the first. What the
    source itself passed on as the names of others is not their word.
    """
    refs = apps.get_model("records.ExternalRef").objects.filter(kind=model._meta.label_lower)
    ours = refs.filter(source=source).values("key")
    named: dict[int, list[str]] = {}
    others: set[int] = set()
    for key, whose, name, told_by in refs.filter(key__in=ours).values_list("key", "source", "external_id", "told_by"):
        if whose == source:
            named.setdefault(key, []).append(name)
        elif told_by != source:
            others.add(key)
    rows = model._base_manager.filter(pk__in=ours, retired_at=None).order_by("pk")
    made = {key: (door, whose) for key, door, whose in rows.values_list("pk", "origin", "origin_detail")}
    gone = {
        key: named[key]
        for key, origin in made.items()
        if origin == ("sync", source) and key not in listed and key not in others
    }
    return gone, [key for key in made if key not in listed and key not in gone], len(made)
