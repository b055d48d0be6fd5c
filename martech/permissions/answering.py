"""Who answers for a record now: from the letters people hold, or from whoever is asked where nobody holds one.

The rows are the relations of the table; this module knows no letter and no record by name. Letters of a day past answer
as they stood then, whoever has left since; today and later only people who are present are asked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import F, Model, Q, QuerySet, Value
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

SYSTEM = "inventory.system"
Keys = Iterable[int] | QuerySet[Any]


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


@dataclass(frozen=True)
class _Road:
    """One way from a record to people: the rows it holds of, the field of the person, how good an answer it is."""

    rank: int
    where: Q
    person: str


def people(record: Model, word: str, *, activity: str = "", on: date | None = None) -> list[Any]:
    """People who are `accountable`, `responsible`, `consulted` or `informed` for a record, by name; two statements.

    `activity` is a code; empty, the record's own kind names it: a system's is `operate`. Where nobody present holds the
    letter it is those that `answer` names, with the reason. `on` a past day: whoever held it then, and nobody else.
    """
    keys = [one.pk for one in answer(record, word, activity=activity, on=on).people]
    model: Any = apps.get_model(settings.AUTH_USER_MODEL)
    return list(model.objects.filter(pk__in=keys).order_by("name", "pk")) if keys else []


def answer(record: Model, word: str, *, activity: str = "", on: date | None = None) -> Answer:
    """The same with the reason, and without reading whole people; one statement."""
    return answers(record._meta.label_lower, [record.pk], word, activity=activity, on=on)[record.pk]


def answers(kind: str, keys: Keys, word: str, *, activity: str = "", on: date | None = None) -> dict[int, Answer]:
    """Who answers for each of many records of one kind: key -> Answer, in one statement however many.

    With a queryset instead of keys only records for which somebody is found stand in the answer. ValueError for a word
    that is none of the four, or a kind of record that no letters are given for.
    """
    if word not in HOLDERS or kind not in ANSWERS_BY:
        raise ValueError(f"Nobody is {word} for {kind}.")
    chain = (word, *FALLBACKS[word].split())
    found: dict[int, dict[int, set[Person]]] = defaultdict(lambda: defaultdict(set))
    for key, rank, person, name, email in _rows(kind, keys, chain, activity, on or timezone.localdate()):
        found[key][rank].add(Person(name or email, person))
    told = {key: _told(ranks, chain) for key, ranks in found.items()}
    if isinstance(keys, QuerySet):
        return told
    nobody = Answer((), f"Nobody is {word}.", word)
    return {key: told.get(key, nobody) for key in keys}


def known(kind: str, word: str) -> bool:
    """Whether `answers` can be asked for this word of this kind of record."""
    return word in HOLDERS and kind in ANSWERS_BY


def _told(ranks: dict[int, set[Person]], chain: tuple[str, ...]) -> Answer:
    best = min(ranks)
    why = f"Nobody is {chain[0]}, so {CALLED[chain[best]]} is asked." if best else ""
    return Answer(tuple(sorted(ranks[best])), why, chain[best])


def _rows(kind: str, keys: Keys, chain: tuple[str, ...], activity: str, on: date) -> list[tuple[Any, ...]]:
    """(record, rank, person, name, email) along every road, in one statement."""
    rows = apps.get_model(kind)._base_manager.order_by().filter(pk__in=keys if isinstance(keys, QuerySet) else [*keys])
    asked = [
        rows.filter(road.where)
        .annotate(
            answer_rank=Value(road.rank),
            answer_person=F(road.person),
            answer_name=F(f"{road.person}__name"),
            answer_mail=F(f"{road.person}__email"),
        )
        .values_list("pk", "answer_rank", "answer_person", "answer_name", "answer_mail")
        for road in _roads(kind, chain, activity, on)
    ]
    first, *rest = asked
    return list(first.union(*rest, all=True))


def _roads(kind: str, chain: tuple[str, ...], activity: str, on: date) -> Iterator[_Road]:
    past = on < timezone.localdate()
    paths, own = ANSWERS_BY[kind]
    for rank, word in enumerate(chain):
        if word in HOLDERS:
            for path in paths:
                yield from _letters(rank, word, path, activity or own, on, past=past)
        elif not past and word in RELATIONS[kind]:
            path = next(iter(RELATIONS[kind][word]))
            yield _Road(rank, present(path), path)
        if past:
            return


def _letters(rank: int, word: str, path: str, activity: str, on: date, *, past: bool) -> Iterator[_Road]:
    """Those who hold the letter, then for a function's letter its head, or its deputy, or its people."""
    lead = f"{path}__" if path else ""
    lookups = {
        f"{lead}{lookup}": activity if lookup == ACTIVITY else on if value is TODAY else value
        for lookup, value in RELATIONS[SYSTEM][word].items()
        if value is not USER and not (past and lookup == SILENT)
    }
    holder = lead + next(lookup for lookup, value in RELATIONS[SYSTEM][word].items() if value is USER)
    held = Q(**lookups)
    yield _Road(rank, held & (Q(**{f"{holder}__isnull": False}) if past else present(holder)), holder)
    team, before = lead + HOLDERS[word][0], Q()
    for stand in HOLDERS[word][1:]:
        person = f"{team}__{stand}"
        yield _Road(rank, held & before & present(person), person)
        before &= absent(person)


def present(path: str) -> Q:
    """The person at the end of the path can be asked today."""
    return Q(**{f"{path}__is_active": True, f"{path}__retired_at": None, f"{path}__kind": "person"})


def absent(path: str) -> Q:
    """There is none, or one who cannot be asked."""
    away = Q(**{f"{path}__is_active": False}) | Q(**{f"{path}__retired_at__isnull": False})
    return Q(**{path: None}) | away | Q(**{f"{path}__kind": "service"})
