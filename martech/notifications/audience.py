"""Words to people: who owns, keeps or follows a record, and who of them may see it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, Value

from martech.accounts.models import User
from martech.permissions import answering, engine
from martech.permissions.relations import FOR, RELATIONS, STANDING_IN, USER
from martech.permissions.table import PERMISSIONS, ROLES
from martech.records.models import Follow

FOLLOWERS = "followers"
AT_ONCE_SEEN, PAIRS = 100, 5000
"""People, and pairs of person and record, whose sight is asked for in one statement."""

Subject = tuple[str, int]
"""A record: its kind and key."""
Doubtful = tuple[Any, Q, set[int]]
"""A person's key, what must hold of a row for them, and the keys of the rows."""


def people(keys: Iterable[Any]) -> dict[Any, User]:
    """These people, if they can be asked today, with roles and calendar at hand: two statements, however many."""
    rows = User.objects.filter(pk__in=set(keys), is_active=True, retired_at=None, kind=User.Kind.PERSON)
    found = {}
    for person in rows.select_related("calendar").prefetch_related("groups"):
        person.__dict__["roles"] = frozenset(group.name for group in person.groups.all()) & ROLES.keys()
        found[person.pk] = person
    return found


def in_role(role: str) -> list[Any]:
    """The keys of everybody who holds a standing role."""
    rows = User.objects.filter(groups__name=role, is_active=True, retired_at=None, kind=User.Kind.PERSON)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def of(kind: str, wanted: Mapping[str, Iterable[int]]) -> dict[tuple[str, int], set[Any]]:
    """People a word stands for at records of one kind: (word, key) -> keys of people. Words a kind lacks mean nobody.

    A word that begins with `for_` means who stands in for those people today.

    One statement for all followers, one for each standing role and letter, one for everybody named in the records'
    fields.
    """
    found: dict[tuple[str, int], set[Any]] = defaultdict(set)
    paths = {}
    for word, keys in wanted.items():
        if word == FOLLOWERS:
            for key, person in Follow.objects.filter(kind=kind, key__in=keys).values_list("key", "person"):
                found[word, key].add(person)
        elif word in ROLES:
            holders = in_role(word)
            for key in keys:
                found[word, key].update(holders)
        elif stands_in(kind, word):
            for pair, holders in _deputies(kind, word, of(kind, {word.removeprefix(FOR): keys})).items():
                found[pair].update(holders)
        elif answering.known(kind, word):
            for key, told in engine.answers(kind, keys, word).items():
                found[word, key].update(one.pk for one in told.people)
        elif path := _path(kind, word):
            paths[word] = path
    if paths:
        asked = {key for word in paths for key in wanted[word]}
        rows = apps.get_model(kind)._base_manager.filter(pk__in=asked)
        for key, *holders in rows.values_list("pk", *paths.values()):
            for word, holder in zip(paths, holders, strict=True):
                if holder is not None:
                    found[word, key].add(holder)
    return found


def stands_in(kind: str, word: str) -> bool:
    """Whether the word means who stands in for people at records of this kind."""
    return word.startswith(FOR) and kind in STANDING_IN and known(kind, word.removeprefix(FOR))


def _deputies(kind: str, word: str, found: Mapping[tuple[str, int], set[Any]]) -> dict[tuple[str, int], set[Any]]:
    """Who stands in today for these people, by word and key."""
    told = engine.deputies({person for people in found.values() for person in people}, STANDING_IN[kind][0])
    return {(word, key): {told[person].pk for person in people if person in told} for (_, key), people in found.items()}


def _path(kind: str, word: str) -> str:
    """The field that leads to the one person a relation names; empty where a relation is more than that."""
    lookups = RELATIONS.get(kind, {}).get(word, {})
    return next(iter(lookups)) if len(lookups) == 1 and USER in lookups.values() else ""


def known(kind: str, word: str) -> bool:
    """Whether the word can be an audience for this kind of record."""
    return (
        word == FOLLOWERS
        or word in ROLES
        or answering.known(kind, word)
        or bool(_path(kind, word))
        or stands_in(kind, word)
    )


def seen(wanted: Iterable[tuple[User, Subject]]) -> set[tuple[Any, str, int]]:
    """Of these pairs those where the person may see the record.

    One statement for each kind and hundred people, or 5,000 pairs.
    """
    asked: dict[str, dict[Any, tuple[User, set[int]]]] = defaultdict(dict)
    for person, (kind, key) in wanted:
        asked[kind].setdefault(person.pk, (person, set()))[1].add(key)
    found: set[tuple[Any, str, int]] = set()
    for kind, persons in asked.items():
        model = apps.get_model(kind)
        permission = engine.name(model, "view")
        if permission not in PERMISSIONS:
            continue
        doubtful = []
        for pk, (person, keys) in persons.items():
            verdict = engine.condition(person, permission)
            if verdict is True:
                found.update((pk, kind, key) for key in keys)
            elif verdict is not False:
                doubtful.append((pk, verdict, keys))
        for some in _portions(doubtful):
            found.update((pk, kind, key) for pk, key in _asked(model, some))
    return found


def _portions(doubtful: Iterable[Doubtful]) -> Iterator[list[Doubtful]]:
    """Portions that one statement can take."""
    portion: list[Doubtful] = []
    pairs = 0
    for each in doubtful:
        if portion and (len(portion) == AT_ONCE_SEEN or pairs + len(each[2]) > PAIRS):
            yield portion
            portion, pairs = [], 0
        portion.append(each)
        pairs += len(each[2])
    if portion:
        yield portion


def _asked(model: type[Model], doubtful: list[Doubtful]) -> list[tuple[Any, int]]:
    first, *rest = [
        model._base_manager.filter(verdict, pk__in=keys).order_by().values_list(Value(pk), "pk")
        for pk, verdict, keys in doubtful
    ]
    return list(first.union(*rest, all=True) if rest else first)
