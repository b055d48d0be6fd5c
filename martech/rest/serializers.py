"""Shapes of what REST takes and gives, made from the record's columns and the operation's signature."""

from copy import deepcopy
from functools import cache
from typing import Any

from django.db import models
from rest_framework import serializers

from martech import arguments
from martech.columns import Column, columns
from martech.money import DIGITS, PLACES
from martech.operations import Record
from martech.rest.schema.names import camel


class Strict(serializers.Serializer[Any]):
    """A body with an unknown or read-only field is refused, never half taken."""

    def get_fields(self) -> dict[str, Any]:
        """To read a body, only the fields that are in it or needed: a copy of each is what a serializer costs."""
        sent = getattr(self, "initial_data", None)
        if not isinstance(sent, dict):
            return super().get_fields()
        declared = self._declared_fields.items()
        return {
            name: deepcopy(field)
            for name, field in declared
            if name in sent or (field.required and not field.read_only)
        }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = self._declared_fields
            unknown = {
                name: ["This is read-only." if name in known else "There is no such field."]
                for name in data
                if name not in known or known[name].read_only
            }
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class Reference(serializers.Field[Any, Any, Any, Any]):
    """A related record by id or number: 12 or "VEN-12". Whether it is there to be seen, the record decides."""

    default_error_messages = {"shape": "Give an id or a number such as {prefix}-12."}

    def __init__(self, prefix: str, **kwargs: Any) -> None:
        self.prefix = prefix
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, int) and not isinstance(data, bool) and 0 < data < 1 << 63:
            return data
        prefix, _, digits = data.rpartition("-") if isinstance(data, str) else ("", "", "")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 18 or prefix not in {"", self.prefix}:
            self.fail("shape", prefix=self.prefix)
        return int(digits)

    def to_representation(self, value: Any) -> Any:
        return value


class Whole(serializers.IntegerField):
    """A whole number: no text, no truth value, no fraction."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Money(serializers.DecimalField):
    """An amount as text with its digits, or a whole number; never a binary fraction."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Truth(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Text(serializers.CharField):
    """Text is text: numbers are not quietly made into it."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Address(Text):
    """An http(s) address; the record says whether it is one."""


class Email(Text):
    """An e-mail address; the record says whether it is one."""


class Choice(serializers.ChoiceField):
    """A code. `named` is what the document calls this choice; empty for one that is told in place."""

    def __init__(self, *, named: str = "", **kwargs: Any) -> None:
        self.named = named
        super().__init__(**kwargs)


def field(
    shape: str, *, choices: Any = (), prefix: str = "", named: str = "", **common: Any
) -> serializers.Field[Any, Any, Any, Any]:
    """The field of a shape; see martech.columns.Column."""
    blank = common.pop("blank", False)
    longest = common.pop("longest", None)
    if shape == "choice":
        return Choice(choices=choices, named=named, allow_blank=blank, **common)
    if shape == "codes":
        return serializers.ListField(child=Choice(choices=choices, named=named), **common)
    if shape == "lines":
        return serializers.ListField(child=Text(max_length=200), max_length=200, **common)
    if shape == "reference":
        return Reference(prefix, **common)
    if shape == "named":
        return serializers.ListField(child=serializers.JSONField(), **common)
    if shape == "references":
        return serializers.ListField(child=Reference(prefix), max_length=200, **common)
    if shape == "number":
        return Whole(min_value=common.pop("least", None), max_value=2**31 - 1, **common)
    if shape == "money":
        return Money(max_digits=DIGITS, decimal_places=PLACES, min_value=0, **common)
    plain: dict[str, Any] = {
        "bool": Truth,
        "date": serializers.DateField,
        "instant": serializers.DateTimeField,
        "json": serializers.JSONField,
    }
    if shape in plain:
        return plain[shape](**common)
    if shape == "ring":
        return serializers.ListField(child=serializers.FloatField(), **common)
    kind = common.pop("kind", Text)
    return kind(allow_blank=blank, max_length=longest, trim_whitespace=True, **common)


KINDS = {models.URLField: Address, models.EmailField: Email}


def of_column(model: type[Record], column: Column, **more: Any) -> serializers.Field[Any, Any, Any, Any]:
    """A column as a field: writable where `add` or `change` take it. `more` goes before what the column says."""
    common: dict[str, Any] = {"label": column.label, "help_text": column.help or None}
    common["named"] = named(model, column.name)
    if column.name not in model.fields_to_set():
        return field(column.shape, choices=column.choices, prefix=_prefix(column), read_only=True, **common)
    item: Any = model._meta.get_field(column.name)
    common["required"] = not item.blank and not item.has_default()
    if item.null or column.shape == "reference":
        common["allow_null"] = bool(item.null)
    if column.shape in {"text", "long", "choice"}:
        common["blank"] = item.blank and item.empty_strings_allowed
    if column.shape in {"text", "long"}:
        common["longest"] = item.max_length or 100_000
        common["kind"] = KINDS.get(type(item), Text)
    if column.shape == "number":
        common["least"] = 0
    return field(column.shape, choices=list(column.choices.items()), prefix=_prefix(column), **common | more)


def named(model: type[Record], name: str, verb: str = "", choices: Any = ()) -> str:
    """What the document calls the choice of a field, or of an argument where it is not that of a field."""
    column = columns(model).get(name)
    same = column is not None and dict(choices) == column.choices and not may_be_blank(model, column)
    return f"{model.__name__}{camel(name)}" if same or not verb else f"{model.__name__}{camel(verb)}{camel(name)}"


def may_be_blank(model: type[Record], column: Column) -> bool:
    """Whether a choice may be empty text: left open, or worked out from what is left open."""
    item = next((item for item in model._meta.concrete_fields if item.name == column.name), None)
    return "" not in column.choices and (item is None or (item.blank and not item.null))


def _prefix(column: Column) -> str:
    return str(getattr(column.related, "PREFIX", ""))


@cache
def of_record(model: type[Record]) -> type[Strict]:
    """The serializer of a kind of record: every column, in its order."""
    fields = {name: of_column(model, column) for name, column in columns(model).items()}
    fields["verbs"] = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="What you may do to it now."
    )
    told = {"record": model, "__doc__": (model.__doc__ or "").split("\n", 1)[0]}
    return type(model.__name__, (Strict,), {**fields, **told})


@cache
def of_verb(model: type[Record], verb: str) -> type[Strict]:
    """The serializer of what an operation asks for."""
    fields = {
        asked.name: field(
            asked.shape,
            choices=list(asked.choices),
            named=named(model, asked.name, verb, asked.choices),
            prefix=getattr(asked.related, "PREFIX", ""),
            required=asked.required,
            help_text=asked.help or None,
            **({"blank": not asked.required, "longest": 10_000} if asked.shape in {"text", "long"} else {}),
            **({"allow_null": True} if not asked.required and asked.shape not in {"text", "long"} else {}),
        )
        for asked in arguments.arguments(model, verb)
    }
    name = f"{model.__name__}{''.join(part.title() for part in verb.split('_'))}"
    return type(name, (Strict,), {**fields, "__doc__": arguments.explanation(model, verb)})
