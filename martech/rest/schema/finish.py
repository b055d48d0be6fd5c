"""The last hand on the document: its tags, shared answers and examples."""

from typing import Any

from django.urls import get_resolver

from martech.rest.schema import examples, parameters, refusals


def finish(result: dict[str, Any], generator: Any = None, **_given: Any) -> dict[str, Any]:
    """The document as drf-spectacular made it, completed."""
    components = result["components"]
    components["schemas"]["Problem"] = refusals.PROBLEM
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["responses"] = refusals.responses()
    components["headers"] = refusals.SHARED
    components["parameters"] = parameters.SHARED
    for name, schema in components["schemas"].items():
        if "properties" in schema and "examples" not in schema:
            schema["examples"] = [shown(name, schema, components["schemas"])]
    result["tags"] = [*tags(result["paths"]), *result.get("tags", [])]
    return unmarked(result)


def shown(name: str, schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """An example of a component. A body names what must be there and what is plain; no other record need be."""
    example = examples.of(name, {word: part for word, part in schema.items() if word != "examples"}, components)
    if not name.endswith("Request"):
        return example
    needed = schema.get("required", ())
    return {
        key: value
        for key, value in example.items()
        if key in needed or ("-12" not in str(value) and value not in ({}, []))
    }


def tags(paths: dict[str, Any]) -> list[dict[str, str]]:
    """Every collection, in the order of its paths, with what it holds."""
    used = dict.fromkeys(tag for methods in paths.values() for one in methods.values() for tag in one["tags"])
    said = descriptions()
    return [{"name": tag, "description": said.get(tag, "")} for tag in used]


def descriptions() -> dict[str, str]:
    """First part of an address -> what is there."""
    found: dict[str, str] = {}
    for route in get_resolver("martech.api_urls").url_patterns:
        view = getattr(getattr(route, "callback", None), "cls", None)
        told = getattr(getattr(view, "model", None), "__doc__", "") or getattr(view, "__doc__", "") or ""
        found.setdefault(str(route.pattern).partition("/")[0], told.strip().split("\n", 1)[0])
    return found


def unmarked(part: Any) -> Any:
    """Without the generator's own marks."""
    if isinstance(part, dict):
        return {name: unmarked(inner) for name, inner in part.items() if name != "x-spec-enum-id"}
    return [unmarked(inner) for inner in part] if isinstance(part, list) else part
