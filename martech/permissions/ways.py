"""From the lookups of a relation to a condition on rows, without a join."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Value

from martech.permissions.relations import RELATIONS, TODAY, USER
from martech.statements import KeysField, Slot

Keys = list["QuerySet[Any, Any]"]
"""What tells the keys that a condition has slots for: each a queryset of (place, key)."""
OWN = frozenset({"isnull", "lte", "gte", "in"})
"""What may follow the name of a field without leading to another record."""


def related(model: type[Model], lookups: Mapping[str, Any], keys: Keys | None = None) -> Q:
    """Lookups that hold of one record; those through the same relation hold of one and the same record there.

    Through a relation it is a subquery, never a join: negating a joined relation gives wrong answers. The subquery is
    asked of the row: for a few rows the database looks up theirs, for many it reads all of them once. With `keys` it
    goes there, and a slot for what it will tell stands in its place.
    """
    whole, beyond = Q(), dict[str, dict[str, Any]]()
    for lookup, value in lookups.items():
        name, _, rest = lookup.partition("__")
        if leads_on(lookup):
            beyond.setdefault(name, {})[rest] = value
        else:
            whole &= Q(**{lookup: value})
    for name, there in beyond.items():
        item: Any = model._meta.get_field(name)
        rows = item.related_model._base_manager.filter(related(item.related_model, there))
        if keys is not None and (item.many_to_one or item.one_to_many):
            here, told = (name, "pk") if item.many_to_one else ("pk", item.field.attname)
            whole &= Q(**{f"{here}__given": Slot(f"own_{len(keys)}", KeysField())})
            way = rows.order_by().annotate(_way=Value(len(keys)), _key=F(told))
            keys.append(way.values_list("_way", "_key"))
        elif item.many_to_one:
            whole &= Q(Exists(rows.filter(pk=OuterRef(item.attname))))
        elif item.one_to_many:
            whole &= Q(pk__in=rows.values(item.field.attname))
        else:
            here, told = item.m2m_field_name(), item.m2m_reverse_field_name()
            links = item.remote_field.through._base_manager.filter(**{here: OuterRef("pk")})
            whole &= Q(Exists(links.filter(**{f"{told}__in": rows.values("pk")})))
    return whole


def leads_on(lookup: str) -> bool:
    """Whether it asks another record than the one in hand."""
    _, _, rest = lookup.partition("__")
    return bool(rest) and rest not in OWN


def anybodys(label: str, word: str, day: Any) -> Q:
    """What holds of a record to which anybody at all, or a function, stands in a relation on a day.

    Asked of the row, as whoever reads one record must not read everybody's relations.
    """
    lookups = {lookup: day if value is TODAY else value for lookup, value in RELATIONS[label][word].items()}
    (name, *_), model = next(iter(lookups)).split("__"), apps.get_model(label)
    there = {lookup.removeprefix(f"{name}__"): value for lookup, value in lookups.items() if value is not USER}
    item: Any = model._meta.get_field(name)
    rows = item.related_model._base_manager.filter(related(item.related_model, there))
    return Q(Exists(rows.filter(**{item.field.name: OuterRef("pk")})))
