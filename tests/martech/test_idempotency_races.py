"""The same POST several times at once, on PostgreSQL with real threads: one effect, whoever is told what."""

import json
import logging
import os
from collections import Counter
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client

from inventory.models import System
from martech.accounts.models import Token
from martech.audit.models import Entry
from martech.repeats.models import Answer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
logger = logging.getLogger(__name__)
ROUNDS = 100 if os.environ.get("FULL") else 10
THREADS = 8


def at_once(post):
    """The answers of THREADS clients that post at the same moment."""
    answers, barrier = [None] * THREADS, Barrier(THREADS)

    def run(place):
        try:
            barrier.wait(10)
            answers[place] = post()
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.fixture
def post(cast):
    token = Token.add(by=cast.it, name="ERP", write=True)

    def send(address, body, key):
        headers = {"Authorization": f"Bearer {token.secret}", **({"Idempotency-Key": key} if key else {})}
        return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)

    return send


def names(answer):
    return answer.status_code, answer.get("Idempotency-Replayed", "")


def test_one_of_many_is_done_and_the_rest_are_told_so(post):
    """Systems may share a name, so nothing but the key stands in the way."""
    told = Counter()
    for number in range(ROUNDS):
        answers = at_once(lambda number=number: post("/api/v1/systems/", {"name": f"Mail {number}"}, f"key-{number}"))
        made = System.objects.get(name=f"Mail {number}")
        seen = Counter(map(names, answers))
        assert seen[201, ""] == 1
        assert set(seen) <= {(201, ""), (201, "true"), (409, "")}
        assert {answer.json()["id"] for answer in answers if answer.status_code == 201} == {made.pk}
        refused = [answer for answer in answers if answer.status_code == 409]
        assert {(one["Retry-After"], one.json()["type"]) for one in refused} <= {("1", "/problems/still-running")}
        assert Entry.objects.filter(kind="inventory.system", key=made.pk).count() == 1
        assert names(post("/api/v1/systems/", {"name": f"Mail {number}"}, f"key-{number}")) == (201, "true")
        told += seen
    logger.info("%s rounds of %s: %s", ROUNDS, THREADS, dict(told))
    assert (Answer.objects.count(), told[201, ""]) == (ROUNDS, ROUNDS)


def test_the_test_can_fail_without_a_key_all_are_done(post):
    at_once(lambda: post("/api/v1/systems/", {"name": "Mail"}, ""))
    assert System.objects.filter(name="Mail").count() == THREADS


def test_two_requests_of_one_key_at_once_are_one_request(post):
    for number in range(ROUNDS):
        numbers = iter(range(THREADS))
        answers = at_once(
            lambda number=number, numbers=numbers: post(
                "/api/v1/systems/", {"name": f"Mail {number}.{next(numbers)}"}, f"k{number}"
            )
        )
        assert Counter(answer.status_code for answer in answers)[201] == 1
        assert {answer.status_code for answer in answers} <= {201, 409, 422}
        assert System.objects.filter(name__startswith=f"Mail {number}.").count() == 1
