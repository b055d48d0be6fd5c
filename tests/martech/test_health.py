"""How the installation says it is."""

import ast
import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from martech.notifications.models import Delivery, Heartbeat

pytestmark = pytest.mark.django_db


def window(person):
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def test_machines_are_told_without_signing_in():
    assert Client().get("/healthz").json() == {"status": "ok"}
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer.json()["migrations"]) == (200, "ok", "ok")


def test_machines_are_told_nothing_else_and_for_little(django_assert_num_queries):
    Client().get("/readyz")
    with django_assert_num_queries(2):
        assert set(Client().get("/readyz").json()) == {"database", "migrations", "broker"}
    with django_assert_num_queries(0):
        Client().get("/healthz")


def test_a_database_behind_the_code_is_not_ready():
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("repeats", "0001_answers")
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "behind")
    recorder.record_applied("repeats", "0001_answers")


def test_a_database_that_is_away_is_not_ready_and_the_process_lives(tmp_path):
    code = (
        "import django; django.setup(); from django.test import Client; client = Client();"
        " answers = [client.get(address) for address in ('/readyz', '/healthz')];"
        " print([(one.status_code, one.json()) for one in answers])"
    )
    away = {"DATABASE_URL": "postgresql://nobody:secret@127.0.0.1:1/nothing", "ALLOWED_HOSTS": "testserver"}
    own = {"DJANGO_SETTINGS_MODULE": "martech.settings", "INTERLOCK_DATA": str(tmp_path), "LOG_LEVEL": "CRITICAL"}
    told = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **own, **away}, capture_output=True, text=True, check=True
    )
    assert ast.literal_eval(told.stdout) == [
        (503, {"database": "away", "migrations": "unknown", "broker": "files"}),
        (200, {"status": "ok"}),
    ]


def test_only_administrators_and_auditors_see_the_page(cast):
    seen = {role for role, person in cast if window(person).get("/health/").status_code == 200}
    assert seen == {"administrator", "auditor"}


def test_mail_that_was_given_up_goes_out_again_when_an_administrator_says_so(cast, ada, mia):
    dead = Delivery.objects.create(
        channel="email", person=mia, state="dead", due_at=timezone.now(), gave_up_at=timezone.now(), trouble="refused"
    )
    assert window(cast.auditor).post("/health/", {"act": "retry"}).status_code == 403
    assert b"refused" in window(ada).get("/health/").content
    window(ada).post("/health/", {"act": "retry"})
    dead.refresh_from_db()
    assert dead.state == "waiting"


def test_a_leapt_clock_is_believed_when_an_administrator_says_so(ada):
    now = timezone.now()
    Heartbeat.objects.create(job="sweep", host="here", at=now, anchor=0, held_since=now)
    assert b"The clock leapt" in window(ada).get("/health/").content
    window(ada).post("/health/", {"act": "believe"})
    assert b"The clock leapt" not in window(ada).get("/health/").content
