"""How often one may call the REST interface: counted in a real Valkey, told on every answer."""

import time
import uuid
from collections import Counter
from threading import Thread

import pytest
from django.conf import settings as product
from django.core.cache import cache, caches
from django.test import Client

from martech import environment
from martech.accounts.models import Token
from martech.rest import throttling
from martech.web import cache as soft

pytestmark = [pytest.mark.worker, pytest.mark.django_db]
VENDORS = "/api/v1/vendors/"
HOUR = 3600


def on_redis(settings, location):
    """The product's cache at this address, under a name of this test's own."""
    settings.CACHES = {
        "default": {
            "BACKEND": "martech.web.cache.SoftRedisCache",
            "LOCATION": location,
            "KEY_PREFIX": uuid.uuid4().hex,
        }
    }


@pytest.fixture
def limits(redis_url, settings, monkeypatch):
    """Three calls an hour for whoever is known, two for an address."""
    address = environment.redis("TEST_REDIS_URL", product.DATA_DIR)[1]
    on_redis(settings, address)
    settings.API_RATE, settings.API_RATE_ADDRESS = (3, HOUR), (2, HOUR)
    monkeypatch.setattr(soft, "_asked_again_at", 0.0)
    yield settings
    caches["default"].close()


def get(secret="", **extra):
    return Client(**extra).get(VENDORS, headers={"Authorization": f"Bearer {secret}"} if secret else {})


def left(answer):
    return answer.status_code, answer.get("RateLimit-Limit"), answer.get("RateLimit-Remaining")


def test_each_token_has_so_many_calls_and_is_told_how_many_are_left(limits, ivan):
    one, other = (Token.add(by=ivan, name=name) for name in ("ERP", "CRM"))
    assert [left(get(one.secret)) for _ in range(3)] == [(200, "3", "2"), (200, "3", "1"), (200, "3", "0")]
    refused = get(one.secret)
    assert left(refused) == (429, "3", "0")
    assert refused["Retry-After"] == refused["RateLimit-Reset"]
    assert 0 < int(refused["Retry-After"]) <= HOUR
    assert (refused["Content-Type"], refused.json()["type"]) == ("application/problem+json", "/problems/too-many")
    assert left(get(other.secret)) == (200, "3", "2")


def test_each_person_signed_in_has_so_many_calls(limits, ivan, mia):
    def call(person):
        client = Client()
        client.force_login(person, backend="martech.permissions.backend.TableBackend")
        return client.get(VENDORS)

    assert [call(ivan).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert left(call(mia)) == (200, "3", "2")


def test_refusals_count_and_carry_the_figures(limits, ivan):
    secret = Token.add(by=ivan, name="ERP").secret
    headers = {"Authorization": f"Bearer {secret}"}
    answers = [Client().get(f"{VENDORS}?no_such=1", headers=headers), Client().put(VENDORS, headers=headers)]
    assert [left(answer) for answer in answers] == [(400, "3", "2"), (405, "3", "1")]


def test_wrong_and_missing_credentials_are_counted_by_address(limits, ivan):
    secret = Token.add(by=ivan, name="ERP").secret
    told = [get(), get("ilk_" + "x" * 43), get("ilk_" + "y" * 43), get()]
    assert [answer.status_code for answer in told] == [401, 401, 429, 429]
    assert left(told[0]) == (401, "2", "1")
    assert get(REMOTE_ADDR="203.0.113.9").status_code == 401
    assert left(get(secret)) == (200, "3", "2"), "who is known is not counted by address"


def test_case_21_a_forged_address_gives_no_new_count(limits):
    """Without a proxy of ours the header counts for nothing; with one, only its last entry does."""
    told = [get(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}").status_code for number in range(3)]
    assert told == [401, 401, 429]
    limits.TRUSTED_PROXIES = 1
    told = [get(HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.1").status_code for number in range(3)]
    assert told == [401, 401, 429]
    assert get(HTTP_X_FORWARDED_FOR="203.0.113.1, 203.0.113.2").status_code == 401


def test_many_at_once_are_counted_each(limits):
    told = []

    def call():
        for _ in range(25):
            try:
                told.append(int(throttling.counted("many", (100, HOUR))["RateLimit-Remaining"]))
            except throttling.TooMany:
                told.append(-1)
        caches["default"].close()

    threads = [Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(told) == Counter([*range(100), *[-1] * 100])


def test_a_call_asks_the_cache_once_and_for_nothing_else(limits, ivan):
    """The connection carried one pipeline of INCR and EXPIRE, and this test's own two questions."""
    secret = Token.add(by=ivan, name="ERP").secret
    get(secret)
    server = cache._cache.get_client()
    before = int(server.client_info()["tot-cmds"])
    get(secret)
    assert int(server.client_info()["tot-cmds"]) - before == 3


def test_a_new_window_is_a_new_count(limits, ivan):
    limits.API_RATE = (1, 1)
    secret = Token.add(by=ivan, name="ERP").secret
    told = [get(secret).status_code for _ in range(2)]
    assert 200 in told
    time.sleep(1.01)
    assert get(secret).status_code == 200


def test_while_the_cache_is_away_nobody_is_refused(limits, ivan):
    on_redis(limits, "redis://127.0.0.1:1")
    secret = Token.add(by=ivan, name="ERP").secret
    assert [left(get(secret)) for _ in range(5)] == [(200, None, None)] * 5
    assert get().status_code == 401


def test_limits_can_be_switched_off(limits, ivan):
    limits.API_RATE = None
    secret = Token.add(by=ivan, name="ERP").secret
    assert [left(get(secret)) for _ in range(5)] == [(200, None, None)] * 5
