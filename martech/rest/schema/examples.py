"""An example for everything: by the name of a field where one is known, else by its type."""

from typing import Any

KNOWN: dict[str, Any] = {
    "name": "Postcard Studio",
    "source": "erp",
    "external_id": "V-1",
    "same_as": "VEN-12",
    "description": "Prints and posts cards to customers.",
    "website": "https://postcards.example",
    "url": "https://app.postcards.example",
    "email": "mona@company.example",
    "domain": "postcards.example",
    "domains": ["postcards.example"],
    "aliases": ["Postcards Ltd"],
    "categories": ["Print"],
    "country": "IE",
    "note": "Agreed in the meeting of marketing and IT.",
    "title": "Head of marketing operations",
    "time_zone": "Europe/Dublin",
    "subdivision": "C",
    "origin": "page",
    "residency": "EU",
    "rationale": "Two systems do the same.",
    "match_key": "E-mail address",
    "definition": "Somebody who has bought at least once.",
    "purpose": "Orders",
    "file_name": "vendors.csv",
    "media_type": "text/csv",
    "page": "inventory.system",
    "query": "lifecycle=live",
    "text": "Postcard Studio",
    "act": "1f0c8a52-6c0e-4f3e-9d2f-6a1c5b7e9d10",
    "q": "postcard",
    "cursor": "aWQ6NTA",
    "password": "the password you sign in with",
    "secret": "shown this once",
    "link": "/inventory/systems/12/",
    "version": 3,
    "uplift_cap": "4.5",
    "once": "3200",
    "yearly": "31000.5",
    "currency": "EUR",
    "verbs": ["change", "remark", "retire"],
}
BY_TYPE: dict[str, Any] = {"integer": 12, "number": 0.5, "boolean": True, "string": "text", "object": {}}
BY_FORMAT: dict[str, Any] = {
    "date": "2027-03-31",
    "date-time": "2027-03-31T09:00:00Z",
    "uri": "https://postcards.example",
    "email": "mona@company.example",
    "uuid": "1f0c8a52-6c0e-4f3e-9d2f-6a1c5b7e9d10",
}


def of(name: str, schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """An example that is true to the schema. `components` are the schemas by name, for references."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        return of(name, components[schema["$ref"].rpartition("/")[2]], components)
    for word in ("enum", "const", "default"):
        if word in schema:
            return schema[word][0] if word == "enum" else schema[word]
    for word in ("oneOf", "anyOf", "allOf"):
        if word in schema:
            return of(name, schema[word][0], components)
    kind = schema.get("type")
    kind = next(one for one in kind if one != "null") if isinstance(kind, list) else kind
    if name in KNOWN and fits(KNOWN[name], kind, schema):
        return KNOWN[name]
    if kind == "array":
        return [of(name, schema.get("items", {}), components)] * max(1, schema.get("minItems", 1))
    if "properties" in schema:
        return {inner: of(inner, part, components) for inner, part in schema["properties"].items()}
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    if kind == "integer":
        return min(max(12, schema.get("minimum", 12)), schema.get("maximum", 12))
    return BY_TYPE.get(str(kind), {})


def fits(example: Any, kind: Any, schema: dict[str, Any]) -> bool:
    """Whether a known example is of the type that is asked for."""
    kinds: dict[Any, type] = {"string": str, "integer": int, "array": list, "boolean": bool, "object": dict}
    longest = schema.get("maxLength", 10_000)
    return isinstance(example, kinds.get(kind, object)) and not (isinstance(example, str) and len(example) > longest)
