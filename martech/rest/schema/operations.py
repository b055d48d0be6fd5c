"""Each operation of the document: name, words, parameters, bodies, answers and refusals."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from martech import arguments
from martech.rest import idempotency, serializers
from martech.rest.schema import answers, examples, fields, parameters, refusals
from martech.rest.viewsets import RecordViewSet
from martech.verbs import verb as words_of

__all__ = ["Schema", "fields"]

IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "examples": ['"3"']},  # type: ignore[arg-type]
    OpenApiParameter.HEADER,
    description="The `ETag` you read: 412 where the record was changed since. Without it the record is taken as it is.",
)
ETAG = {
    "ETag": {
        "description": "The version of the record, for `If-Match`.",
        "schema": {"type": "string"},
        "example": '"3"',
    }
}
LOCATION = {
    "Location": {
        "description": "The address of the new record.",
        "schema": {"type": "string"},
        "example": "/api/v1/systems/12/",
    }
}
FILE = {"type": "string", "format": "binary"}
FILES = {
    "text/csv": {"schema": {"type": "string", "description": "With `format=csv`: the whole list, one record a line."}},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
        "schema": {**FILE, "description": "With `format=xlsx`: the whole list as a sheet."}
    },
}
DESCRIPTIONS = {
    "index": "A page of the records you see, narrowed by whatever parameters are given; all of them must hold.",
    "retrieve": "One record, with what you may do to it now.",
    "create": "A new record. What is left out takes its default; a name that is no field is refused.",
    "partial_update": "Change the fields that are named and no other; none of them where one is not right.",
}
TAGGED = frozenset({"retrieve", "create", "partial_update", "operate", "follow"})
"""What answers with one record and its ETag."""
WORDS = {"index": "list", "operate": "", "follow": ""}


class Schema(AutoSchema):
    """Operations are named after record and verb: systems_list, systems_go_live."""

    view: Any

    def get_operation_id(self) -> str:
        parts = [part for part in self._parts() if not part.startswith("{")]
        action = getattr(self.view, "action", None)
        word = WORDS.get(action, action) if action else "list" if self._lists() else ""
        parts += [word] if word and word != parts[-1] else []
        return "_".join(part.replace("-", "_") for part in parts)

    def get_tags(self) -> list[str]:
        return [self._parts()[0]]

    def _parts(self) -> list[str]:
        return self.path.removeprefix("/api/v1/").strip("/").split("/")

    def _lists(self) -> bool:
        return self.method == "GET" and len(self._parts()) == 1

    @property
    def _kind(self) -> Any:
        """The kind of record this is an operation of, or None."""
        return getattr(self.view, "model", None) if isinstance(self.view, RecordViewSet) else None

    @property
    def _action(self) -> str:
        return getattr(self.view, "action", "") or ""

    def get_summary(self) -> str | None:
        model = self._kind
        if model is None:
            return None
        one = with_article(str(model._meta.verbose_name))
        return {
            "index": f"List {model._meta.verbose_name_plural}",
            "retrieve": f"Read {one}",
            "create": f"Add {one}",
            "partial_update": f"Change {one}",
            "follow": f"Follow {one}" if self.view.verb == "follow" else f"No longer follow {one}",
            "operate": words_of(self.view.verb).label if self.view.verb else None,
        }.get(self._action)

    def get_description(self) -> str:
        model = self._kind
        if model is not None and self._action == "operate":
            return explained(model, self.view.verb)
        if model is not None and self._action == "follow":
            more = "" if self.view.verb == "follow" else "no longer "
            return f"You {more}hear of what happens to it."
        known = DESCRIPTIONS.get(self._action, "") if model is not None else ""
        return known or str(super().get_description())

    def get_serializer_name(self, serializer: Any, direction: str) -> str:
        return str(super().get_serializer_name(serializer, direction)).removesuffix("Shape")

    def get_override_parameters(self) -> list[Any]:
        model = self._kind
        if model is not None and self._action == "index":
            return parameters.of_list(self.view.filterset_class, model)
        return [IF_MATCH] if self._matches() else []

    def _matches(self) -> bool:
        return self._kind is not None and self._action in {"partial_update", "operate"}

    def get_request_serializer(self) -> Any:
        model = self._kind
        if model is None or self._action == "follow":
            return None
        if self._action == "operate":
            asked = arguments.arguments(model, self.view.verb)
            return serializers.of_verb(model, self.view.verb) if asked else None
        return serializers.of_record(model)

    def get_response_serializers(self) -> Any:
        model = self._kind
        if model is None:
            return super().get_response_serializers()
        if self._action == "index":
            return {200: answers.listed(self.registry, model)}
        return {201 if self._action == "create" else 200: serializers.of_record(model)}

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for parameter in operation.get("parameters", ()):
            self._exemplify(parameter)
        for status, response in operation["responses"].items():
            self._complete(int(status), response)
        found = refusals.statuses(
            self.method,
            one="{" in self.path,
            kind=self._kind is not None,
            body="requestBody" in operation,
            matches=any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ())),
        )
        operation["responses"] |= refusals.references(found)
        if self.method == "POST":
            operation["parameters"] = [*operation.get("parameters", ()), parameters.KEY]
        return operation

    def _exemplify(self, parameter: dict[str, Any]) -> None:
        """Every parameter has a description and an example."""
        name, model = parameter["name"], self._kind
        if parameter["in"] == "path" and model is not None and parameter["schema"].get("type") == "string":
            prefix = model.PREFIX
            parameter["schema"] = {"type": "string", "pattern": f"^({prefix}-)?[0-9]{{1,18}}$"}
            parameter["description"] = f"The id or the number of the {model._meta.verbose_name}."
            parameter["example"] = f"{prefix}-12"
        elif parameter["in"] == "path":
            parameter.setdefault("description", "The id.")
        told = parameter["schema"].pop("examples", None)
        if "example" not in parameter and "examples" not in parameter:
            parameter["example"] = told[0] if told else examples.of(name, parameter["schema"], {})

    def _complete(self, status: int, response: dict[str, Any]) -> None:
        """The headers, files and words of a good answer."""
        response["description"] = response.get("description") or "As asked."
        shared = refusals.COUNTED if self.method != "POST" else (*refusals.COUNTED, idempotency.REPLAYED)
        response["headers"] = {**response.get("headers", {}), **refusals.told(*shared)}
        if self._kind is None:
            return
        if self._action == "index":
            response["content"] |= FILES
        elif self._action in TAGGED:
            response["headers"] = {**response.get("headers", {}), **ETAG, **(LOCATION if status == 201 else {})}


def explained(model: Any, verb: str) -> str:
    """What a verb does, and when it is possible."""
    said = arguments.explanation(model, verb) or f"{words_of(verb).label}."
    moves = model.FLOW.moves.get(verb)
    if not moves:
        return said
    before, after = moves
    states = ", ".join(f"`{state}`" for state in before)
    return f"{said}\n\nPossible while `{model.STATE}` is {states}" + (f"; it becomes `{after}`." if after else ".")


def with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeioA' else 'a'} {noun}"
