"""OpenAPI 3.1, made from the same columns and signatures the endpoints use."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """Operations are named after record and verb: systems_list, systems_go_live."""

    def get_operation_id(self) -> str:
        parts = [part for part in self.path.removeprefix("/api/v1/").strip("/").split("/") if not part.startswith("{")]
        action = getattr(self.view, "action", "")
        words = {"operate": "", "follow": "", "index": "list"}.get(action, action or self.method.lower())
        return "_".join(part.replace("-", "_") for part in [*parts, words] if part)


class ReferenceSchema(OpenApiSerializerFieldExtension):
    """A reference is an id; a number such as VEN-12 is taken as well."""

    target_class = "martech.rest.serializers.Reference"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        if direction == "response" or self.target.read_only:
            return {"type": "integer"}
        return {
            "oneOf": [
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": f"^{self.target.prefix}-[0-9]+$"},
            ]
        }


PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `errors` names fields; `conflicts` holds [theirs, yours] by field.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "conflicts": {"type": "object", "additionalProperties": {"type": "array", "items": {}}},
    },
}


def finish(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """Say of every operation that what is not its answer is a problem document; leave out the generator's own marks."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    told = {
        "description": "A problem, by the sheet of errors.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for methods in result["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = told
    unmark(result)
    return result


def unmark(part: Any) -> None:
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        unmark(inner)
