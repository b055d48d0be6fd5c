"""What an answer holds: a record, a row of a list, and the list. Made from the columns and from who may see what."""

from typing import Any

from django.db import models
from drf_spectacular.plumbing import ResolvedComponent

from martech.columns import MANY, Column, columns
from martech.operations import Record
from martech.permissions import engine
from martech.permissions.table import FIELD_GROUPS, PERMISSIONS
from martech.rest import serializers
from martech.rest.schema import structures
from martech.rest.schema.names import enum

VERBS = {
    "type": "array",
    "items": {"type": "string"},
    "readOnly": True,
    "description": "What you may do to it now: each is a POST to `<id>/<verb>/`, `change` is a PATCH.",
}
PLAIN: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "long": {"type": "string"},
    "number": {"type": "integer"},
    "money": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "lines": {"type": "array", "items": {"type": "string"}},
    "reference": {"type": "integer"},
    "references": {"type": "array", "items": {"type": "integer"}},
    "named": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"source": {"type": "string"}, "external_id": {"type": "string"}},
            "required": ["source", "external_id"],
        },
    },
    "ring": {"type": "array", "items": {"type": "number", "minimum": 0, "maximum": 1}, "minItems": 2, "maxItems": 2},
}


def component(registry: Any, name: str, schema: dict[str, Any], about: Any) -> dict[str, Any]:
    """A reference to a component of this name, made where it is not there yet."""
    made = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=about)
    registry.register_on_missing(made)
    ref: dict[str, Any] = made.ref
    return ref


def record_schema(registry: Any, model: type[Record]) -> dict[str, Any]:
    """A record as it is read: required is whatever everybody who sees it is told."""
    known = properties(registry, model)
    kept = [name for name in known if name not in grouped(model)]
    return {"type": "object", "description": said(model), "properties": known, "required": kept}


def listed(registry: Any, model: type[Record]) -> dict[str, Any]:
    """A page of a list; `fields` may leave out of its rows whatever is not `id`."""
    row = {
        "type": "object",
        "description": f"{said(model)} In a list: only what `fields` names, and always `id`.",
        "properties": properties(registry, model),
        "required": ["id"],
    }
    items = component(registry, f"{model.__name__}Row", row, (model, "row"))
    schema = envelope(items, f"A page of {model._meta.verbose_name_plural}.")
    return component(registry, f"{model.__name__}List", schema, (model, "list"))


def envelope(items: dict[str, Any], description: str) -> dict[str, Any]:
    """The answer of a list."""
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "description": description,
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {
                "type": ["integer", "null"],
                "description": "How many there are altogether; null on a walk by `cursor` and with `count=false`.",
            },
            "next": {**address, "description": "The address of the next page; null on the last."},
            "previous": {**address, "description": "The address of the page before; null on the first."},
            "results": {"type": "array", "items": items},
        },
    }


def said(model: type[Record]) -> str:
    return (model.__doc__ or "").split("\n", 1)[0]


def grouped(model: type[Record]) -> frozenset[str]:
    """Fields that only some of those see who see the record."""
    return frozenset(name for kinds in FIELD_GROUPS.values() for name in kinds.get(model._meta.label_lower, ()))


def properties(registry: Any, model: type[Record]) -> dict[str, Any]:
    """Every property of a record, as it is read."""
    made: dict[str, Any] = {}
    for column in columns(model).values():
        made[column.name] = described(registry, model, column)
        if column.shape == "references":
            names = {"type": "array", "items": {"type": "string"}, "readOnly": True}
            made[f"{column.name}_names"] = {**names, "description": f"{column.label}: their names, in the same order."}
    return {**made, "verbs": VERBS}


def described(registry: Any, model: type[Record], column: Column) -> dict[str, Any]:
    schema = shaped(registry, model, column)
    if nullable(model, column):
        schema = {"oneOf": [schema, {"type": "null"}]} if "$ref" in schema else nulled(schema)
    notes = [column.help] if column.help else []
    permission = next((right for right, kinds in FIELD_GROUPS.items() if in_group(model, column.name, kinds)), "")
    notes += [f"Seen with `{permission}` only."] if permission else []
    if column.name not in model.fields_to_set():
        schema = {**schema, "readOnly": True} if "$ref" not in schema else {"allOf": [schema], "readOnly": True}
    told = {"title": column.label, **({"description": " ".join(notes)} if notes else {})}
    return {**schema, **told} if "$ref" not in schema else {"allOf": [schema], **told}


def in_group(model: type[Record], name: str, kinds: dict[str, tuple[str, ...]]) -> bool:
    return name in kinds.get(model._meta.label_lower, ())


def shaped(registry: Any, model: type[Record], column: Column) -> dict[str, Any]:
    if column.shape not in {"choice", "codes"}:
        schema = dict(PLAIN.get(column.shape) or structures.of(model._meta.label_lower, column.name))
        if column.name == "number":
            schema |= {"pattern": f"^{model.PREFIX}-[0-9]+$", "examples": [f"{model.PREFIX}-12"]}
        return schema
    one = choice(registry, model, column)
    return {"type": "array", "items": one} if column.shape == "codes" else one


def choice(registry: Any, model: type[Record], column: Column) -> dict[str, Any]:
    """The codes of a column, as a component of their own."""
    codes = dict(column.choices)
    if column.shape == "choice" and serializers.may_be_blank(model, column):
        codes = {**codes, "": ""}
    name = serializers.named(model, column.name)
    return component(registry, name, enum(codes.items()), name)


def field(model: type[Record], column: Column) -> Any:
    """The model's field behind a column, or None."""
    return next((item for item in model._meta.concrete_fields if item.name == column.name), None)


def nulled(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


def nullable(model: type[Record], column: Column) -> bool:
    """Whether an answer may hold null: the column may, or some of those who see the record do not see this of it."""
    if column.name in grouped(model):
        return True
    base = column.name.removesuffix("_name")
    if base != column.name and base in columns(model):
        return nullable(model, columns(model)[base])
    item = field(model, column)
    if item is None:
        return column.name not in {"id", "number"} and column.shape not in MANY
    if item.null:
        return True
    return column.shape == "reference" and masked(item.related_model)


def masked(related: type[models.Model]) -> bool:
    """Whether some people see some records of this kind only."""
    if not issubclass(related, Record):
        return False
    return "member" not in PERMISSIONS[engine.name(related, "view")].split()
