"""Who stands in for whom today: asked of people, for one sort of matter."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from martech.permissions.answering import Person, present
from martech.permissions.relations import DEPUTY, TODAY, USER, deputed


def deputies(
    people: Iterable[Any], matter: str, *, on: date | None = None, today: date | None = None
) -> dict[int, Person]:
    """Who stands in for each of these people, by key of the person, where anybody does; one statement.

    `today` is the day of the act that asks, by default the clock’s.
    """
    keys = set(people)
    return _found(Q(pk__in=keys), "pk", DEPUTY, matter, on, today) if keys else {}


def stood_in_for(actor: Any, matter: str, *, on: date | None = None, today: date | None = None) -> dict[int, Person]:
    """The people in whose place this person acts, by key; one statement. Standing in does not go on to a third."""
    return _found(Q(**{DEPUTY: actor.pk}), "pk", "", matter, on, today)


def _found(which: Q, key: str, told: str, matter: str, on: date | None, now: date | None) -> dict[int, Person]:
    """By key; of a day past as it stood then, whoever has left since."""
    people: Any = apps.get_model(settings.AUTH_USER_MODEL)._base_manager
    today = now or timezone.localdate()
    day = on or today
    valid = {lookup: day if value is TODAY else value for lookup, value in deputed(matter).items() if value is not USER}
    there = Q() if day < today else present(DEPUTY) & Q(is_active=True, retired_at=None)
    lead = f"{told}__" if told else ""
    found = people.filter(which & Q(**valid) & there).order_by("pk")
    rows = found.values_list(key, f"{lead}pk", f"{lead}name", f"{lead}email")
    return {one: Person(name or email, person) for one, person, name, email in rows}
