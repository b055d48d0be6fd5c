"""Whatever is asked, the answer is one that the OpenAPI document knows: never a 500, and of the shape it says.

Schemathesis asks: the examples, the borders of every type, values that are wrong on purpose, and some chance. In the
suite the borders are tried where endpoints differ in kind; `make fuzz` tries all of it, longer, and goes from answer to
question. Three of its judgements are turned off. Sound data may be refused all the same: a name may be taken, a record
not be there, a state not allow it; so the examples of every list are tried one by one below. An empty parameter is one
that is not asked, as a form sends it, and a bad item of a sync stops nobody. Who asks without a token is tried in
test_endpoints.py.
"""

import json
import os

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from martech.accounts.models import Token
from martech.reference.records import viewsets
from martech.rest.document import document
from martech.wsgi import application
from tests.house.attacks import signed_in

FULL = bool(os.environ.get("FULL"))
TEXT = json.dumps(document(), default=str)
MADE = json.loads(TEXT)
TAGS = sorted({operation["tags"][0] for methods in MADE["paths"].values() for operation in methods.values()})
WHOLE = "assurances"
"""The kind whose verbs are asked about in the suite, too."""
BORDERS = frozenset({WHOLE, "changes", "entries", "notices", "tokens"})
"""Where the suite tries the borders of every type."""
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422"]
VERBS = r"\{key\}/[a-z_]+/$"


def config(tag, secret, keys):
    """How it is asked: the same each time, as one who may write, mostly about a record that is there."""
    generation = {"deterministic": True, "allow-x00": False, "database": "none", "no-shrink": True}
    return SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "cache": {"enabled": False},
            "continue-on-failure": True,
            "headers": {"Authorization": f"Bearer {secret}"},
            "dictionaries": {"keys": {"values": keys}},
            "parameters": {"path.key": {"dictionary": "keys", "probability": 0.9}},
            "generation": {**generation, "max-examples": 60 if FULL else 2},
            "checks": {
                "positive_data_acceptance": {"enabled": False},
                "ignored_auth": {"enabled": False},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
            "phases": {"stateful": {"enabled": FULL}, "coverage": {"enabled": FULL or tag in BORDERS}},
        }
    )


def meant(label, check):
    """Whether what was taken is meant to be: an empty parameter, or a bad item of a sync, told as its own error."""
    if check.name != "negative_data_rejection":
        return False
    sent = f"{check.failure_info.code_sample}&".replace("'&", "&")
    return label.endswith("/sync/") or "=&" in sent


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tag", TAGS)
def test_every_answer_is_one_the_document_knows(world, cast, tag, settings):
    settings.API_RATE = settings.API_RATE_ADDRESS = None
    kind = next((model for model, view in viewsets().items() if view.path == tag), None)
    keeper = cast.administrator if kind and kind._meta.app_label in {"accounts", "calendars"} else cast.it
    secret = Token.add(by=keeper, name="Fuzz", write=True).secret
    record = world.get(kind._meta.label_lower) if kind else None
    keys = [str(record.pk), record.number] if record else ["1"]
    # A document of its own: schemathesis writes the links it finds into it, of the operations of this tag alone.
    schema = schemathesis.openapi.from_dict(json.loads(TEXT), config=config(tag, secret, keys))
    schema.app, schema.location = application, "/api/v1/schema/"
    asked = schema.include(tag=tag)
    found, count = {}, 0
    for event in from_schema(asked if FULL or tag == WHOLE else asked.exclude(path_regex=VERBS)).execute():
        assert not isinstance(event, NonFatalError | FatalError), event
        if isinstance(event, ScenarioFinished):
            count += len(event.recorder.cases)
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info is not None and not meant(event.recorder.label, check):
                        told = f"{check.failure_info.failure}\n{check.failure_info.code_sample}"
                        found.setdefault(f"{event.recorder.label}: {check.name}", told)
    assert found == {}, "\n".join(f"{where}\n{told}" for where, told in found.items())
    assert count > 0


@pytest.mark.django_db
def test_every_example_of_a_parameter_is_taken(world, cast):
    client, refused, asked = signed_in(cast.it), [], 0
    for path, methods in MADE["paths"].items():
        for parameter in methods.get("get", {}).get("parameters", ()) if "{" not in path else ():
            value = parameter["example"]
            forms = [",".join(map(str, value)), value] if isinstance(value, list) else [value]
            for one in forms if "vendors" in path else forms[:1]:
                answer = client.get(path, {parameter["name"]: str(one).lower() if isinstance(one, bool) else one})
                asked += len(b"".join(answer.streaming_content) if answer.streaming else answer.content) > 0
                if answer.status_code != 200 and parameter["name"] != "since":  # a place is of one Interlock
                    refused.append((path, parameter["name"], answer.status_code))
    assert refused == []
    assert asked > 500
