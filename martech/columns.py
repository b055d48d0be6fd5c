"""What a row of a kind of record looks like to a list, an endpoint and an export: compiled once, read in one statement.

Names are field names, plus `number`, `<reference>_name` for every reference, and what the record lists in COMPUTED.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from martech.fields import Codes, Lines
from martech.operations import Record
from martech.permissions import engine


@dataclass(frozen=True)
class Computed:
    """A value read from several columns: `paths` are looked up, `value` makes one of them. Shape as in Column."""

    label: str
    paths: tuple[str, ...]
    value: Callable[..., Any]
    shape: str = "text"
    choices: tuple[tuple[Any, str], ...] = ()
    model: str = ""


@dataclass(frozen=True)
class Column:
    """One named value of a row.

    `shape` is one of text, long, lines, codes, choice, number, bool, date, instant, reference, references, json.
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


SHAPES: tuple[tuple[Any, str], ...] = (
    (Codes, "codes"),
    (Lines, "lines"),
    (models.ManyToManyField, "references"),
    (models.ForeignKey, "reference"),
    (models.DateTimeField, "instant"),
    (models.DateField, "date"),
    (models.BooleanField, "bool"),
    (models.JSONField, "json"),
    (models.TextField, "long"),
    (models.IntegerField, "number"),
    (models.DecimalField, "number"),
)
HIDDEN = frozenset(
    {"lookup", "name_key", "names", "password", "last_login", "digest", "retired_from", "acknowledged_for"}
)


def same(value: Any) -> Any:
    return value


def label_path(model: type[models.Model]) -> str:
    """The column that names a record of this kind."""
    return "name" if any(item.name == "name" for item in model._meta.concrete_fields) else "pk"


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
        shape = next((name for kind, name in SHAPES if isinstance(item, kind)), "text")
        shape = "choice" if getattr(item, "choices", None) else shape
        label = str(item.verbose_name)
        label = label[:1].upper() + label[1:]
        common = {"editable": item.editable, "help": str(item.help_text)}
        if shape == "reference":
            name = f"{item.name}__{label_path(item.related_model)}"
            into.append(Column(item.name, label, shape, (item.attname,), same, related=item.related_model, **common))
            into.append(Column(f"{item.name}_name", f"{label}, name", "text", (name,), same))
        elif shape == "references":
            into.append(Column(item.name, label, shape, (), same, related=item.related_model, **common))
        else:
            choices = dict(item.codes if isinstance(item, Codes) else item.flatchoices if shape == "choice" else ())
            into.append(Column(item.name, label, shape, (item.name,), same, choices=choices, **common))
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
            )
        )
    return {column.name: column for column in (*made, *kernel)}


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
        """The rows as dictionaries: one statement, one more for each list of references, one for each masked kind."""
        masks = self._masks(actor)
        names = {name: f"_sees_{name}" for name in masks}
        read = list(
            rows.annotate(**{names[name]: q for name, q in masks.items()}).values_list(*self.paths, *names.values())
        )
        made = [self._row(values) for values in read]
        for position, name in enumerate(masks, start=len(self.paths)):
            for row, values in zip(made, read, strict=True):
                if not values[position]:
                    row.update({part: None for part in (name, f"{name}_name") if part in row})
        for column in self.many:
            self._fill(column, made, actor)
        return made

    def _masks(self, actor: Any) -> dict[str, Any]:
        """What is shown on some rows only: fields of a group, and references to records the actor may not see."""
        masks: dict[str, Any] = {
            name: engine.verdict_column(q)
            for name, q in engine.field_conditions(actor, self.model).items()
            if name in self.names
        }
        for column in self.columns:
            if column.shape != "reference" or not issubclass(column.related, Record) or column.name not in self._own:
                continue
            verdict = engine.naming(actor, column.related)
            if verdict is False:
                masks[column.name] = engine.verdict_column(False)
            elif verdict is not True:
                masks[column.name] = Exists(column.related._base_manager.filter(verdict, pk=OuterRef(column.paths[0])))
        return masks

    @property
    def _own(self) -> frozenset[str]:
        return frozenset(item.name for item in self.model._meta.concrete_fields)

    def of(self, record: Any, actor: Any) -> dict[str, Any]:
        """One record in the hand as a row, without reading it again; references should be selected with it."""
        values = [_deep(record, path) for path in self.paths]
        row = self._row(values)
        for column in self.many:
            self._fill(column, [row], actor)
        masks = self._masks(actor)
        if masks:
            verdicts = (
                type(record)
                ._base_manager.filter(pk=record.pk)
                .values(**{f"_sees_{name}": q for name, q in masks.items()})
                .get()
            )
            for name in masks:
                if not verdicts[f"_sees_{name}"]:
                    row.update({part: None for part in (name, f"{name}_name") if part in row})
        return row

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def _row(self, values: Sequence[Any]) -> dict[str, Any]:
        return {
            column.name: column.value(*(values[slot] for slot in slots))
            for column, slots in zip(self.columns, self.slots, strict=True)
            if slots
        }

    def _fill(self, column: Column, made: list[dict[str, Any]], actor: Any) -> None:
        item = self.model._meta.get_field(column.name)
        through, mine, theirs = item.remote_field.through, item.m2m_field_name(), item.m2m_reverse_field_name()
        found: dict[Any, list[tuple[Any, str]]] = {}
        name = f"{theirs}__{label_path(column.related)}"
        keys = [row["id"] for row in made]
        for key, other, text in (
            through.objects.filter(**{f"{mine}__in": keys}).order_by(name).values_list(mine, theirs, name)
        ):
            found.setdefault(key, []).append((other, text))
        for row in made:
            row[column.name] = [other for other, _ in found.get(row["id"], ())]
            row[f"{column.name}_names"] = [text for _, text in found.get(row["id"], ())]


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
    return Sheet(model, chosen, paths, slots, tuple(column for column in chosen if column.shape == "references"))
