"""Words to people: who owns, keeps or follows a record, and who of them may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, Value

from martech.accounts.models import User
from martech.permissions import engine
from martech.permissions.table import PERMISSIONS, RELATIONS, ROLES, USER
from martech.records.models import Follow

FOLLOWERS = "followers"
AT_ONCE_SEEN = 100
"""People whose sight is asked for in one statement."""

Subject = tuple[str, int]
"""A record: its kind and key."""


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


def of(kind: str, words: Mapping[int, Iterable[str]]) -> dict[int, set[Any]]:
    """People the words stand for, per record of one kind: key -> keys of people. Words a kind lacks mean nobody."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for key, named in words.items():
        for word in named:
            wanted[word].append(key)
    found: dict[int, set[Any]] = defaultdict(set)
    paths = {}
    for word, keys in wanted.items():
        if word == FOLLOWERS:
            for key, person in Follow.objects.filter(kind=kind, key__in=keys).values_list("key", "person"):
                found[key].add(person)
        elif word in ROLES:
            holders = in_role(word)
            for key in keys:
                found[key].update(holders)
        elif path := _path(kind, word):
            paths[word] = path
    if paths:
        asked = {key for word in paths for key in wanted[word]}
        rows = apps.get_model(kind)._base_manager.filter(pk__in=asked)
        for key, *holders in rows.values_list("pk", *paths.values()):
            for word, holder in zip(paths, holders, strict=True):
                if holder is not None and word in words[key]:
                    found[key].add(holder)
    return found


def _path(kind: str, word: str) -> str:
    """The field that leads to the one person a relation names; empty where a relation is more than that."""
    lookups = RELATIONS.get(kind, {}).get(word, {})
    return next(iter(lookups)) if len(lookups) == 1 and USER in lookups.values() else ""


def known(kind: str, word: str) -> bool:
    """Whether the word can be an audience for this kind of record."""
    return word == FOLLOWERS or word in ROLES or bool(_path(kind, word))


def seen(wanted: Iterable[tuple[User, Subject]]) -> set[tuple[Any, str, int]]:
    """Of these pairs those where the person may see the record: one statement per kind and hundred people."""
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
        for start in range(0, len(doubtful), AT_ONCE_SEEN):
            found.update((pk, kind, key) for pk, key in _asked(model, doubtful[start : start + AT_ONCE_SEEN]))
    return found


def _asked(model: type[Model], doubtful: list[tuple[Any, Q, set[int]]]) -> list[tuple[Any, int]]:
    first, *rest = [
        model._base_manager.filter(verdict, pk__in=keys).order_by().values_list(Value(pk), "pk")
        for pk, verdict, keys in doubtful
    ]
    return list(first.union(*rest, all=True) if rest else first)
