"""The secret of a webhook is in the answer that makes it, at either door, and nowhere else."""

import io
import json
import logging
import re
import zipfile

import pytest
from django.db import connection
from django.test import Client

from martech.accounts.models import Token
from martech.webhooks.models import Webhook

pytestmark = pytest.mark.django_db
HOOK = "https://93.184.216.34/hook"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
JSON = {"content_type": "application/json"}


@pytest.fixture
def program(ivan):
    return Client(headers={"Authorization": f"Bearer {Token.add(by=ivan, name='Hooks', write=True).secret}"})


@pytest.fixture
def desk(ivan):
    client = Client()
    client.force_login(ivan, backend="martech.permissions.backend.TableBackend")
    return client


def everywhere(program, desk, hook):
    """What anybody could read of the hook afterwards, at both doors."""
    api, page = f"/api/v1/webhooks/{hook.pk}/", f"/webhooks/{hook.pk}/"
    asked = [
        (program, api),
        (program, f"{api}deliveries/"),
        (program, "/api/v1/webhooks/"),
        (program, "/api/v1/webhooks/?format=csv"),
        (program, "/api/v1/webhooks/?format=xlsx"),
        (program, "/api/v1/webhooks/?q=whsec"),
        (program, "/api/v1/entries/"),
        (program, "/api/v1/changes/"),
        (desk, page),
        (desk, f"{page}change/"),
        (desk, f"{page}deliveries/"),
        (desk, "/webhooks/"),
        (desk, "/webhooks/export/csv/"),
        (desk, "/webhooks/export/xlsx/"),
        (desk, "/search/?q=whsec"),
        (desk, "/trail/"),
        (desk, "/inbox/"),
    ]
    for client, address in asked:
        answer = client.get(address)
        assert answer.status_code == 200, address
        yield address, read(answer.getvalue() if answer.streaming else answer.content)


def read(content):
    """What a person sees of an answer; of a workbook all that is packed in it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist())


def kept():
    """Every text in the database."""
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            yield table, repr(cursor.fetchall())


def test_it_is_told_once_over_rest_and_a_repeat_does_not_tell_it_again(program, desk, caplog):
    caplog.set_level(logging.DEBUG)
    body = {"name": "Warehouse", "url": HOOK}
    made = program.post("/api/v1/webhooks/", body, **JSON, headers={"Idempotency-Key": "one"})
    hook, secret = Webhook.objects.get(), made.json()["secret"]
    again = program.post("/api/v1/webhooks/", body, **JSON, headers={"Idempotency-Key": "one"})
    assert (again["Idempotency-Replayed"], again.json().get("secret")) == ("true", None)
    address = f"/api/v1/webhooks/{hook.pk}/rotate/"
    turned = program.post(address, {}, **JSON, headers={"Idempotency-Key": "two"})
    newer = turned.json()["secret"]
    again = program.post(address, {}, **JSON, headers={"Idempotency-Key": "two"})
    assert (again["Idempotency-Replayed"], again.json().get("secret")) == ("true", None)
    assert SECRET.fullmatch(secret)
    assert SECRET.fullmatch(newer)
    assert newer != secret
    read = [*everywhere(program, desk, hook), *kept(), ("log", caplog.text)]
    assert [place for place, text in read if "whsec_" in text] == []
    bare = secret.removeprefix("whsec_"), newer.removeprefix("whsec_")
    assert [place for place, text in read if any(one in text for one in bare)] == []


def test_it_is_told_once_on_the_page_and_its_errors_say_nothing(program, desk):
    (once,) = set(re.findall(r'name="form-key" value="([^"]+)"', desk.get("/webhooks/new/").content.decode()))
    sent = {"name": "Warehouse", "url": HOOK, "form-key": once}
    made = desk.post("/webhooks/new/", sent)
    (secret,) = set(SECRET.findall(made.content.decode()))
    hook = Webhook.objects.get()
    assert "no-store" in made["Cache-Control"]
    assert "whsec_" not in desk.post("/webhooks/new/", sent, follow=True).content.decode()
    refused = desk.post(f"/webhooks/{hook.pk}/rotate/", {"version": 99})
    assert "whsec_" not in refused.content.decode()
    wrong = program.post("/api/v1/webhooks/", json.dumps({"name": "", "url": "http://10.0.0.1/"}), **JSON)
    assert (wrong.status_code, "whsec_" in wrong.content.decode()) == (400, False)
    assert [place for place, text in (*everywhere(program, desk, hook), *kept()) if secret in text] == []
