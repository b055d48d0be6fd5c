"""Who answers for a record now: from the letters people hold, or from whoever is asked where nobody holds one.

The rows are the relations of the table; this module knows no letter and no record by name. Letters of a day past answer
as they stood then, whoever has left since; today and later only people who are present are asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import BigIntegerField, DateField, F, Model, Q, QuerySet, TextField, Value
from django.utils import timezone

from martech.permissions.relations import (
    ACTIVITY,
    ANSWERS_BY,
    CALLED,
    FALLBACKS,
    HOLDERS,
    RELATIONS,
    SILENT,
    TODAY,
    USER,
)
from martech.statements import KeysField, KeysOf, Slot, Statement

SYSTEM = "inventory.system"
Keys = Iterable[int] | QuerySet[Any]
Row = Sequence[Any]
"""A record, the rank of a letter, and its person, or its function with head and deputy; or, `BESIDE` in the place of a
rank, a record and those asked where nobody holds a letter."""
WIDTH, BESIDE = 4, -1


@dataclass(frozen=True, order=True)
class Person:
    """Somebody who answers, as much of them as a line needs."""

    name: str
    pk: int


@dataclass(frozen=True)
class Answer:
    """Who is asked. `why` is empty where they hold the letter, else one sentence; `word`: as what they are asked."""

    people: tuple[Person, ...]
    why: str
    word: str


def people(
    record: Model, word: str, *, activity: str = "", on: date | None = None, today: date | None = None
) -> list[Any]:
    """People who are `accountable`, `responsible`, `consulted` or `informed` for a record, by name; three statements.

    `activity` is a code; empty, the record's own kind names it: a system's is `operate`. Where nobody present holds the
    letter it is those that `answer` names, with the reason. `on` a past day: whoever held it then, and nobody else.
    `today` is the day of the act that asks, by default the clock’s.
    """
    keys = [one.pk for one in answer(record, word, activity=activity, on=on, today=today).people]
    model: Any = apps.get_model(settings.AUTH_USER_MODEL)
    return list(model.objects.filter(pk__in=keys).order_by("name", "pk")) if keys else []


def answer(
    record: Model, word: str, *, activity: str = "", on: date | None = None, today: date | None = None
) -> Answer:
    """The same with the reason, and without reading whole people; two statements."""
    return answers(record._meta.label_lower, [record.pk], word, activity=activity, on=on, today=today)[record.pk]


def answers(
    kind: str, keys: Keys, word: str, *, activity: str = "", on: date | None = None, today: date | None = None
) -> dict[int, Answer]:
    """Who answers for each of many records of one kind: key -> Answer, in two statements however many.

    With a queryset instead of keys only records for which somebody is found stand in the answer. ValueError for a word
    that is none of the four, or a kind of record that no letters are given for.
    """
    if not known(kind, word):
        raise ValueError(f"Nobody is {word} for {kind}.")
    now = today or timezone.localdate()
    day = on or now
    asked = _Asked(kind, word, past=day < now)
    given = {"on": day, "activity": activity or ANSWERS_BY[kind][1]}
    if isinstance(keys, QuerySet):
        rows = list(_rows(asked, keys, **given))
        return _told(asked, rows)
    wanted = list(keys)
    told = _told(asked, _statement(asked).run({"keys": wanted, **given}) if wanted else [])
    nobody = Answer((), f"Nobody is {word}.", word)
    return {key: told.get(key, nobody) for key in wanted}


def known(kind: str, word: str) -> bool:
    """Whether `answers` can be asked for this word of this kind of record."""
    return word in HOLDERS and kind in ANSWERS_BY


@dataclass(frozen=True)
class _Asked:
    """Which word of which kind of record; `past`: as of a day that has been."""

    kind: str
    word: str
    past: bool

    @property
    def chain(self) -> tuple[str, ...]:
        """The word, and whoever is asked where nobody holds that letter, best first."""
        return (self.word,) if self.past else (self.word, *FALLBACKS[self.word].split())

    @property
    def beside(self) -> list[tuple[int, str]]:
        """Rank of each further word of the chain that is no letter, and the path to the person."""
        relations = RELATIONS[self.kind]
        ranked = [(rank, word) for rank, word in enumerate(self.chain) if word not in HOLDERS and word in relations]
        return [(rank, next(iter(relations[word]))) for rank, word in ranked]

    def stands(self, rank: int) -> tuple[str, ...]:
        """Who stands for a function that holds the letter of this rank."""
        return HOLDERS[self.chain[rank]][1:]


@lru_cache(maxsize=256)
def _statement(asked: _Asked) -> Statement:
    keys, day = KeysOf(Slot("keys", KeysField())), Slot("on", DateField())
    return Statement.of(_rows(asked, keys, on=day, activity=Slot("activity", TextField())))


def _rows(asked: _Asked, keys: Any, *, on: Any, activity: Any) -> "QuerySet[Any, Any]":
    """A `Row` for every letter, and for every record one of those asked where nobody holds one.

    Who they are is read after: joined to each way here, people would be read once for each.
    """
    rows = apps.get_model(asked.kind)._base_manager.order_by().filter(pk__in=keys)
    first: Any
    first, *rest = [
        found.annotate(_rank=Value(rank), **{f"_{place}": column for place, column in enumerate(columns)}).values_list(
            "pk", "_rank", *(f"_{place}" for place in range(WIDTH))
        )
        for rank, found, columns in _ways(asked, rows, on, activity)
    ]
    union: QuerySet[Any, Any] = first.union(*rest, all=True)
    return union


def _ways(asked: _Asked, rows: Any, on: Any, activity: Any) -> Iterator[tuple[int, Any, list[Any]]]:
    for rank, word in enumerate(asked.chain):
        for path in ANSWERS_BY[asked.kind][0] if word in HOLDERS else ():
            lead, row = f"{path}__" if path else "", RELATIONS[SYSTEM][word]
            held = {
                f"{lead}{lookup}": activity if lookup == ACTIVITY else on if value is TODAY else value
                for lookup, value in row.items()
                if value is not USER and not (asked.past and lookup == SILENT)
            }
            team = lead + HOLDERS[word][0]
            person = lead + next(lookup for lookup, value in row.items() if value is USER)
            yield rank, rows.filter(**held), [F(person), F(team), F(f"{team}__head"), F(f"{team}__deputy")]
    if asked.beside:
        columns: list[Any] = [F(path) for _rank, path in asked.beside]
        columns += [Value(None, output_field=BigIntegerField())] * (WIDTH - len(columns))
        yield BESIDE, rows, columns


def _told(asked: _Asked, rows: Sequence[Row]) -> dict[int, Answer]:
    """The best answer for each record that has one."""
    here = _Present.of(asked, rows)
    found: dict[int, tuple[int, set[int]]] = {}
    for key, rank, *named in rows:
        ranked = _beside(asked, named, here) if rank == BESIDE else ((rank, here.holding(asked.chain[rank], *named)),)
        for place, told in ranked:
            best = found.get(key)
            if told and (best is None or place < best[0]):
                found[key] = (place, set(told))
            elif told and best is not None and place == best[0]:
                best[1].update(told)
    made: dict[tuple[int, frozenset[int]], Answer] = {}
    return {key: _answer(asked, rank, frozenset(people), here, made) for key, (rank, people) in found.items()}


def _beside(asked: _Asked, named: Sequence[int | None], here: "_Present") -> Iterator[tuple[int, tuple[int, ...]]]:
    for (rank, _path), person in zip(asked.beside, named, strict=False):
        if person is not None and person in here.people:
            yield rank, (person,)


def _answer(
    asked: _Asked, rank: int, people: frozenset[int], here: "_Present", made: dict[tuple[int, frozenset[int]], Answer]
) -> Answer:
    if (rank, people) not in made:
        chain = asked.chain
        why = f"Nobody is {chain[0]}, so {CALLED[chain[rank]]} is asked." if rank else ""
        made[rank, people] = Answer(tuple(sorted(here.names[key] for key in people)), why, chain[rank])
    return made[rank, people]


@dataclass
class _Present:
    """Who is named by the rows, who of them can be asked today, and whom the functions have."""

    past: bool
    names: dict[int, Person] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    teams: dict[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, asked: _Asked, rows: Sequence[Row]) -> "_Present":
        """One statement; none where nobody is named."""
        made = cls(asked.past)
        teams = {row[3] for row in rows if row[1] != BESIDE and row[2] is None and "people" in asked.stands(row[1])}
        keys = {key for row in rows for key in (row[2:] if row[1] == BESIDE else (row[2], *row[4:]))}
        if not keys - {None} and not teams:
            return made
        for key, name, email, function, active, retired, kind in _people().run({"keys": keys - {None}, "teams": teams}):
            made.names[key] = Person(name or email, key)
            if active and retired is None and kind == "person":
                made.people.add(key)
                made.teams.setdefault(function, set()).add(key)
        return made

    def holding(self, word: str, person: int | None, function: int, head: int | None, deputy: int | None) -> set[int]:
        """Who answers for a letter: its person; for a function's, the first of those who stand for it and are there."""
        if person is not None:
            return {person} if self.past or person in self.people else set()
        for stand in HOLDERS[word][1:]:
            one = {"head": head, "deputy": deputy}.get(stand)
            found = {one} & self.people if one is not None else set()
            told = self.teams.get(function, set()) if stand == "people" else found
            if told:
                return told
        return set()


@lru_cache(maxsize=1)
def _people() -> Statement:
    rows: Any = apps.get_model(settings.AUTH_USER_MODEL)._base_manager.order_by()
    rows = rows.filter(Q(pk__given=Slot("keys", KeysField())) | Q(function__given=Slot("teams", KeysField())))
    return Statement.of(rows.values_list("pk", "name", "email", "function", "is_active", "retired_at", "kind"))


def present(path: str) -> Q:
    """The person at the end of the path can be asked today."""
    return Q(**{f"{path}__is_active": True, f"{path}__retired_at": None, f"{path}__kind": "person"})


def absent(path: str) -> Q:
    """There is none, or one who cannot be asked."""
    away = Q(**{f"{path}__is_active": False}) | Q(**{f"{path}__retired_at__isnull": False})
    return Q(**{path: None}) | away | Q(**{f"{path}__kind": "service"})
