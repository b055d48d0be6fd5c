"""The OpenAPI document says what webhooks send, and what is sent is what it says."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from inventory.models import Assurance, System, Vendor
from martech.rest.document import document
from martech.webhooks import events, payload, telling
from martech.webhooks.models import Webhook
from tests.backends import ROOT
from tests.house.test_document import closed, wrong
from tests.martech.receiver import sent

HOOK = "https://93.184.216.34/hook"
NAMES = {events.PING: "ping"}


@pytest.fixture(scope="module")
def made():
    """The document as a client reads it, each settled object closed."""
    return closed(json.loads(json.dumps(document(), default=str)))


def section(made, body):
    """What the document says of a message of this type."""
    kind = body["type"]
    name = NAMES.get(kind, events.DAY_AHEAD if kind.endswith(f".{events.DAY_AHEAD}") else "act")
    return made["webhooks"][name]["post"]


def faults(made, headers, body):
    """Where a message is not what the document says."""
    said = section(made, body)
    found = wrong(made, said["requestBody"]["content"]["application/json"]["schema"], body)
    for parameter in said["parameters"]:
        value = headers.get(parameter["name"], "")
        found += [(parameter["name"], fault) for fault in wrong(made, parameter["schema"], value)]
    return found


@pytest.mark.django_db
def test_what_is_sent_is_what_the_document_says(mona, ivan, ada, made, monkeypatch):
    now = datetime.now(UTC)
    telling.tell(now)
    hook = Webhook.add(by=mona, name="Acts", url=HOOK)
    Webhook.add(by=mona, name="Days", url=HOOK, days=["inventory.assurance.expires_on=30"])
    acme = Vendor.add(by=mona, name="Acme", aliases=["Acme Ltd"])
    mail = System.add(by=ivan, name="Mail", vendor=acme, business_owner=mona, lifecycle="approved")
    mail.go_live(by=mona, note="Ready")
    mail.remark(by=ada, note="Well done")
    mail.retire(by=mona, note="Gone")
    Assurance.add(by=mona, kind="dpa", vendor=acme, expires_on=now.date() + timedelta(days=9))
    telling.look_ahead(now)
    hook.test(by=mona)
    hook.rotate(by=mona)
    posted = sent()
    monkeypatch.setattr(payload, "LARGEST", 10)
    acme.change(by=mona, description="Prints cards")
    posted += sent()

    assert {body["type"]: found for headers, body in posted if (found := faults(made, headers, body))} == {}
    assert [body["data"].get("shortened", False) for _, body in posted].count(True) == 1
    assert {body["type"] for _, body in posted} == {
        "interlock.ping",
        "inventory.assurance.add",
        "inventory.assurance.day_ahead",
        "inventory.system.add",
        "inventory.system.go_live",
        "inventory.system.remark",
        "inventory.system.retire",
        "inventory.vendor.add",
        "inventory.vendor.change",
    }
    assert {headers["webhook-signature"].count("v1,") for headers, _ in posted} == {1, 2}  # after rotation both secrets


def test_a_message_that_lacks_something_is_told_from_one_that_does_not(made):
    examples = {name: made["components"]["schemas"][name]["examples"][0] for name in ("ActNews", "DayNews", "PingNews")}
    for name, example in examples.items():
        schema = {"$ref": f"#/components/schemas/{name}"}
        assert wrong(made, schema, example) == []
        for part in example["data"]:
            less = {**example, "data": {key: value for key, value in example["data"].items() if key != part}}
            assert bool(wrong(made, schema, less)) == (part != "shortened"), (name, part)


def test_each_sending_has_a_name_of_its_own_words_and_sound_examples(made):
    told = [methods["post"] for methods in made["webhooks"].values()]
    named = [one["operationId"] for one in told]
    asked = [one for methods in made["paths"].values() for one in methods.values()]
    others = [one["operationId"] for one in asked]
    assert {tag for one in told for tag in one["tags"]} & {tag for one in asked for tag in one["tags"]} == set()
    assert sorted({*named} & {*others}) == []
    assert len(set(named)) == 3
    for one in told:
        assert one["summary"], one["operationId"]
        assert one["description"], one["operationId"]
        assert set(one["tags"]) <= {tag["name"] for tag in made["tags"]}
        assert [wrong(made, part["schema"], part["example"]) for part in one["parameters"]] == [[], [], []]


def test_the_example_of_the_documents_is_one(made):
    page = (ROOT / "docs/how-to/receive-webhooks.md").read_text()
    shown = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    assert wrong(made, {"$ref": "#/components/schemas/ActNews"}, shown) == []
