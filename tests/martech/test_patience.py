"""A statement of a web request that takes too long ends, and whoever asked is told so: R23 of the reliability rules."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from inventory.models import Vendor
from martech.accounts.models import Token
from tests.house.attacks import signed_in

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(ivan):
    """A vendor that somebody else holds for as long as the test takes; statements here may take 0.3 seconds."""
    vendor = Vendor.add(by=ivan, name="Acme")
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor, connection.cursor() as mine:
        cursor.execute("SELECT 1 FROM inventory_vendor FOR UPDATE")
        mine.execute("SET statement_timeout = 300")
        yield vendor
        mine.execute("RESET statement_timeout")
    other.rollback()
    other.close()


def test_rest_is_told_with_a_problem_and_without_sql(held, ivan):
    secret = Token.add(by=ivan, name="ERP", write=True).secret
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "slow"}
    address = f"/api/v1/vendors/{held.pk}/remark/"
    answer = Client().post(address, '{"note": "x"}', content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, "application/problem+json", "5")
    assert answer.json() == {
        "type": "/problems/too-long",
        "title": "The database did not answer in time. Try again.",
        "status": 503,
    }


def test_a_page_says_so_in_plain_words(held, ivan):
    answer = signed_in(ivan).post(f"/inventory/vendors/{held.pk}/remark/", {"note": "x"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert b"The database did not answer in time" in answer.content


@pytest.mark.parametrize(
    ("engine", "seconds", "expected"),
    [("martech.wsgi", "", "5s"), ("martech.asgi", "7", "7s"), ("martech.wsgi", "0", "0"), ("martech.celery", "", "0")],
)
def test_web_engines_are_bound_and_workers_are_not(engine, seconds, expected, tmp_path):
    code = (
        f"import {engine}, django; django.setup(); from django.db import connection; cursor = connection.cursor();"
        " cursor.execute('SHOW statement_timeout'); print(cursor.fetchone()[0])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "martech.settings",
            "INTERLOCK_DATA": str(tmp_path),
            "DATABASE_URL": os.environ["TEST_DATABASE_URL"],
            "STATEMENT_TIMEOUT": seconds,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == expected
