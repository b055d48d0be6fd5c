"""The OpenAPI document says all there is to say: words, types, examples and refusals of every operation."""

import json

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from martech.reference.records import viewsets
from martech.rest.document import document
from tests.house.attacks import signed_in

pytestmark = pytest.mark.once
METHODS = {"get", "post", "patch"}


@pytest.fixture(scope="module")
def made():
    """The document as a client reads it."""
    return json.loads(json.dumps(document(), default=str))


def operations(made):
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS, (path, method)
            yield f"{method} {path}", operation


def wrong(made, schema, value):
    """What makes the value untrue to a schema of the document."""
    registry = Registry().with_resource("urn:document", Resource(made, DRAFT202012))
    whole = {**json.loads(json.dumps(schema).replace('"#/', '"urn:document#/'))}
    return [error.message for error in Draft202012Validator(whole, registry=registry).iter_errors(value)]


def test_every_operation_has_a_name_words_a_tag_and_who_may_ask(made):
    named = [operation["operationId"] for _, operation in operations(made)]
    assert len(named) == len(set(named))
    assert [name for name in named if not name.replace("_", "").isalnum() or name != name.lower()] == []
    told = {tag["name"] for tag in made["tags"] if tag["description"]}
    lacking = [
        where
        for where, one in operations(made)
        if not (one.get("summary") and one.get("description") and set(one["tags"]) <= told and one["security"])
    ]
    assert lacking == []


def test_every_parameter_has_a_type_an_explanation_and_a_sound_example(made):
    lacking = []
    for where, one in operations(made):
        for named in one.get("parameters", ()):
            parameter = made["components"]["parameters"][named["$ref"].rpartition("/")[2]] if "$ref" in named else named
            schema = parameter["schema"]
            if not parameter.get("description") or not ({"type", "$ref", "oneOf"} & schema.keys()):
                lacking.append((where, parameter["name"]))
            elif "example" not in parameter or (faults := wrong(made, schema, parameter["example"])):
                lacking.append((where, parameter["name"], faults))
    assert lacking == []


def test_every_post_takes_a_key_and_every_answer_may_be_counted(made):
    for where, one in operations(made):
        named = [parameter.get("$ref", "").rpartition("/")[2] for parameter in one.get("parameters", ())]
        assert ("Idempotency-Key" in named, "422" in one["responses"]) == (where.startswith("post "),) * 2, where
        for status, told in one["responses"].items():
            answer = made["components"]["responses"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
            assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer["headers"]), (
                where,
                status,
            )


def test_every_body_is_exact_and_has_a_sound_example(made):
    lacking = []
    for where, one in operations(made):
        for media, told in one.get("requestBody", {}).get("content", {}).items():
            name = told["schema"]["$ref"].rpartition("/")[2]
            schema = made["components"]["schemas"][name]
            if schema.get("additionalProperties") is not False or not schema.get("examples"):
                lacking.append((where, media))
            elif faults := wrong(made, told["schema"], schema["examples"][0]):
                lacking.append((where, faults))
            if name.startswith("Patched") and schema.get("required"):
                lacking.append((where, "a change requires a field"))
    assert lacking == []


def test_every_component_has_an_example_that_is_true_to_it(made):
    found = {
        name: wrong(made, {"$ref": f"#/components/schemas/{name}"}, example)
        for name, schema in made["components"]["schemas"].items()
        for example in schema.get("examples", ())
    }
    assert {name: faults for name, faults in found.items() if faults} == {}
    assert [
        name
        for name in made["components"]["schemas"]
        if name not in found and "enum" not in made["components"]["schemas"][name]
    ] == []


def test_every_refusal_is_a_problem_with_an_example_of_its_status(made):
    for where, one in operations(made):
        refusals = {status: told for status, told in one["responses"].items() if status >= "400"}
        assert {"400", "401", "429"} <= refusals.keys(), where
        assert "default" not in one["responses"], where
        assert ("404" in refusals) or "{" not in where, where
        assert {"413", "415"} <= refusals.keys() or "requestBody" not in one, where
        for status, told in refusals.items():
            response = made["components"]["responses"][told["$ref"].rpartition("/")[2]]
            media = response["content"]["application/problem+json"]
            assert media["example"]["status"] == int(status), (where, status)
            assert wrong(made, media["schema"], media["example"]) == [], (where, status)


def test_no_component_is_left_over(made):
    everything = json.dumps(made)
    assert [name for name in made["components"]["schemas"] if f'schemas/{name}"' not in everything] == []
    assert [name for name in made["components"]["responses"] if f'responses/{name}"' not in everything] == []


@pytest.mark.django_db
def test_what_is_answered_about_every_kind_is_what_the_document_says(world, cast, made):
    """Nothing is left out that is required, nothing is there that is not told."""
    clients, wrongs, asked = {one: signed_in(cast[one]) for one in ("it", "administrator", "auditor", "member")}, [], 0
    views = {view.path: model._meta.label_lower for model, view in viewsets().items()}
    for path, methods in made["paths"].items():
        record = world.get(views.get(path.split("/")[3], ""))
        if "get" not in methods or ("{" in path and record is None):
            continue
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for role, client in clients.items():
            answer = client.get(path.replace("{key}", str(record.pk) if record else ""))
            if answer.status_code == 200:
                asked += 1
                wrongs += [(role, path, fault) for fault in wrong(closed(made), schema, answer.json())]
    assert wrongs == []
    assert asked > 60


def closed(part):
    """The document with every settled object closed, so that what is not told is a fault."""
    if isinstance(part, list):
        return [closed(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    made = {name: closed(inner) for name, inner in part.items()}
    shut = part.get("type") == "object" and isinstance(part.get("properties"), dict)
    return {"additionalProperties": False, **made} if shut else made
