"""The authorization matrix at both doors, over the whole URL configuration: authz.yml against real requests."""

from pathlib import Path

import pytest
import yaml
from django.db import transaction
from django.test import Client

from governance.models import (
    Activity,
    Assignment,
    Competency,
    Consultation,
    Handover,
    ProcessStep,
    ResourceAssessment,
    SourcingOption,
    StandIn,
)
from martech import arguments, checks
from martech.accounts.models import Function
from martech.permissions import engine
from martech.permissions.table import ROLES
from tests.house.attacks import routes

pytestmark = pytest.mark.django_db
MATRIX = yaml.safe_load(Path(__file__).with_name("authz.yml").read_text())
EVERYBODY = frozenset(ROLES)
OPEN = {
    "/",
    "/search/",
    "/trail/",
    "/inbox/",
    "/styleguide/",
    "/health/",
    "/healthz",
    "/readyz",
    "/sign-in/",
    "/inventory/systems/<record:key>/raci/",
    "/sign-out/",
    "/new/",
    "/me/",
    "/password/",
    "/^password/",
    "/suggest/",
    "/documents/",
    "/imports/",
    "/inventory/meetings/",
    "/governance/matrix/",
    "/governance/sourcing/",
    "/inventory/systems/like/",
    "/api/v1/schema/",
    "/api/v1/docs/",
    "/api/v1/entries/",
    "/api/v1/changes/",
    "/api/v1/comments/",
    "/api/v1/notices/",
    "/api/v1/imports/",
}
"""Addresses that belong to no kind of record; each has tests of its own."""


def roles(kind, operation):
    words = MATRIX[kind].get(operation)
    assert words is not None, f"tests/house/authz.yml does not say who may {operation} {kind}"
    return EVERYBODY if words == "everybody" else frozenset() if words == "nobody" else frozenset(words.split())


def test_every_kind_and_operation_is_in_the_matrix():
    known = {model._meta.label_lower: {"view", *model.OPERATIONS} for model in checks.records()}
    assert {kind: set(rows) for kind, rows in MATRIX.items()} == known


def test_every_route_is_a_record_s_or_known():
    strange = []
    for pattern, callback in routes():
        views = getattr(callback, "record_views", None) or getattr(getattr(callback, "cls", None), "model", None)
        if views is None and not any(pattern == one or (one != "/" and pattern.startswith(one)) for one in OPEN):
            strange.append(pattern)
    assert strange == []


def cells():
    """(kind, operation) for every operation that has a door."""
    for model in checks.records():
        for operation in model.OPERATIONS:
            yield pytest.param(model, operation, id=f"{model._meta.label_lower}.{operation}")


def doors(model, operation, record):
    """The addresses of one operation: page and endpoint, with the method that carries it out."""
    page = next(
        (c.record_views for _, c in routes() if getattr(getattr(c, "record_views", None), "model", None) is model), None
    )
    api = next((c.cls for _, c in routes() if getattr(getattr(c, "cls", None), "model", None) is model), None)
    if page is not None:
        end = {"add": "new/", "change": f"{record.pk}/change/"}.get(
            operation, f"{record.pk}/{operation.replace('_', '-')}/"
        )
        yield "page", "post", f"/{page.path}/{end}"
    if api is not None:
        method, end = {"add": ("post", ""), "change": ("patch", f"{record.pk}/")}.get(
            operation, ("post", f"{record.pk}/{operation}/")
        )
        yield "rest", method, f"/api/v1/{api.path}/{end}"


def filled(model, operation, record):
    """Something to send; it is sound where the right to add hangs on what is sent."""
    if operation == "add" and model is Assignment:
        return {
            "system": record.system.number,
            "activity": record.activity.number,
            "function": record.system.owning_function_id,
            "letter": "I",
        }
    if operation == "add" and model is Consultation:
        return {"system": record.system.number, "verb": "approve", "reason": "It is needed."}
    if operation == "add" and model is Handover:
        return {"person": record.person.number, "receiver": record.receiver.number}
    if operation == "add" and model is StandIn:
        days = {"from_on": "2099-07-01", "to_on": "2099-07-09"}
        return {"person": record.person.number, "deputy": record.deputy.number, "covers": "everything", **days}
    if operation == "add" and model is ProcessStep:
        return {"process": record.process_id, "name": "Call", "position": 5}
    if operation == "add" and model is ResourceAssessment:
        return {"function": record.function_id, "from_on": "2028-01-01", "to_on": "2028-06-30"}
    if operation == "add" and model is Competency:
        other = Activity.objects.exclude(pk=record.activity_id).order_by("pk").first()
        keeper = Function.objects.get(name="Marketing operations").head
        return {"person": keeper.number, "activity": other.number, "level": 3}
    if operation == "add" and model is SourcingOption:
        return {"name": "Ourselves", "activity": record.activity.number, "way": "in_house", "currency": "EUR"}
    if operation in {"add", "change"}:
        return {"name": "Renamed"}
    return {asked.name: "x" for asked in arguments.arguments(model, operation) if asked.required}


@pytest.mark.parametrize(("model", "operation"), cells())
def test_each_door_answers_each_role_as_the_matrix_says(model, operation, world, cast):
    """Who stands in a relation to the world's record (its owner) is asked of the engine, which has tests."""
    kind = model._meta.label_lower
    record = world.get(kind)
    if record is None:
        pytest.fail(f"tests/house/conftest.py has no {kind} in its world")
    told, expected = {}, {}
    for role, person in cast:
        client = Client()
        client.force_login(person, backend="martech.permissions.backend.TableBackend")
        for door, method, address in doors(model, operation, record):
            if door == "rest" and kind == "files.document" and operation == "add":
                continue
            with transaction.atomic():
                sent = filled(model, operation, record)
                body = {"data": sent} if door == "page" else {"data": sent, "content_type": "application/json"}
                status = getattr(client, method)(address, **body).status_code
                transaction.set_rollback(True)
            seen = role in roles(kind, "view") or engine.may(person, engine.name(model, "view"), record)
            hangs = operation != "add" or model in {Handover, StandIn}  # what is sent names the same giver
            stands = hangs and engine.may(person, engine.name(model, operation), record)
            may = role in roles(kind, operation) or stands
            told[role, door] = "yes" if status not in {403, 404} else status
            hidden = 403 if operation == "add" else 404
            expected[role, door] = "yes" if may and (seen or operation == "add") else 403 if seen else hidden
    assert told == expected
