"""What an operation asks for, read from its signature: the signature is the contract of page and REST alike.

A parameter without a default is required. Its annotation says its shape; where the record has a field of the same
name, that field's label, help and choices are used.
"""

import inspect
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from martech.keys import numbered
from martech.operations import Record
from martech.permissions import engine
from martech.permissions.table import ROLES

GIVEN = frozenset({"self", "by", "at"})
SHAPES = {"str": "text", "int": "number", "date": "date", "bool": "bool", "datetime": "instant"}
LABELS = {"note": "Note", "into": "Merge into", "role": "Role", "function": "Function", "instead_of": "In place of"}


@dataclass(frozen=True)
class Argument:
    """One thing an operation asks for. `related` is the model where the shape is `reference`."""

    name: str
    label: str
    shape: str
    required: bool
    choices: tuple[tuple[Any, str], ...] = ()
    related: type[Record] | None = None
    help: str = ""


@cache
def arguments(model: type[Record], verb: str) -> tuple[Argument, ...]:
    """The arguments of a verb, in the order of its signature; none for `add` and `change`, which take fields."""
    taken = inspect.signature(model.OPERATIONS[verb]).parameters.values()
    return tuple(
        _argument(model, parameter)
        for parameter in taken
        if parameter.name not in GIVEN and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    )


def explanation(model: type[Record], verb: str) -> str:
    """The first line of the operation's docstring, for the form's lead and the API's description."""
    return (inspect.getdoc(model.OPERATIONS[verb]) or "").split("\n", 1)[0]


def _argument(model: type[Record], parameter: inspect.Parameter) -> Argument:
    word = inspect.formatannotation(parameter.annotation).split("|")[0].strip(" '\"").rpartition(".")[2]
    related = next((found for found in _records() if found.__name__ == word), None)
    item = next((item for item in model._meta.concrete_fields if item.name == parameter.name), None)
    use = next((found for found in _parts(model) if found.name == parameter.name), None)
    item = item or use
    label = str(item.verbose_name) if item is not None else LABELS.get(parameter.name, parameter.name.replace("_", " "))
    choices: Any = tuple(item.flatchoices) if item is not None and item.choices else ()
    if parameter.name == "role":
        choices = tuple((role, role.replace("_", " ").capitalize()) for role in ROLES)
    shape = "reference" if related else "choice" if choices else SHAPES.get(word, "text")
    return Argument(
        name=parameter.name,
        label=label[:1].upper() + label[1:],
        shape="long" if parameter.name == "note" else shape,
        required=parameter.default is inspect.Parameter.empty,
        choices=choices,
        related=related,
        help=str(item.help_text) if item is not None else "",
    )


def _records() -> list[type[Record]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


def _parts(model: type[Record]) -> list[Any]:
    """Fields of the rows a record owns, such as a function's part in a system."""
    return [
        item
        for relation in model._meta.related_objects
        if relation.on_delete is models.CASCADE and not issubclass(relation.related_model, Record)
        for item in relation.related_model._meta.concrete_fields
    ]


def resolved(model: type[Record], key: Any, actor: Any, name: str) -> Record:
    """The record a reference names, by id or number; hidden and missing are the same ValidationError."""
    number = numbered(str(key), model.PREFIX)
    if number is not None:
        found = engine.scope(actor, model._base_manager.filter(pk=number)).first()
        if found is not None:
            return found
    raise ValidationError({name: "There is no such record."})
