"""From words to one Q: the list is `filter(Q)`, one record the same Q and a key, so the two cannot disagree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any, ClassVar, Protocol, TypeVar, cast

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import Http404
from django.utils import timezone

from martech.permissions import ways
from martech.permissions.answering import Answer as Answer
from martech.permissions.answering import Person as Person
from martech.permissions.answering import answer as answer
from martech.permissions.answering import answers as answers
from martech.permissions.answering import people as people
from martech.permissions.relations import FOR, RELATIONS, TODAY, USER
from martech.permissions.standing_in import deputies as deputies
from martech.permissions.standing_in import stood_in_for as stood_in_for
from martech.permissions.table import FIELD_GROUPS, PERMISSIONS
from martech.permissions.ways import anybodys as anybodys
from martech.statements import Slot

M = TypeVar("M", bound=Model)


class Limits(Protocol):
    """What an API token narrows its owner's rights to."""

    def allow(self, label: str, verb: str) -> bool: ...

    def __hash__(self) -> int: ...

    @property
    def narrowing(self) -> "Limits":
        """The same as a value: equal where the limits are equal."""
        ...


class Actor(Protocol):
    """Who acts. `standing` holds the words that are true of them everywhere; `limits` narrows a token."""

    pk: Any

    @property
    def standing(self) -> frozenset[str]: ...

    @property
    def limits(self) -> Limits | None: ...


@dataclass(frozen=True)
class Shape:
    """All that decides what an actor may, but for who they are: statements are compiled for a shape, not for a person.

    It stands in for the actor: where a condition asks for the actor's key it gets a slot, to be filled with `given`; so
    does a condition that asks for the day.
    """

    standing: frozenset[str]
    limits: Limits | None

    pk: ClassVar[Slot] = Slot("actor", BigIntegerField())
    today: ClassVar[Slot] = Slot("today", DateField())


@lru_cache(maxsize=256)
def _shape(standing: frozenset[str], limits: Limits | None) -> Shape:
    return Shape(standing, limits)


def shape(actor: Actor) -> Shape:
    """The shape of an actor as roles and limits are now."""
    return _shape(frozenset(actor.standing), actor.limits.narrowing if actor.limits is not None else None)


def today(actor: Actor) -> Any:
    """The day on which a question of this actor is asked; of a shape the slot for it."""
    return actor.today if isinstance(actor, Shape) else timezone.localdate()


def days_before(day: Any, days: int) -> Any:
    """A day so many days before another, which may be the slot of one."""
    less = timedelta(days=days)
    return Slot(day.name, DateField(), less) if isinstance(day, Slot) else day - less


def given(actor: Actor) -> dict[str, Any]:
    """The values of the slots of a shape."""
    return {"actor": actor.pk, "today": timezone.localdate()}


@dataclass(frozen=True)
class Grant:
    """One permission, parsed: any of `grants` (each a tuple of words that must all hold), none of `bars`."""

    label: str
    verb: str
    grants: tuple[tuple[str, ...], ...]
    bars: tuple[str, ...]


@cache
def grant(permission: str) -> Grant:
    """The parsed row; KeyError where the table has none."""
    words = PERMISSIONS[permission].split()
    app, _, codename = permission.partition(".")
    verb, _, model = codename.rpartition("_")
    label = f"{app}.{model}"
    for models in (FIELD_GROUPS[permission],) if permission in FIELD_GROUPS else ():
        label, verb = next(iter(models)), "view"
    return Grant(
        label=label,
        verb=verb,
        grants=tuple(tuple(word.split("+")) for word in words if not word.startswith("!")),
        bars=tuple(word[1:] for word in words if word.startswith("!")),
    )


def name(model: type[Model] | Model, verb: str) -> str:
    """The permission of a verb on a model: ("approve", System) -> inventory.approve_system."""
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def condition(actor: Actor, permission: str) -> Q | bool:
    """What must hold of a row for the actor: True, False, or a Q on the permission's model.

    A page asks some hundred times, mostly the same: an actor in the hand keeps the answers while roles and limits stay.
    """
    if not isinstance(actor, Shape):
        settled = condition(cast(Actor, shape(actor)), permission)
        if isinstance(settled, bool):
            return settled
    kept = _kept(actor)
    if permission not in kept:
        kept[permission] = _condition(actor, permission)
    return kept[permission]


def possible(actor: Actor, permission: str) -> bool:
    """Whether there may be any row on which the actor holds the permission."""
    return condition(cast(Actor, shape(actor)), permission) is not False


def standing(actor: Actor, permission: str) -> bool:
    """Whether the actor holds the permission on every row there is or will be, by who they are alone."""
    return condition(actor, permission) is True


def _kept(actor: Actor) -> dict[str, Q | bool]:
    """The answers this actor has had since roles or limits last changed."""
    memory = vars(actor)
    answers: dict[str, Q | bool]
    standing, limits, answers = memory.get("_answers", (None, None, {}))
    if standing != actor.standing or limits is not actor.limits:
        answers = {}
        memory["_answers"] = (actor.standing, actor.limits, answers)
    return answers


def naming(actor: Actor, model: type[Model]) -> Q | bool:
    """What must hold of a record for its name to be told where another one names it.

    That is for the holder of a token to see, whatever kinds the token is narrowed to: a narrow token tells no more.
    """
    kept, permission = _kept(actor), name(model, "view")
    key = f"{permission} of the holder"
    if key not in kept:
        kept[key] = _granted(actor, permission)
    return kept[key]


def untold(actor: Actor, rows: "QuerySet[M]") -> "QuerySet[M]":
    """Those of the rows that the actor is not told of where another record names them."""
    held = naming(actor, rows.model)
    if isinstance(held, bool):
        return rows.none() if held else rows
    return rows.exclude(pk__in=rows.model._base_manager.filter(held).values("pk"))


TRAIL = "audit.entry"


def _condition(actor: Actor, permission: str) -> Q | bool:
    row = grant(permission)
    if actor.limits is not None and not actor.limits.allow(row.label, row.verb):
        # The trail is no kind of its own: a token that reads some kinds of record reads what happened to them.
        return _subject(actor) if row.label == TRAIL and row.verb == "view" else False
    return _granted(actor, permission)


def _granted(actor: Actor, permission: str) -> Q | bool:
    row = grant(permission)
    return _any(actor, row, row.grants)


def _any(actor: Actor, row: Grant, grants: Iterable[tuple[str, ...]], keys: ways.Keys | None = None) -> Q | bool:
    allowed: Q | bool = False
    for words in grants:
        if allowed is True:
            break
        held = _all(actor, row.label, words, keys)
        if any(word.startswith(FOR) for word in words):  # nobody does by a deputy what they may not do themselves
            for word in row.bars:
                held = _both(held, _negated(_word(actor, row.label, f"{FOR}{word}")))
        allowed = _either(allowed, held)
    for word in row.bars:
        allowed = _both(allowed, _negated(_word(actor, row.label, word)))
    return allowed


@dataclass(frozen=True)
class Sight:
    """The condition of a permission in two, for lists of many rows: each row is granted by `open`, or by `own`.

    What leads from the person to rows over another record stands in `own` as slots for keys, `own_0` and so on, which
    the querysets of `keys` tell as (place, key). Told beforehand, they tell the database how many rows to expect; asked
    in one statement with the rows, it takes them for half the table.
    """

    open: Q | bool
    own: Q | bool
    keys: tuple["QuerySet[Any, Any]", ...]
    plain: bool
    """Whether `open` is a matter of the row's own columns."""


def sight(actor: Actor, permission: str) -> Sight:
    """What must hold of a row for what it is, and what for how the actor stands to it."""
    held, row = condition(actor, permission), grant(permission)
    if isinstance(held, bool) or ("subject",) in row.grants:
        return Sight(held, own=False, keys=(), plain=isinstance(held, bool))
    words = RELATIONS.get(row.label, {})
    own = [one for one in row.grants if any(USER in words.get(word, {}).values() for word in one)]
    rest, keys = [one for one in row.grants if one not in own], ways.Keys()
    far = any(ways.leads_on(lookup) for one in rest for word in one for lookup in words.get(word, {}))
    return Sight(_any(actor, row, rest), _any(actor, row, own, keys), tuple(keys), plain=not far and not row.bars)


def scope(actor: Actor, rows: "QuerySet[M]", permission: str = "") -> "QuerySet[M]":
    """Only the rows the permission (default: view) covers."""
    held = condition(actor, permission or name(rows.model, "view"))
    if held is True:
        return rows
    return rows.none() if held is False else rows.filter(held)


def get(actor: Actor, rows: "QuerySet[M]", key: Any) -> M:
    """One row to hold in the hand; hidden and missing are the same Http404."""
    found = scope(actor, rows).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def may(actor: Actor, permission: str, record: Model) -> bool:
    """Whether the actor holds the permission on this record."""
    held = condition(actor, permission)
    return held if isinstance(held, bool) else type(record)._base_manager.filter(held, pk=record.pk).exists()


def held(actor: Actor, record: Model, permissions: Iterable[str]) -> set[str]:
    """Those of the permissions the actor holds on this record, in at most one query."""
    answers: set[str] = set()
    asked: dict[str, Case] = {}
    names: dict[str, str] = {}
    for number, permission in enumerate(permissions):
        verdict = condition(actor, permission)
        if verdict is True:
            answers.add(permission)
        elif verdict is not False:
            names[f"held_{number}"] = permission
            asked[f"held_{number}"] = verdict_column(verdict)
    if asked:
        row = type(record)._base_manager.filter(pk=record.pk).values(**asked).first() or {}
        answers.update(names[column] for column, value in row.items() if value)
    return answers


def verdict_column(verdict: Q | bool) -> Case:
    """A condition as a column, to be read in the statement that locks the row."""
    if isinstance(verdict, bool):
        return Case(default=Value(verdict), output_field=BooleanField())
    return Case(When(verdict, then=Value(True)), default=Value(False), output_field=BooleanField())


def require(actor: Actor, permission: str, record: Model) -> None:
    """Raise PermissionDenied unless the actor holds the permission; not seen at all is Http404."""
    if not may(actor, permission, record):
        raise PermissionDenied


def hidden_fields(actor: Actor, model: type[Model]) -> frozenset[str]:
    """Fields of the model that this actor sees on no row at all."""
    return frozenset(
        field
        for permission, models in FIELD_GROUPS.items()
        for field in models.get(model._meta.label_lower, ())
        if condition(actor, permission) is False
    )


def field_conditions(actor: Actor, model: type[Model]) -> dict[str, Q]:
    """Fields this actor sees on some rows only: field -> the condition."""
    found: dict[str, Q] = {}
    for permission, models in FIELD_GROUPS.items():
        fields = models.get(model._meta.label_lower, ())
        verdict = condition(actor, permission) if fields else True
        if isinstance(verdict, Q):
            found.update(dict.fromkeys(fields, verdict))
    return found


def _all(actor: Actor, label: str, words: tuple[str, ...], keys: ways.Keys | None) -> Q | bool:
    verdict: Q | bool = True
    for word in words:
        if verdict is False:
            break
        verdict = _both(verdict, _word(actor, label, word, keys))
    return verdict


def _word(actor: Actor, label: str, word: str, keys: ways.Keys | None = None) -> Q | bool:
    if word in actor.standing:
        return True
    if word == "subject":
        return _subject(actor)
    lookups = RELATIONS.get(label, {}).get(word)
    if lookups is None or not actor.standing:
        return False
    told: dict[object, object] = {USER: actor.pk, TODAY: today(actor)}
    bound = {lookup: told.get(value, value) for lookup, value in lookups.items()}
    return ways.related(apps.get_model(label), bound, keys)


def _subject(actor: Actor) -> Q | bool:
    """The record that a comment, document or trail entry hangs on (`kind`, `key`) is one the actor sees."""
    if not actor.standing:
        return False
    whole: list[str] = []
    parts = Q(pk__in=())
    for permission, label in subjects():
        verdict = condition(actor, permission)
        if verdict is True:
            whole.append(label)
        elif verdict is not False:
            seen = apps.get_model(label)._base_manager.filter(verdict).values("pk")
            parts |= Q(kind=label, key__in=seen)
    return parts | Q(kind__in=whole)


@cache
def subjects() -> tuple[tuple[str, str], ...]:
    """(permission, label) of every kind that something can hang on."""
    known = {model._meta.label_lower for model in apps.get_models()}
    rows = {permission: grant(permission) for permission in PERMISSIONS if permission not in FIELD_GROUPS}
    return tuple(
        (permission, row.label)
        for permission, row in rows.items()
        if row.verb == "view" and row.label in known and ("subject",) not in row.grants
    )


def _either(one: Q | bool, other: Q | bool) -> Q | bool:
    if one is True or other is True:
        return True
    if one is False:
        return other
    return one if other is False else one | other


def _both(one: Q | bool, other: Q | bool) -> Q | bool:
    if one is False or other is False:
        return False
    if one is True:
        return other
    return one if other is True else one & other


def _negated(verdict: Q | bool) -> Q | bool:
    return not verdict if isinstance(verdict, bool) else ~verdict
