"""What a row of a kind of record looks like to a list, an endpoint and an export: compiled once, read in one statement.

Names are field names, plus `number`, `<reference>_name` for every reference, and what the record lists in COMPUTED.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from itertools import pairwise
from operator import itemgetter
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from martech.distinct import once
from martech.fields import Codes
from martech.linked import Linked, label_path, listed, names_of, put
from martech.operations import Record
from martech.permissions import engine
from martech.shapes import READ, numbered, same, shape_of
from martech.statements import Statement


@dataclass(frozen=True)
class Column:
    """One named value of a row.

    `shape`: text, long, lines, codes, choice, number, money, bool, date, instant, reference, references, json or named.
    """

    name: str
    label: str
    shape: str
    paths: tuple[str, ...]
    value: Callable[..., Any]
    choices: dict[Any, str] = field(default_factory=dict, hash=False)
    related: Any = None
    editable: bool = False
    help: str = ""
    where: Callable[[tuple[Any, ...], Any], Q] | None = None
    on_demand: bool = False


WRITTEN = frozenset({"date", "instant"})
"""Shapes that a file takes as the database writes them: a value in Python would only be written again."""
HIDDEN = frozenset(
    {
        "lookup",
        "name_key",
        "names",
        "password",
        "last_login",
        "digest",
        "retired_from",
        "acknowledged_for",
        "last_on",
        "stands_until",
        "question",
    }
)


@cache
def columns(model: type[Record]) -> dict[str, Column]:
    """Every column of a kind of record, in a settled order: number, own fields, computed values, the kernel's."""
    prefix = model.PREFIX
    made = [
        Column("id", "Id", "number", ("pk",), same),
        Column("number", "Number", "text", ("pk",), lambda key: f"{prefix}-{key}"),
    ]
    kernel: list[Column] = []
    for item in (*model._meta.concrete_fields, *model._meta.many_to_many):
        if item.name in HIDDEN or item.name == "id" or item.name == "groups":
            continue
        into = kernel if item.name in KERNEL else made
        shape = shape_of(item)
        label = str(item.verbose_name)
        label = label[:1].upper() + label[1:]
        common = {"editable": item.editable, "help": str(item.help_text)}
        if shape == "reference":
            path = label_path(item.related_model)
            told = same if path == "name" else numbered(item.related_model)
            into.append(Column(item.name, label, shape, (item.attname,), same, related=item.related_model, **common))
            into.append(Column(f"{item.name}_name", f"{label}, name", "text", (f"{item.name}__{path}",), told))
        elif shape == "references":
            into.append(Column(item.name, label, shape, (), same, related=item.related_model, **common))
        else:
            choices = dict(item.codes if isinstance(item, Codes) else item.flatchoices if shape == "choice" else ())
            into.append(Column(item.name, label, shape, (item.name,), READ.get(shape, same), choices=choices, **common))
    for name, made_of in getattr(model, "COMPUTED", {}).items():
        made.append(
            Column(
                name,
                made_of.label,
                made_of.shape,
                made_of.paths,
                made_of.value,
                dict(made_of.choices),
                apps.get_model(made_of.model) if made_of.model else None,
                where=made_of.where,
                on_demand=made_of.on_demand,
            )
        )
    if getattr(model, "NAMED_ELSEWHERE", False):
        made.append(Column("external_ids", "Known elsewhere as", "named", (), same, help=NAMED, on_demand=True))
    return {column.name: column for column in (*made, *kernel)}


NAMED = "What sources call it: the name of the source, and its own id there."
MANY = frozenset({"references", "named"})
KERNEL = frozenset({"version", "created_at", "changed_at", "origin", "origin_detail", "field_sources", "retired_at"})


def visible(actor: Any, model: type[Record]) -> dict[str, Column]:
    """The columns this actor may ever see."""
    hidden = engine.hidden_fields(actor, model)
    return {name: column for name, column in columns(model).items() if name not in hidden} if hidden else columns(model)


@dataclass(frozen=True)
class Sheet:
    """A compiled choice of columns: the paths to read and how to make values of them."""

    model: type[Record]
    columns: tuple[Column, ...]
    paths: tuple[str, ...]
    slots: tuple[tuple[int, ...], ...]
    many: tuple[Column, ...]

    def rows(self, rows: "QuerySet[Any]", actor: Any) -> list[dict[str, Any]]:
        """The rows as dictionaries, in one statement."""
        return self.reader(rows, actor).read({})[0]

    def reader(
        self,
        rows: "QuerySet[Any]",
        actor: Any,
        *,
        few: bool = False,
        written: bool = False,
        kind: type[Statement] = Statement,
        **beside: Any,
    ) -> "Reader":
        """What reads these rows as often as wanted; `beside` are further expressions, read in the same statement.

        With the shape of an actor and slots in the queryset it reads for everybody of that shape. `few` rows look their
        related names up one by one: eight tables to join take the database longer to plan than to read. `written` are
        days and instants as the database writes them, for what is to be text in the end.
        """
        masks = self._masks(actor)
        seen = {f"_sees_{name}": q for name, q in masks.items()}
        reached = {f"_{path}": self._reached(path) for path in self.paths if few and "__" in path}
        reached |= {f"_{path}": Cast(path, models.TextField()) for path in self._texts} if written else {}
        paths = [f"_{path}" if f"_{path}" in reached else path for path in self.paths]
        lists = {f"_linked_{column.name}": self._linked(column, actor) for column in self.many}
        made = rows.annotate(**self._figures(actor), **reached, **seen, **lists, **beside).values_list(
            *paths, *seen, *lists, *beside
        )
        blanks = tuple((name, f"{name}_name") for name in masks)
        return Reader(self, kind.of(made), blanks)

    def _figures(self, actor: Any) -> dict[str, Any]:
        """The figures that the columns are made of."""
        known: Mapping[str, Callable[[Any], Any]] = getattr(self.model, "FIGURES", {})
        return {path: known[path](engine.today(actor)) for path in self.paths if path in known}

    def _masks(self, actor: Any) -> dict[str, Any]:
        """What is shown on some rows only: fields of a group, and references to records the actor may not see."""
        masks: dict[str, Any] = {
            name: engine.verdict_column(q)
            for name, q in engine.field_conditions(actor, self.model).items()
            if self._told(name)
        }
        for item in self.model._meta.concrete_fields:
            related: Any = item.related_model
            if related is None or not issubclass(related, Record) or not self._told(item.name):
                continue
            verdict = engine.naming(actor, related)
            if verdict is False:
                masks[item.name] = engine.verdict_column(False)
            elif verdict is not True:
                # A range keeps PostgreSQL from reading every record somebody sees to look up the few that are named.
                one = (OuterRef(item.attname),) * 2
                seen = Exists(related._base_manager.filter(verdict, pk__range=one))
                masks[item.name] = engine.verdict_column(Q(**{f"{item.attname}__isnull": True}) | Q(seen))
        return masks

    def _linked(self, column: Column, actor: Any) -> Linked:
        return Linked(
            self.model, column, engine.naming(actor, column.related) if column.shape == "references" else True
        )

    @cached_property
    def _texts(self) -> list[str]:
        """Paths of shapes that are WRITTEN, which one column tells as they are and nothing is worked out from."""
        asked = Counter(path for column in self.columns for path in column.paths)
        plain = (column for column in self.columns if column.value is same and column.shape in WRITTEN)
        return [path for column in plain for path in column.paths if asked[path] == 1]

    def _told(self, name: str) -> bool:
        """Whether the sheet tells a field, be it by the name of the related record alone."""
        return name in self.names or f"{name}_name" in self.names

    def _reached(self, path: str) -> Any:
        """A value on the other side of a reference, or of one behind it: by key and key again, nothing joined."""
        model: Any = self.model
        hops = path.split("__")
        reached: Any = model._meta.get_field(hops[0]).attname
        for _ in hops[1:]:
            reached = OuterRef(reached)
        for name, beyond in pairwise(hops):
            model = model._meta.get_field(name).related_model
            item = model._meta.pk if beyond == "pk" else model._meta.get_field(beyond)
            reached = Subquery(model._base_manager.filter(pk=reached).values(item.attname))
        return reached

    def beside(self, actor: Any) -> dict[str, Any]:
        """What is read with a record that `of` makes a row of: figures, verdicts, lists of references."""
        seen = {f"_sees_{name}": held for name, held in self._masks(actor).items()}
        lists = {f"_linked_{column.name}": self._linked(column, actor) for column in self.many}
        return {**self._figures(actor), **seen, **lists}

    def of(self, record: Any) -> dict[str, Any]:
        """A record in the hand as a row: it was read with `beside` of the actor, and with its references."""
        row, told = self.row([_deep(record, path) for path in self.paths]), vars(record)
        for column in self.many:
            put(row, column, told[f"_linked_{column.name}"])
        for name in (
            item.name for item in self.model._meta.concrete_fields if not told.get(f"_sees_{item.name}", True)
        ):
            blank(row, (name, f"{name}_name"))
        return row

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def row(self) -> Callable[[Sequence[Any]], dict[str, Any]]:
        """What makes a row of the values of `paths`: plain values are picked at once, the others worked out."""
        there = [(column, slots) for column, slots in zip(self.columns, self.slots, strict=True) if slots]
        names = tuple(column.name for column, _ in there)
        pick = itemgetter(*(slots[0] for _, slots in there), 0)  # one more, so that it is a tuple
        worked = [(column.name, column.value, slots) for column, slots in there if column.value is not same]
        simply = tuple((name, value, slots[0]) for name, value, slots in worked if len(slots) == 1)
        together = tuple((name, value, itemgetter(*slots)) for name, value, slots in worked if len(slots) > 1)

        def row(values: Sequence[Any]) -> dict[str, Any]:
            made = dict(zip(names, pick(values)))  # noqa: B905 - the one more is left over
            for name, value, slot in simply:
                made[name] = value(values[slot])
            for name, value, several in together:
                made[name] = value(*several(values))
            return made

        return row


Write = Callable[[Column, Sequence[Any]], Sequence[Any]]
"""What makes cells of a column's values."""


def blank(row: dict[str, Any], names: Iterable[str]) -> None:
    """What is not to be seen of a row."""
    for name in names:
        if row.get(name) is not None:
            row[name] = None


MANY_ROWS = 100
"""With more rows than these the values are made column by column."""


@dataclass(frozen=True)
class Reader:
    """A sheet and the statement that reads its rows.

    After the sheet’s paths come verdicts on what is to be seen (`blanks`: the names that go with each), the lists of
    references, and what was wanted beside.
    """

    sheet: Sheet
    statement: Statement
    blanks: tuple[tuple[str, str], ...]

    def turned(self, rows: Sequence[Sequence[Any]], write: Write | None = None) -> dict[str, Sequence[Any]]:
        """Rows as the statement fetched them into columns, lists last, of no rows none; `write` makes cells of them.

        Of few different values each is made once.
        """
        read: list[Any] = list(zip(*rows, strict=True))
        converters, made, after = dict(self.statement.converters), {}, len(self.sheet.paths)
        seen = {name: place for place, names in enumerate(self.blanks, start=after) for name in names}
        lists = {column: place for place, column in enumerate(self.sheet.many, start=after + len(self.blanks))}
        plain = [one for one in zip(self.sheet.columns, self.sheet.slots, strict=True) if one[0] not in lists]
        for column, slots in [*plain, *((column, (place,)) for column, place in lists.items())] if read else ():
            if column.value is same:
                told, convert = read[slots[0]], partial(listed, column) if column in lists else converters.get(slots[0])
            else:
                told = list(map(column.value, *(_each(converters.get(slot), read[slot]) for slot in slots)))
                convert = None
            if column.name in seen:
                told = [value if shown else None for value, shown in zip(told, read[seen[column.name]], strict=True)]
            cells = partial(_cells, column, convert, write)
            made[column.name] = once(told, cells) if convert or write else told
        return made

    def read(self, values: Mapping[str, Any]) -> tuple[list[dict[str, Any]], Sequence[Any]]:
        """Rows, and what was read beside the first of them."""
        fetched = self.statement.fetched(values)
        if len(fetched) > MANY_ROWS:
            return self._read_turned(fetched)
        read, row, after = self.statement.made(fetched), self.sheet.row, len(self.sheet.paths)
        made = [row(one) for one in read]
        for position, names in enumerate(self.blanks, start=after):
            for one, known in zip(made, read, strict=True):
                if not known[position]:
                    blank(one, names)
        after += len(self.blanks)
        for position, column in enumerate(self.sheet.many, start=after):
            for one, known in zip(made, read, strict=True):
                put(one, column, known[position])
        after += len(self.sheet.many)
        return made, read[0][after:] if read else ()

    def _read_turned(self, fetched: list[Sequence[Any]]) -> tuple[list[dict[str, Any]], Sequence[Any]]:
        """What `read` answers, for so many rows that to make their values column by column takes half the time."""
        told = self.turned(fetched)
        places = enumerate(self.sheet.many, start=len(self.sheet.paths) + len(self.blanks))
        for position, column in places:
            if column.shape == "references":
                told[f"{column.name}_names"] = [names_of(row[position]) for row in fetched]
        rows = [dict(zip(told, row)) for row in zip(*told.values())]  # noqa: B905 - a third faster, and even by making
        first = self.statement.made(fetched[:1])[0]
        return rows, first[len(self.sheet.paths) + len(self.blanks) + len(self.sheet.many) :]


def _cells(
    column: Column, convert: Callable[[Any], Any] | None, write: Write | None, values: Sequence[Any]
) -> Sequence[Any]:
    made = _each(convert, values)
    return write(column, made) if write else made


def _each(convert: Callable[[Any], Any] | None, values: Sequence[Any]) -> Sequence[Any]:
    return list(map(convert, values)) if convert else values


def _deep(record: Any, path: str) -> Any:
    for part in path.split("__"):
        record = getattr(record, part, None)
    return record


@lru_cache(maxsize=1024)
def sheet(model: type[Record], names: tuple[str, ...]) -> Sheet:
    """The compiled sheet of these columns; `id` is always among them."""
    known = columns(model)
    wanted: Iterable[str] = dict.fromkeys(("id", *names))
    chosen = tuple(known[name] for name in wanted)
    paths = tuple(dict.fromkeys(path for column in chosen for path in column.paths))
    place = {path: position for position, path in enumerate(paths)}
    slots = tuple(tuple(place[path] for path in column.paths) for column in chosen)
    return Sheet(model, chosen, paths, slots, tuple(column for column in chosen if column.shape in MANY))
