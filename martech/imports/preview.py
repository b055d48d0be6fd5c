"""What an import would do to every row, judged by the records' own rules, and whether that still holds."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count, islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from martech.bulk import Bulk, Result, Row
from martech.bulk.undisturbed import undisturbed
from martech.folding import fold
from martech.imports import targets
from martech.imports.cells import Reader, canonical
from martech.imports.directory import Directory, Matcher
from martech.imports.mapping import Mapping, questions
from martech.imports.table import Table
from martech.imports.table import count as counted
from martech.inserting import insert, unsaved
from martech.operations import Record

VENDOR = "inventory.vendor"
TEXTS = frozenset({"text", "long"})
REMEMBERED = 20  # imports of the same kind by the same person that are looked at


def remembered(batches: Any, by: Any, kind: str, table: Table, model: type[Record]) -> Mapping:
    """Where columns went the last time this person brought them, with the answers given; else where they point."""
    places = targets.targets(model, by)
    mapping = Mapping()
    earlier = batches.objects.filter(uploaded_by=by, kind=kind).exclude(counts={}).order_by("-pk")
    met: set[str] = set()
    for kept in earlier.values_list("header", "mapping")[:REMEMBERED]:
        header, old = kept[0], Mapping.of(kept[1])
        now = {fold(column): column for column in table.header}
        for column in header:
            here = now.get(fold(column))
            if here is None or here in met:
                continue
            met.add(here)
            name = old.columns.get(column)
            if name in places and name not in mapping.columns.values():
                mapping.columns[here] = name
                for mine, theirs in (
                    (mapping.dates, old.dates),
                    (mapping.numbers, old.numbers),
                    (mapping.values, old.values),
                ):
                    if column in theirs:
                        mine[here] = theirs[column]  # type: ignore[index,assignment]
        mapping.key, mapping.source = mapping.key or old.key, mapping.source or old.source
    free = [column for column in table.header if column not in met]
    left = {name: place for name, place in places.items() if name not in mapping.columns.values()}
    mapping.columns |= targets.suggested(free, left)
    if not targets.needs(mapping.key) <= set(mapping.columns.values()) or mapping.key not in targets.keys(model):
        mapping.key = targets.suggested_key(mapping.columns, model)
    return mapping


def unsettled(batch: Any, by: Any, table: Table) -> list[str]:
    """What keeps the import from its preview, in sentences."""
    mapping, places = batch.settled, targets.targets(batch.model, by)
    found = mapping.problems(places, targets.keys(batch.model))
    if not table.encoding_sure:
        found.append("Say which encoding the file has.")
    if not table.separator_sure:
        found.append("Say what separates the columns of the file.")
    if found:
        return found
    return [
        f"Column “{question.column}” goes to “{question.target.label}”: "
        + "; ".join(
            f"what does “{item.text}” ({counted(item.count, 'row')}) mean?"
            for item in question.items
            if item.chosen is None
        )
        for question in questions(table, mapping, places)
        if question.open
    ]


def make(batch: Any, by: Any) -> dict[str, int]:
    """Judge every row, keep the verdicts as the batch's rows, and return how many there are of each."""
    table = batch.table()
    open_points = unsettled(batch, by, table)
    if open_points:
        raise ValidationError({"mapping": open_points})
    batch.rows.all()._raw_delete(batch.rows.db)
    counts: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
    waiting: list[Any] = []
    with undisturbed():
        for position, row in enumerate(Preview(batch, by, table).rows(), start=1):
            row.position = position
            counts[row.outcome if row.kind == batch.kind else f"also {row.kind}"] += 1
            waiting.append(row)
            if len(waiting) == ROWS:
                insert(waiting)
                waiting = []
        insert(waiting)
    return dict(counts)


ROWS = 1000
"""Rows of a batch: more than elsewhere, as nobody waits for the worker that imports."""
OUTCOMES = ("create", "update", "unchanged", "skipped", "error")
TOLD = {"created": "create", "changed": "update"}


class Preview:
    """One run over the table."""

    def __init__(self, batch: Any, by: Any, table: Table) -> None:
        self.batch, self.by, self.table = batch, by, table
        self.mapping: Mapping = batch.settled
        self.model: type[Record] = batch.model
        self.places = targets.targets(self.model, by)
        self.reader = Reader(table, self.mapping, self.places, Directory(by))
        self.matcher = Matcher(self.model, by, self.mapping.key, self.mapping.source)
        self.bulk = Bulk(self.model, by=by, dry=True)
        self.lines: dict[str, int] = {}
        self.keys: dict[Any, int] = {}
        self.refused: dict[str, str] = {}
        self.made: dict[str, int] = {}

    def rows(self) -> Iterator[Any]:
        """The rows of the preview in the order they are applied: vendors yet to be made first, then the file's rows."""
        if self.mapping.create:
            yield from self._named()
            self.lines, self.keys = {}, {}
        read = self._each()
        while some := list(islice(read, ROWS)):
            yield from self._judged(some)

    def _each(self) -> Iterator[Any]:
        faults = dict(self.table.faults)
        return (self._read(line, cells, faults) for line, cells in self.table.rows)

    def _row(self, line: int, outcome: str = "", reason: str = "", **given: Any) -> Any:
        made = {"kind": self.batch.kind, "batch_id": self.batch.pk, **given}
        return unsaved(self.batch.rows.model, line=line, outcome=outcome, reason=reason, **made)

    def _read(self, line: int, cells: tuple[str, ...], faults: dict[int, str]) -> Any:
        """One row up to which record it means."""
        if line in faults:
            return self._row(line, "error", faults[line])
        values, wrong = self.reader.row(cells)
        text = str(values.get("name") or values.get("number") or "")[:200]
        if wrong:
            return self._row(line, "error", " ".join(wrong), text=text)
        if not values:
            return self._row(line, "skipped", "The mapped columns are empty.")
        match = self.matcher.text(values)
        if not match and self.mapping.key not in {"number", "none"}:
            name = self.places[min(targets.needs(self.mapping.key))].label
            return self._row(line, "error", f"“{name}” is empty, so no record can be found.", text=text)
        if match:
            first = self.lines.setdefault(match, line)
            if first != line:
                said = match.split("\n")[0] if self.mapping.key != "number" else match
                return self._row(line, "error", f"“{said[:80]}” is on line {first:,} already.", text=text)
        key, by_alias = None, False
        if match:
            try:
                key, by_alias = self.matcher.match(match, values.get("name") or "")
            except ValueError as error:
                return self._row(line, "error", str(error), text=text)
        if key is not None and self.keys.setdefault(key, line) != line:
            return self._row(line, "error", f"It means the same record as line {self.keys[key]:,}.", text=text)
        if by_alias:
            del values["name"]
        if self.mapping.mode == ("update" if key is None else "create"):
            reason = "It is not here yet." if key is None else f"It is here already, as {self.model.PREFIX}-{key}."
            return self._row(line, "skipped", reason, key=key, text=text)
        ref = str(values.pop("external_id", ""))[:200]
        values.pop("number", None)
        return self._row(line, key=key, text=text, match=match, ref=ref, fields=values)

    def _named(self) -> Iterator[Any]:
        """Vendors that rows name and that are not here yet, each once."""
        named: dict[str, tuple[str, int]] = {}
        for row in self._each():
            for name in [] if row.outcome else news(row.fields):
                named.setdefault(fold(name), (name, row.line))
        model = targets.model_of(VENDOR)
        verdicts = Bulk(model, by=self.by, dry=True).run(Row({"name": name}) for name, _ in named.values())
        for number, (key, (name, line)), result in zip(count(1), named.items(), verdicts, strict=False):
            if result.outcome == "error":
                self.refused[key] = _told(result.errors, {})
                continue
            self.made[key] = -number
            self.bulk.assumed.setdefault(model, {})[-number] = model(pk=-number, name=name)  # type: ignore[misc]
            told = {"name": [None, name]}
            fields = {"name": name}
            yield self._row(line, "create", kind=VENDOR, text=name[:200], match=key, fields=fields, changes=told)

    def _judged(self, rows: list[Any]) -> list[Any]:
        """Rows with the verdict of the record's rules."""
        going = []
        for row in rows:
            broken = self._broken(row) if self.refused and not row.outcome else []
            if broken:
                row.outcome, row.reason = "error", " ".join(broken)
            elif not row.outcome:
                going.append(row)
        source = self.matcher.source
        asked = [
            Row(values_of(self.model, row.fields, self.made), row.key, ref=(source, row.ref) if row.ref else None)
            for row in going
        ]
        for row, result in zip(going, self.bulk.batch(asked) if asked else [], strict=True):
            self._settle(row, result)
        return rows

    def _broken(self, row: Any) -> list[str]:
        """Why records that a row names will not be made."""
        return [self.refused[key] for key in map(fold, news(row.fields)) if key in self.refused]

    def _settle(self, row: Any, result: Result) -> None:
        row.outcome = TOLD.get(result.outcome, result.outcome)
        row.reason = _told(result.errors, self.places)
        row.version = result.version if row.key is not None else None
        row.text = result.text[:200] or row.text
        row.changes = {
            name: pair for name, pair in result.changes.items() if name in row.fields or name == "external_id"
        }
        if row.outcome == "update":
            self._same_text(row)

    def _same_text(self, row: Any) -> None:
        """Text that differs in line ends or blanks around it alone is not changed."""
        for name, pair in list(row.changes.items()):
            place = self.places.get(name)
            if place is not None and place.shape in TEXTS and canonical(pair[0] or "") == canonical(pair[1] or ""):
                del row.changes[name], row.fields[name]
        if not row.changes:
            row.outcome = "unchanged"


def news(fields: dict[str, Any]) -> list[str]:
    """Names of records that are yet to be made."""
    return [value["new"] for value in fields.values() if type(value) is dict]


def values_of(model: type[Record], fields: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    """Values as `change` takes them, from values as JSON keeps them; `made` gives keys of records by folded name."""
    values, ways = {}, _ways(model)
    for name, value in fields.items():
        if type(value) is dict:
            key = made.get(fold(value["new"]))
            if key is None:
                continue
            values[name] = key
        else:
            way = ways[name]
            values[name] = way(value) if way else value
    return values


@cache
def _ways(model: type[Record]) -> dict[str, Any]:
    """Field -> what makes its value from JSON; None for text, which is as it is, and for keys."""
    fields: tuple[Any, ...] = (*model._meta.concrete_fields, *model._meta.many_to_many)
    text = (models.CharField, models.TextField)
    return {
        item.name: None
        if item.is_relation or item.__class__.to_python in {one.to_python for one in text}
        else item.to_python
        for item in fields
    }


def _told(errors: dict[str, list[str]], places: dict[str, Any]) -> str:
    """Errors by field as one text."""
    return " ".join(
        f"{places[name].label}: {' '.join(lines)}" if name in places else " ".join(lines)
        for name, lines in errors.items()
    )


def changed_since(batch: Any, by: Any) -> list[str]:
    """What no longer is as the preview found it, in words: records changed or gone, and keys that are taken now."""
    model = batch.model
    now = model._base_manager.filter(pk=OuterRef("key")).values("version")[:1]
    stale = (
        batch.rows.filter(outcome__in=("update", "unchanged"))
        .annotate(now=Subquery(now))
        .filter(Q(now=None) | ~Q(now=F("version")))
    )
    found = [
        f"line {line:,} ({model.PREFIX}-{key})" for line, key in stale.order_by("position").values_list("line", "key")
    ]
    creates = batch.rows.filter(outcome="create").exclude(match="").order_by("position")
    mapping = batch.settled
    matcher = Matcher(model, by, mapping.key, mapping.source) if mapping.key not in {"number", "none"} else None
    directory = Directory(by)
    for kind, line, match, text in creates.values_list("kind", "line", "match", "text"):
        try:
            if kind != batch.kind:
                key = directory.find(targets.model_of(kind), text)
            else:
                key = matcher.match(match, text)[0] if matcher else None
        except ValueError:
            key = True
        if key is not None:
            found.append(f"line {line:,} (“{text[:60]}” is here now)")
    return found
