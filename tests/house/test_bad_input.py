"""Whatever people and programs send, the answer is a refusal or a page, and never an error of ours."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client

from martech import arguments
from martech.web import forms
from tests.house.attacks import NAUGHTY, SHARP, VALUES, WORST, Faults, kinds, signed_in, status, tables

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
KINDS = sorted(kinds())


def keeper(cast, label):
    return cast.administrator if label.startswith(("accounts", "calendars")) else cast.it


@pytest.mark.parametrize("label", KINDS)
def test_no_text_in_a_form_is_too_strange(world, cast, label):
    """The worst texts in all fields at once, and the sharpest in each sort of field and in each verb."""
    page, person = kinds()[label][0], keeper(cast, label)
    if page is None:
        return
    client, faults, record = signed_in(person), Faults(), world[label]
    form = forms.RecordForm(page.model, page(SimpleNamespace(user=person)).names, person)
    names, alone = form.names, {type(form.fields[name]): name for name in form.names}
    for text in NAUGHTY if label == "inventory.vendor" else WORST:
        faults.ask(client, "post", f"/{page.path}/new/", dict.fromkeys(names, text))
    for text in SHARP:
        faults.ask(client, "get", f"/{page.path}/new/", dict.fromkeys(names, text))
        for name in alone.values():
            faults.ask(client, "post", f"/{page.path}/new/", {"name": "Sound", name: text})
        for verb in record.OPERATIONS.keys() - {"add", "change"} if text != SHARP[-1] else ():
            asked = {one.name: text for one in arguments.arguments(page.model, verb)}
            faults.ask(
                client, "post", f"/{page.path}/{record.pk}/{verb.replace('_', '-')}/", {**asked, "version": text}
            )
    assert faults == []


@pytest.mark.parametrize("label", KINDS)
def test_no_value_in_a_body_is_too_strange(world, cast, label):
    rest, record = kinds()[label][1], world[label]
    client, faults = signed_in(keeper(cast, label)), Faults()
    base = f"/api/v1/{rest.path}/"
    for name in sorted(record.fields_to_set()):
        for value in (*SHARP, None, 10**30, {"a": 1}, [10**30], "\ud800"):
            faults.ask(client, "patch", f"{base}{record.pk}/", json.dumps({name: value}), **JSON)
    for value in VALUES:
        faults.ask(
            client, "post", base, json.dumps({"name": "Sound", **dict.fromkeys(record.fields_to_set(), value)}), **JSON
        )
        for verb in record.OPERATIONS.keys() - {"add", "change"}:
            asked = {one.name: value for one in arguments.arguments(type(record), verb)}
            faults.ask(client, "post", f"{base}{record.pk}/{verb}/", json.dumps(asked), **JSON)
    assert faults == []


@pytest.mark.parametrize("label", KINDS)
def test_no_question_is_too_strange(world, cast, label):
    """Each shape of filter of a list, and each of its other parameters, with each of the worst texts."""
    page, rest = kinds()[label]
    client, faults = signed_in(cast.it), Faults()
    shapes = {(one.column.shape, one.operator): name for name, one in rest.filterset_class.base_filters.items()}
    others = (
        "q",
        "ordering",
        "retired",
        "page",
        "columns",
        "view",
        "limit",
        "offset",
        "cursor",
        "fields",
        "format",
        "count",
    )
    for name in (*shapes.values(), *others):
        for text in SHARP:
            faults.ask(client, "get", f"/api/v1/{rest.path}/", {name: text})
    for text in NAUGHTY:
        asked = dict.fromkeys((*shapes.values(), *others), text)
        faults.ask(client, "get", f"/api/v1/{rest.path}/", asked)
    for text in WORST if page else ():
        faults.ask(client, "get", f"/{page.path}/", dict.fromkeys((*shapes.values(), *others), text))
        for name in ("q", "ordering", "page", "columns", "view") if label == "inventory.system" else ():
            faults.ask(client, "get", f"/{page.path}/", {name: text})
    assert faults == []


OTHERS = {
    "/search/": ("q", "all"),
    "/trail/": ("kind", "key", "verb", "by", "act", "origin", "before"),
    "/inbox/": ("before",),
    "/new/": ("added", "lifecycle", "business_owner", "owning_function"),
    "/inventory/systems/like/": ("name",),
    "/suggest/inventory.system/": ("q",),
    "/api/v1/entries/": ("kind", "key", "verb", "by", "limit", "cursor"),
    "/api/v1/changes/": ("since", "limit", "kind", "collection", "verb"),
    "/api/v1/notices/": ("unread", "limit", "offset"),
    "/imports/": ("page", "kind"),
    "/sign-in/": ("next",),
}
POSTED = {
    "/inventory/systems/views/": ("name", "query", "act", "view"),
    "/inventory/systems/bulk/": ("key", "field", "mode", "description", "vendor", "live_on"),
    "/me/theme/": ("theme", "next"),
    "/me/tokens/new/": ("name", "expires_on", "kinds", "password"),
    "/inbox/0/email/": ("email",),
    "/password/change/": ("oldpassword", "password1"),
    "/sign-in/": ("login", "password", "next"),
    "/password/reset/": ("email",),
}


@pytest.mark.parametrize("text", WORST)
def test_no_page_beside_the_records_breaks(world, cast, text):
    client, stranger, faults = signed_in(cast.it), Client(raise_request_exception=False), Faults()
    base = {"name": "x", "key": world["inventory.system"].pk, "field": "vendor", "mode": "set", "query": ""}
    for address, names in OTHERS.items():
        for name in names:
            faults.ask(stranger if address == "/sign-in/" else client, "get", address, {name: text})
    for address, names in POSTED.items():
        for name in names:
            sent = {**base, "login": "a@b.example", "password": "x", name: text}
            faults.ask(stranger if address in {"/sign-in/", "/password/reset/"} else client, "post", address, sent)
    faults.ask(
        client, "post", f"/inventory/systems/{world['inventory.system'].pk}/documents/", {"content": "x", "note": text}
    )
    assert faults == []


@pytest.mark.parametrize(
    "path",
    [
        "/%ff/",
        "/inventory/systems/%ff/",
        "/inventory/systems/%00/",
        "/inventory/systems/99999999999999999999/",
        "/inventory/systems/-1/",
        "/inventory/systems/²/",
        "/inventory/systems/SYS-/",
        "/inventory/systems/sys-1/",
        "/documents/99999999999999999999/content/",
        "/api/v1/systems/%ff/",
        "/api/v1/notices/99999999999999999999/read/",
        "/suggest/%00/",
        "/suggest/no.kind/",
        "/inbox/999999999999999999999/read/",
        "/me/tokens/99999999999999999999/retire/",
        "/imports/99999999999999999999/",
        "/password/reset/0-x/",
    ],
)
def test_an_address_that_is_none_is_not_there(cast, path):
    client = signed_in(cast.it)
    assert {client.get(path).status_code, client.post(path).status_code} <= {200, 302, 404, 405, 410}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/x-www-form-urlencoded", b"name=%ff%fe&description=\xff"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-script+AD4-"),
        ("application/x-www-form-urlencoded; charset=nonsense", b"name=a"),
        ("multipart/form-data", b"name=a"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\r\n--x--'),
        ("multipart/form-data; boundary=x", b"--x\r\n--x\r\nnonsense"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(6000))),
        ("application/json", b"{}"),
        ("nonsense", b"x"),
    ],
)
def test_a_form_that_is_none_is_refused(cast, kind, content):
    client, before = signed_in(cast.it), tables()
    for address in ("/inventory/systems/new/", "/inventory/systems/bulk/", "/api/v1/documents/", "/imports/new/"):
        answer = client.generic("POST", address, content, content_type=kind)
        assert answer.status_code in {200, 302, 400, 413, 415, 422}, address
    assert tables() == before or b"%ff" in content or b"\xff" in content


def test_nul_is_refused_at_every_door(world, cast):
    client, before = signed_in(cast.it), tables()
    told = [
        client.get("/inventory/vendors/?name=a%00b").status_code,
        client.get("/search/?q=%00").status_code,
        client.get("/api/v1/vendors/?name=%00").status_code,
        client.get("/api/v1/entries/?kind=%00").status_code,
        client.post("/inventory/vendors/new/", {"name": "a\0b"}).status_code,
        client.post("/inventory/vendors/new/", {"name": "ab", "aliases": "a\0b"}).status_code,
        client.post("/api/v1/vendors/", '{"name": "a\\u0000b"}', **JSON).status_code,
        client.post(f"/inventory/vendors/{world['inventory.vendor'].pk}/remark/", {"note": "a\0b"}).status_code,
        client.post("/inventory/vendors/views/", {"name": "a\0b"}).status_code,
    ]
    assert told == [400, 400, 400, 400, 422, 422, 400, 422, 302]
    assert tables() == before


def test_a_cookie_with_a_control_character_is_no_cookie(cast):
    kept = settings.SESSION_COOKIE_NAME
    for name in (kept, settings.CSRF_COOKIE_NAME, "messages", "device"):
        for address in ("/", "/sign-in/", "/api/v1/systems/"):
            answer = Client(raise_request_exception=False).get(address, headers={"Cookie": f'{name}="abcdefgh\\000"'})
            assert answer.status_code in {200, 302, 401}, (name, address)


def test_a_form_with_an_error_keeps_what_was_typed(cast):
    sent = {"name": "x" * 201, "description": "Kept <b>words</b> 👩‍👩‍👧‍👦", "url": "nonsense", "vendor": "Nobody"}
    html = signed_in(cast.it).post("/inventory/systems/new/", sent).content.decode()
    assert [
        text for text in ("x" * 201, "Kept &lt;b&gt;words&lt;/b&gt; 👩‍👩‍👧‍👦", "nonsense", "Nobody") if text not in html
    ] == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "testserver:80@evil.example", "a b", "[::1", "testserver\x00", ""],
)
def test_case_21_a_forged_host_is_refused(cast, host):
    client = signed_in(cast.it)
    for address in ("/", "/sign-in/", "/healthz", "/api/v1/systems/"):
        answer = client.get(address, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert answer.status_code == 400, address
        assert "evil.example" not in str(dict(answer.headers))
    kept = client.get("/api/v1/systems/?limit=1", headers={"X-Forwarded-Host": "evil.example"})
    assert b"evil" not in kept.content


SETTINGS = (
    ("PORT", "eighty"),
    ("PORT", "²"),
    ("PORT", "0"),
    ("PORT", "9" * 400),
    ("TRUSTED_PROXIES", "-1"),
    ("ORG_TIME_ZONE", "Mars/Base"),
    ("ORG_TIME_ZONE", "../../etc/passwd"),
    ("ORG_CURRENCY", "euro"),
    ("FISCAL_YEAR_START_MONTH", "13"),
    ("BASE_URL", "interlock.example"),
    ("BASE_URL", "https://[::1"),
    ("BASE_URL", "https://a.example:port"),
    ("BASE_URL", "https://a.example/path"),
    ("SECRET_KEY", "short"),
    ("DATABASE_URL", "mysql://marker@h/x"),
    ("DATABASE_URL", "postgresql://u:marker@h:x/n"),
    ("DATABASE_URL", "postgresql://u:marker@[h/n"),
    ("REDIS_URL", "http://u:marker@h"),
    ("REDIS_URL", "redis://:marker@h:x"),
    ("EMAIL_URL", "pop://u:marker@h"),
    ("EMAIL_URL", "smtp://u:marker@h:x"),
    ("LOG_LEVEL", "LOUD"),
    ("INTERLOCK_DATA", "/dev/null/x"),
)
ASKED = """
import os, sys, json
from django.core.exceptions import ImproperlyConfigured
import runpy
kept = dict(os.environ)
for name, value in json.load(sys.stdin):
    os.environ.clear()
    os.environ.update({**kept, name: value})
    for module in [one for one in sys.modules if one.startswith("martech")]:
        del sys.modules[module]
    try:
        runpy.run_module("martech.settings")
        print("started")
    except ImproperlyConfigured as error:
        print(str(error).replace(chr(10), "|"))
"""


def test_a_wrong_setting_is_one_sentence_without_a_secret(tmp_path):
    """Each in a process that starts anew, as `manage.py` does; the sentence names the setting and no password."""
    ours = {"INTERLOCK_DATA": str(tmp_path), "PATH": os.environ["PATH"]}
    asked = subprocess.run(
        [sys.executable, "-c", ASKED],
        input=json.dumps(SETTINGS),
        cwd=settings.BASE_DIR,
        env=ours,
        capture_output=True,
        text=True,
    )
    assert asked.stderr == ""
    told = asked.stdout.splitlines()
    wrong = [
        (one, said)
        for one, said in zip(SETTINGS, told, strict=True)
        if not said.startswith(f"{one[0]}") or not said.endswith(".")
    ]
    assert wrong == []
    assert "marker" not in asked.stdout


def test_a_long_value_is_kept_whole_or_refused(cast):
    client = signed_in(cast.it)
    long = "é" * 100_000
    assert status(client, "post", "/api/v1/systems/", json.dumps({"name": "x", "description": long}), **JSON) == 201
    assert (
        status(client, "post", "/api/v1/systems/", json.dumps({"name": "x", "description": f"{long}é"}), **JSON) == 400
    )
    kept = client.post(
        "/api/v1/systems/", json.dumps({"name": "مرحبا 👩‍👩‍👧‍👦 \u202etxt", "description": long}), **JSON
    ).json()
    assert (kept["name"], kept["description"]) == ("مرحبا 👩‍👩‍👧‍👦 \u202etxt", long)
