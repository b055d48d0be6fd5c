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
        return {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": f"^{self.target.prefix}-[0-9]+$"}]}
