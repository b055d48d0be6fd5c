"""What holds of every route of the REST interface, walked over the URL configuration."""

import json

import pytest
from django.test import Client

from martech.repeats.models import Answer
from martech.rest.views import View
from tests.house.attacks import addresses, routes, signed_in, tables

pytestmark = pytest.mark.django_db
API = "/api/v1/"
JSON = {"content_type": "application/json"}
KEY = "Idempotency-Key takes 1 to 255 visible ASCII characters."
METHODS = ("get", "post", "put", "patch", "delete")


def endpoints():
    return [(pattern, callback) for pattern, callback in routes() if pattern.startswith(API)]


def problem(answer):
    """The status of a problem document that says so itself."""
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert (told["status"], set(told) >= {"type", "title"}) == (answer.status_code, True)
    return answer.status_code


def test_every_endpoint_stands_on_the_one_base():
    """So none can forget keys, limits or the query string."""
    assert [pattern for pattern, callback in endpoints() if not issubclass(callback.cls, View)] == []
    assert len(endpoints()) > 100


def test_put_and_delete_are_no_methods_of_any_endpoint(world, cast):
    client, before, told = signed_in(cast.it), tables(), {}
    for address in addresses(world):
        if address.startswith(API):
            for method in ("put", "delete"):
                answer = getattr(client, method)(address, "{}", **JSON)
                told[method, address] = problem(answer)
    assert {pair for pair, status in told.items() if status != 405} == set()
    assert tables() == before


def test_what_is_no_endpoint_is_a_problem_document_too(world, cast):
    client = signed_in(cast.it)
    for address in (
        API,
        f"{API}nothing/",
        f"{API}systems/x/",
        f"{API}systems/1/no_such_verb/",
        "/api/",
        "/api/v2/systems/",
    ):
        for method in METHODS:
            assert problem(getattr(client, method)(address)) in {404, 405}, (method, address)


def test_every_endpoint_refuses_a_parameter_it_does_not_know(world, cast):
    client, before, through = signed_in(cast.it), tables(), []
    for address in addresses(world):
        if address.startswith(API) and address != f"{API}docs/":
            for method in ("get", "post", "patch"):
                sent = {} if method == "get" else {"data": "{}", **JSON}
                answer = getattr(client, method)(f"{address}?no_such=1", **sent)
                if answer.status_code < 400 or problem(answer) not in {400, 404, 405, 415}:
                    through.append((method, address, answer.status_code))
    assert through == []
    assert tables() == before


def test_every_post_takes_a_key(world, cast):
    """A key that is none is refused by every POST there is, before anything is done."""
    client, before, asked = signed_in(cast.it), tables(), 0
    for address in addresses(world):
        answer = (
            client.post(address, "{}", headers={"Idempotency-Key": "no key"}, **JSON)
            if address.startswith(API)
            else None
        )
        if answer is not None and problem(answer) != 405:
            told = json.loads(answer.content)
            assert (answer.status_code, told["detail"]) == (
                400,
                "Idempotency-Key takes 1 to 255 visible ASCII characters.",
            ), address
            asked += 1
    assert asked > 80
    assert (tables() == before, Answer.objects.count()) == (True, 0)


def test_nobody_is_told_who_is_there_without_credentials(world):
    client = Client()
    for address in addresses(world):
        if address.startswith(API) and address not in {f"{API}schema/", f"{API}docs/"}:
            answer = client.get(address)
            assert (problem(answer), answer["WWW-Authenticate"]) == (401, 'Bearer realm="interlock"'), address
