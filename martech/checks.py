"""Start-up: the tables tell the truth."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.core.exceptions import FieldError

from martech import gates
from martech.operations import Record
from martech.permissions.engine import grant, name
from martech.permissions.relations import RELATIONS
from martech.permissions.table import FIELD_GROUPS, PERMISSIONS, ROLES

EXAMPLES = {"isnull": True, "lte": date.max, "gte": date.max, "in": ()}
"""What a lookup is tried with that does not take nothing."""


def records() -> list[type[Record]]:
    """Every kind of record."""
    return [model for model in apps.get_models() if issubclass(model, Record)]


@register("interlock")
def tables(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start on an unknown word, an operation without a row, or a row without an operation."""
    return [Error(sentence, id="interlock.E001") for sentence in untruths()]


def untruths() -> Iterator[str]:
    known = {model._meta.label_lower: model for model in apps.get_models()}
    for label, words in RELATIONS.items():
        if label not in known:
            yield f"RELATIONS names {label}, which is no record."
            continue
        for word, lookups in words.items():
            if word in ROLES:
                yield f"{label}: {word} is a role already and cannot be a relation."
            for lookup in lookups:
                try:
                    known[label]._base_manager.filter(**{lookup: EXAMPLES.get(lookup.rpartition("__")[2])})
                except (FieldError, ValueError, TypeError) as error:
                    yield f"{label}: the relation {word} cannot be asked ({error})."
    for permission in PERMISSIONS:
        row = grant(permission)
        for word in {*(w for words in row.grants for w in words), *row.bars}:
            if word not in ROLES and word != "subject" and word not in RELATIONS.get(row.label, {}):
                yield f"{permission} names {word}, which is neither a role nor a relation of {row.label}."
        if row.label not in known:
            yield f"{permission} names no known record."
        elif permission not in FIELD_GROUPS and row.verb != "view":
            model = known[row.label]
            if issubclass(model, Record) and row.verb not in model.OPERATIONS:
                yield f"{permission}: {row.label} has no operation {row.verb}."
    for key in dict.fromkeys((*gates.GATES, *gates.FOLLOWS)):
        label, act, *fields = key.split(".")
        if (permission := f"{label}.{act}") not in PERMISSIONS:
            yield f"martech/gates.py names {permission}, which is no permission."
        elif {*fields} - {item.name for item in known[grant(permission).label]._meta.get_fields()}:
            yield f"martech/gates.py names {key}, of which there is no such field."
    for permission, dotted in gates.unknown():
        yield f"{permission}: martech/gates.py names {dotted}, which is no function."
    for model in records():
        for verb in ("view", *model.OPERATIONS):
            if name(model, verb) not in PERMISSIONS:
                yield f"{model.__name__}.{verb} has no row in PERMISSIONS."
        for verb in model.FLOW.moves:
            if verb not in model.OPERATIONS:
                yield f"{model.__name__}.FLOW names {verb}, which is no operation."
