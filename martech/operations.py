"""Record, Flow and operation: a change to the world is one named act, a method on the record it changes.

`@operation` does, in this order: one transaction and one act number; lock and re-read the row; may they; is it time;
the picture before; the body; the new state; its gate; sound?; save; the trail; what follows (`gates.FOLLOWS`). What
must not be late hears `recorded` inside the same transaction; everything else reads the trail: docs/decisions/0010.
"""

import functools
import inspect
import uuid
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Concatenate, ParamSpec, Self, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from martech import birth, flow, gates, linked, locking
from martech.audit import context
from martech.audit.models import Entry, recorded
from martech.constraints import NUL, explained, keepable
from martech.errors import Refused
from martech.folding import fold
from martech.inserting import insert, unsaved, update
from martech.loaded import Loaded
from martech.permissions import engine
from martech.picture import begun, difference, labelled, named, picture

P = ParamSpec("P")
R = TypeVar("R", bound="Record")

Flow = flow.Flow
NOW = cast(datetime, None)
"""Default of `at`: the instant the outermost act began, read once."""


@dataclass
class Act:
    """One thing somebody did, with everything it entailed."""

    by: Any
    at: datetime
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    entries: list[Entry] = field(default_factory=list)
    depth: int = 0

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        """Inside one more operation; yields whether it is the outermost, the one whose permission counts."""
        self.depth += 1
        try:
            yield self.depth == 1
        finally:
            self.depth -= 1


_act: ContextVar[Act | None] = ContextVar("act", default=None)


@contextmanager
def acting(by: Any, at: datetime = NOW) -> Iterator[Act]:
    """The current act, or a new one in a transaction of its own.

    At its end `recorded` is sent and the act's entries are written, before the commit. Operations called directly
    inside each ask for their own permission; operations called by an operation are covered by the outer one.
    """
    inner = _act.get()
    if inner is not None:
        with transaction.atomic(savepoint=False):
            yield inner
        return
    if by is None or by.pk is None:
        raise TypeError("No actor, no change.")
    act = Act(by=by, at=at or timezone.now())
    token = _act.set(act)
    try:
        with transaction.atomic():
            yield act
            if act.entries:
                recorded.send(sender=Entry, entries=act.entries)
                insert(act.entries)  # last: until the commit nobody else can write to the trail
    finally:
        _act.reset(token)


def operation(body: Callable[Concatenate[R, P], None]) -> Callable[Concatenate[R, P], R]:
    """Make a method the one way to do what its name says. The record itself comes back, fresh."""
    verb = body.__name__
    taken = inspect.signature(body).parameters
    takes_at = "at" in taken
    needed = [p.name for p in taken.values() if p.default is p.empty and p.annotation in (str, "str")]

    @functools.wraps(body)
    def act(self: R, *args: P.args, **kwargs: P.kwargs) -> R:
        by = cast(Any, kwargs.get("by"))
        with acting(by, cast(datetime, kwargs.pop("at", NOW))) as current, current.deeper() as outermost:
            permission = engine.name(self, verb)
            adding = self.pk is None
            if not adding:
                locking.lock_together(self, kwargs.get(self.LOCKS.get(verb, "")))
                locking.lock(self, by, permission if outermost else "")
            elif outermost and engine.condition(by, permission) is False:
                raise PermissionDenied
            state = self.guard(verb)
            blank = [name for name in needed if not str(kwargs.get(name, "x")).strip()]
            if blank:
                raise ValidationError(dict.fromkeys(blank, "This is needed."))
            before = picture(self)
            if takes_at:
                kwargs["at"] = current.at
            body(self, *args, **kwargs)
            if state:
                setattr(self, self.STATE, state)
            if gates.checks(permission):
                touched = difference(before, picture(self))
                gates.require(permission, gates.Asked(self, verb, by, current.at, touched, adding))
            changes = _write(self, before, adding=adding, at=current.at)
            if adding and outermost:
                engine.require(by, permission, self)
                birth.require(by, self)
            if changes or verb not in QUIET:
                record_entry(self, current, verb, changes, str(kwargs.get("note") or ""))
                gates.follow(permission, [self], by, current.at, changes)
        return self

    act.operation = verb  # type: ignore[attr-defined]
    return act


QUIET = frozenset({"change"})
"""Verbs that leave no trace when they change nothing: saving a form untouched is not an act."""


def _write(record: "Record", before: dict[str, Any], *, adding: bool, at: datetime) -> dict[str, Any]:
    """Clean and save what the body touched; the changes as the trail keeps them."""
    touched = difference(before, picture(record))
    links, parts = _links(record, adding), record.__dict__.pop("_parts", {})
    if not touched and not links and not parts and not adding:
        return {}
    untouched = [f.name for f in record._meta.concrete_fields if not adding and f.attname not in touched]
    relations: list[Any] = [item for item in record._meta.concrete_fields if item.is_relation]
    known = [item.name for item in relations if item.is_cached(record)]
    keepable(record, untouched)
    record.clean_fields(exclude={*untouched, *known, *record.GIVEN})
    record.clean()
    record.changed_at, record.lookup = at, record.searched()
    after = picture(record)
    changes = begun(after) if adding else difference(before, after)
    try:
        if adding:
            door = context.current()
            record.created_at, record.origin, record.origin_detail = at, door.name, door.origin
            insert([record])
        else:
            record.version += 1
            record.taken_over({*changes, *links})
            update(record, {*changes, "version", "changed_at", "lookup", "field_sources"})
    except IntegrityError as error:
        raise explained(record, error) from error
    for name, (_, wanted) in links.items():
        getattr(record, name).set(wanted)
    lists = {name: [named(rows) for rows in pair] for name, pair in links.items()}
    return {**labelled(record, changes), **lists, **parts}


def _links(record: "Record", adding: bool) -> dict[str, tuple[list[Any], list[Any]]]:
    """Many-to-many fields the body put and that differ: name -> (rows before, rows wanted)."""
    changed = {}
    for name, wanted in record.__dict__.pop("_links", {}).items():
        before = [] if adding else list(getattr(record, name).all())
        if {row.pk for row in before} != {row.pk for row in wanted}:
            changed[name] = (before, wanted)
    return changed


def record_entry(record: "Record", act: Act, verb: str, changes: dict[str, Any], note: str) -> None:
    """One more row for the trail, written at the end of the act."""
    if "\0" in note:
        raise ValidationError({"note": NUL})
    door = context.current()
    entry = unsaved(
        Entry,
        act=act.id,
        at=act.at,
        by_id=act.by.pk,
        door=door.name,
        origin=door.origin,
        request_id=door.request_id,
        kind=record._meta.label_lower,
        key=record.pk,
        number=record.number,
        text=str(record)[:200],
        verb=verb,
        version=record.version,
        changes=changes,
        note=note,
    )
    entry._state.fields_cache["by"] = act.by
    act.entries.append(entry)


class Record(Loaded):
    """What every record is: numbered, versioned, sourced, retired and never deleted."""

    PREFIX: ClassVar[str]
    STATE: ClassVar[str] = "status"
    FLOW: ClassVar[Flow] = Flow()
    TONES: ClassVar[Mapping[str, str]] = {}
    SEARCH: ClassVar[tuple[str, ...]] = ("name",)
    BIRTH: ClassVar[tuple[str, ...]] = ()
    """Fields that `add` takes and `change` does not: afterwards only verbs move them."""
    GIVEN: ClassVar[tuple[str, ...]] = ()
    """Fields that are set by the record's own rules and need no cleaning."""
    BLAMES: ClassVar[Mapping[str, str]] = {}
    """Constraint name -> the field that a broken constraint is told at."""
    PARTS: ClassVar[Mapping[str, str]] = {}
    """Rows the record owns, as the trail names them -> their label."""
    MARKS: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Yes-or-no fields that lists show as a badge where they are true: field -> (tone, words)."""
    LOCKS: ClassVar[Mapping[str, str]] = {}
    """Verb -> the argument that names another record of this kind, to be locked with it."""
    KEPT: ClassVar[bool] = False
    """Whether a row stays as it is while another record comes to name it: nobody leaves in between."""
    WHEN_RETIRED: ClassVar[frozenset[str]] = frozenset({"restore", "remark", "follow", "unfollow"})
    OPERATIONS: ClassVar[dict[str, Callable[..., Any]]] = {}

    version = models.PositiveIntegerField("version", default=1, editable=False)
    created_at = models.DateTimeField("created", editable=False, default=timezone.now)
    changed_at = models.DateTimeField("changed", editable=False, default=timezone.now)
    origin = models.CharField("source", max_length=12, default="page", editable=False)
    origin_detail = models.CharField("source detail", max_length=120, blank=True, editable=False)
    retired_at = models.DateTimeField("retired", null=True, blank=True, editable=False)
    field_sources = models.JSONField("field sources", default=dict, editable=False)
    lookup = models.TextField("searched text", blank=True, editable=False)

    expected_version: int
    """Set by a door that knows which version its user saw: the next operation refuses another one with Stale."""

    class Meta:
        abstract = True
        default_permissions = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.OPERATIONS = {
            **{
                name: method
                for base in reversed(cls.__mro__[1:])
                for name, method in vars(base).get("OPERATIONS", {}).items()
            },
            **{name: method for name, method in vars(cls).items() if hasattr(method, "operation")},
        }

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or self.number)

    @property
    def number(self) -> str:
        return f"{self.PREFIX}-{self.pk}"

    @property
    def state(self) -> str:
        """The code of the state; empty where the record has none."""
        return str(getattr(self, self.STATE, ""))

    def guard(self, verb: str) -> str | None:
        """The state the verb leads to; Refused where the record's state does not allow it."""
        if self.retired_at and verb not in self.WHEN_RETIRED:
            raise Refused(f"{self.number} is retired. Restore it first.")
        if not self.FLOW.possible(verb, self.state):
            label = getattr(self, f"get_{self.STATE}_display", lambda: self.state)()
            raise Refused(f"{self.number} is {str(label).lower()}: {verb.replace('_', ' ')} is not possible now.")
        return self.FLOW.moves[verb][1] if verb in self.FLOW.moves else None

    def possible(self) -> list[str]:
        """The verbs the record's state allows now, whoever asks."""
        return self.possible_when(self.state, self.retired_at is not None)

    @classmethod
    def possible_when(cls, state: str, retired: bool) -> list[str]:
        if retired:
            return [verb for verb in cls.OPERATIONS if verb in cls.WHEN_RETIRED]
        return [verb for verb in cls.OPERATIONS if verb != "restore" and cls.FLOW.possible(verb, state)]

    def verbs(self, user: Any) -> list[str]:
        """What this user may do to the record now."""
        names = {verb: engine.name(self, verb) for verb in self.possible() if verb != "add"}
        allowed = engine.held(user, self, names.values())
        return [verb for verb, permission in names.items() if permission in allowed]

    @classmethod
    def fields_to_set(cls) -> frozenset[str]:
        """Names that `add` and `change` take."""
        many = {item.name for item in cls._meta.many_to_many if item.editable}
        return frozenset(item.name for item in cls._meta.concrete_fields if item.editable) - {"id"} | many

    @classmethod
    def add(cls, *, by: Any, at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A new record with these fields, as somebody's act."""
        return begin(cls(), by=by, at=at, note=note, **fields)

    def searched(self) -> str:
        """What a search finds the record by: its SEARCH fields, folded."""
        values = (getattr(self, name) for name in self.SEARCH)
        return fold(" ".join(" ".join(v) if isinstance(v, list) else str(v or "") for v in values))

    def put(self, fields: Mapping[str, Any], by: Any) -> None:
        """Set fields by name on the record in hand; related records may be instances or keys.

        A key that the actor may not see and one that never was are the same ValidationError.
        """
        unknown = set(fields) - self.fields_to_set()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))} to set.")
        for name, value in fields.items():
            item = self._meta.get_field(name)
            if name in self.BIRTH and self.pk and value != getattr(self, name):
                raise ValidationError({name: "This moves by the record's own actions only."})
            if item.many_to_many:
                self.__dict__.setdefault("_links", {})[name] = _found(item, list(value), by, self)
            elif item.is_relation and value is not None:
                setattr(self, name, _found(item, [value], by)[0])
            else:
                setattr(self, name, value)

    def taken_over(self, touched: Container[str]) -> None:
        """Of the fields that sources set, those touched belong to a person now, whose value no source overwrites."""
        taken = {name: "" for name in self.field_sources if name in touched or f"{name}_id" in touched}
        self.field_sources = {**self.field_sources, **taken} if taken else self.field_sources

    def begun_as(self, at: datetime) -> None:
        """Leave what the state of a new record cannot be without. No day is made up: nobody said since when."""
        if "retire" in birth.verbs(type(self), self.state):
            self.retired_at = at

    def tell(self, name: str, before: Any, after: Any) -> None:
        """What a body did to rows the record owns (its PARTS), for the trail."""
        self.__dict__.setdefault("_parts", {})[name] = [before, after]

    @operation
    def change(self, *, by: Any, at: datetime = NOW, note: str = "", **fields: Any) -> None:
        self.put(fields, by)

    @operation
    def remark(self, *, by: Any, note: str, at: datetime = NOW) -> None:
        """Say something on the record's timeline."""

    @operation
    def retire(self, *, by: Any, at: datetime = NOW, note: str = "") -> None:
        self.retired_at = at

    @operation
    def restore(self, *, by: Any, at: datetime = NOW, note: str = "") -> None:
        if self.retired_at is None:
            raise Refused(f"{self.number} is not retired.")
        self.retired_at = None


def _begin(self: Record, *, by: Any, at: datetime = NOW, note: str = "", **fields: Any) -> None:
    self.put(fields, by)
    self.begun_as(at)


def begin(record: R, *, by: Any, at: datetime = NOW, note: str = "", **fields: Any) -> R:
    """Carry out `add` on a new instance in hand, whose own rules may have set what no caller may."""
    return cast(R, Record.OPERATIONS["add"](record, by=by, at=at, note=note, **fields))


_begin.__name__ = "add"
Record.OPERATIONS = {
    "add": operation(_begin),
    **{name: method for name, method in vars(Record).items() if hasattr(method, "operation")},
}


def _found(item: Any, values: list[Any], by: Any, holder: Any = None) -> list[Any]:
    """Records given as instances or keys, each seen and not retired; a list keeps those the actor is not told of."""
    model = item.related_model
    keys = [value.pk if isinstance(value, models.Model) else value for value in values]
    current = _act.get()
    asking = by if issubclass(model, Record) and current and current.depth == 1 else None
    if getattr(model, "KEPT", False) and item.model is not model:  # two of a kind could wait for each other
        locking.keep(model, keys)
    if len(keys) == 1:
        found = {keys[0]: locking.found(model, keys[0], asking)}
    else:
        rows = model._base_manager.filter(pk__in=keys)
        found = {row.pk: row for row in (engine.scope(asking, rows) if asking else rows)}
    for row in map(found.get, keys):
        if row is None:
            raise ValidationError({item.name: "There is no such record."})
        if getattr(row, "retired_at", None) or not getattr(row, "is_active", True):
            raise ValidationError({item.name: f"{row.number} is retired."})
    return [*map(found.__getitem__, keys), *linked.staying(asking, holder, item.name, keys)]
