"""How the fields and bodies of martech/rest/serializers.py are described."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from rest_framework.serializers import JSONField

from martech.rest import serializers
from martech.rest.schema import answers, structures
from martech.rest.schema.names import enum

NOT_BLANK = r"\S"
ADDRESS = r"^https?://\S+$"


class ReferenceSchema(OpenApiSerializerFieldExtension):
    """A reference is an id; a number such as VEN-12 is taken as well."""

    target_class = serializers.Reference

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "response" or self.target.read_only:
            return {"type": "integer"}
        prefix = self.target.prefix
        key = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}
        number = {"type": "string", "pattern": f"^({prefix}-)?[0-9]{{1,18}}$", "examples": [f"{prefix}-12"]}
        return {"oneOf": [key, number], "examples": [f"{prefix}-12"]}


class ChoiceSchema(OpenApiSerializerFieldExtension):
    """A code of a choice that has a name of its own."""

    target_class = serializers.Choice

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        codes = dict(self.target.choices) | ({"": ""} if self.target.allow_blank else {})
        if not self.target.named:
            return enum(codes.items())
        return answers.component(auto_schema.registry, self.target.named, enum(codes.items()), self.target.named)


class BodySchema(OpenApiSerializerExtension):
    """A body is exactly its fields; a record is answered as its columns say."""

    target_class = serializers.Strict
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        model = getattr(self.target, "record", None)
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        if direction == "request":
            for name, part in schema.get("properties", {}).items():
                schema["properties"][name] = exact(self.target.fields[name], part)
                if model is not None and isinstance(self.target.fields[name], JSONField):
                    schema["properties"][name] |= structures.of(model._meta.label_lower, name)
            return {**schema, "additionalProperties": False}
        if model is None:
            return schema
        answer = answers.record_schema(auto_schema.registry, model)
        more = {name: part for name, part in schema["properties"].items() if name not in answer["properties"]}
        return {
            **answer,
            "description": schema.get("description", answer["description"]),
            "properties": answer["properties"] | more,
            "required": [*answer["required"], *more],
        }


def exact(field: Any, schema: dict[str, Any]) -> dict[str, Any]:
    """What the type of a text does not say by itself: not blank, an address, an e-mail address."""
    if not isinstance(field, serializers.Text):
        return schema
    blank = field.allow_blank
    if isinstance(field, serializers.Address):
        return {**schema, "pattern": f"^$|{ADDRESS}" if blank else ADDRESS, "examples": ["https://postcards.example"]}
    if isinstance(field, serializers.Email):
        return {**schema, "format": "email"}
    return schema if blank else {**schema, "pattern": NOT_BLANK}
