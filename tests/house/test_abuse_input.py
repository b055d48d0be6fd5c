"""The abuse cases 25 to 40 of the reliability rules, by their numbers: searches, files, bodies, mails and names.

Told elsewhere: 31 in tests/martech/test_outbound.py (302, an answer without end or of 100 MB) and test_webhooks.py
(410, days of failures); exports of 26 in test_exporting.py, slow statements of 25 in test_patience.py, what holds of
every endpoint (15, 38) in test_endpoints.py.
"""

import json
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from inventory.models import Assurance, System
from martech.accounts.models import User
from martech.files.models import Document
from martech.notifications import deliver
from martech.notifications.models import Preference
from tests.house.attacks import signed_in, tables

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


def sent(client, method, address, body):
    return getattr(client, method)(address, json.dumps(body), **JSON)


@pytest.mark.parametrize(
    "text", ["%_%_%_%", "x" * 100_000, "a " * 10_000, "(a+)+$", "a & b | !c:* <-> d", "''", "\\", "a" * 200, "😀" * 200]
)
def test_case_25_no_search_is_slow_or_breaks(world, cast, text):
    client, begun = signed_in(cast.it), time.monotonic()
    answers = [
        client.get(address, {"q": text}).status_code
        for address in ("/search/", "/inventory/systems/", "/api/v1/systems/", "/suggest/inventory.vendor/")
    ] + [client.get("/inventory/systems/like/", {"name": text}).status_code]
    assert set(answers) <= {200, 302, 400, 422}
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "query",
    [
        "limit=1000000000",
        "limit=0",
        "limit=-1",
        "offset=-1",
        "offset=99999999999",
        "limit=x",
        "cursor=x",
        "page_size=10",
        "count=maybe",
        "vendor=" + ",".join(map(str, range(1, 2000))),
        "cursor=&offset=5",
        "format=xml",
        "limit=1&limit=2",
        "name=a&name=b",
    ],
)
def test_case_26_pages_have_bounds(world, cast, query):
    assert signed_in(cast.it).get(f"/api/v1/systems/?{query}").status_code == 400


@pytest.mark.parametrize("page", ["999999999", "-1", "0", "1e9", "²", "99999", ""])
def test_case_26_a_page_beyond_the_last_is_an_empty_page(world, cast, page):
    assert signed_in(cast.it).get("/inventory/systems/", {"page": page}).status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("picture.png", b"<html><script>alert(1)</script>", "text/plain"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain"),
        ("report.html", b"%PDF-1.7\n<script>alert(1)</script>", "application/pdf"),
        ("../../etc/passwd", b"\x00\x01\x02binary", "application/octet-stream"),
        ("n" * 300 + ".txt", b"long", "text/plain"),
        ("invoice\u202egnp.exe", b"MZ\x90\x00", "application/octet-stream"),
        ('a"\r\nX-Evil: 1.txt', b"header", "text/plain"),
    ],
)
def test_case_27_an_upload_is_known_by_its_content_and_sent_harmless(world, cast, name, content, kind):
    client, system = signed_in(cast.it), world["inventory.system"]
    upload = SimpleUploadedFile("x", content, "image/png")
    upload._name = name
    assert client.post(f"/inventory/systems/{system.pk}/documents/", {"content": upload}).status_code == 302
    kept = Document.objects.latest("pk")
    answer = client.get(f"/documents/{kept.pk}/content/")
    assert (kept.media_type, answer["Content-Type"].split(";")[0]) == (kind, kind)
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert (answer["X-Content-Type-Options"], "X-Evil" in answer.headers) == ("nosniff", False)
    assert answer["Content-Disposition"].startswith("inline" if kind == "application/pdf" else "attachment")
    assert len(kept.name) <= 120
    assert not set("/\\\r\n\u202e") & set(kept.name)


def test_case_27_an_upload_ends_at_its_limit(world, cast, settings):
    settings.UPLOAD_LIMIT, client, system = 1000, signed_in(cast.it), world["inventory.system"]
    before = tables()
    big = {"content": SimpleUploadedFile("big.txt", b"x" * 200_000)}
    assert client.post(f"/inventory/systems/{system.pk}/documents/", big).status_code == 422
    big = {"content": SimpleUploadedFile("big.txt", b"x" * 200_000), "kind": "inventory.system", "key": system.pk}
    refused = client.post("/api/v1/documents/", big)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
    big = {"content": SimpleUploadedFile("big.csv", b"x" * 200_000), "kind": "inventory.vendor"}
    assert client.post("/api/v1/imports/", big).status_code == 413
    assert tables() == before


@pytest.mark.parametrize(
    "content",
    [
        b'[{"name": "Acme"}]',
        b"<!doctype html><html><body>Sign in</body></html>",
        b"name\nA\x00B\n",
        b"name,name\nA,B\n",
        b"\x00" * 100,
        b"x" * 300_000,
        b",".join(b"c%d" % n for n in range(10_000)),
        b"\xff\xfe\x00",
        b'"' * 9999,
    ],
)
def test_case_28_a_file_that_is_no_table_is_refused_with_a_sentence(cast, content):
    client, before = signed_in(cast.it), tables()
    for address in ("/imports/new/", "/api/v1/imports/"):
        given = {"kind": "inventory.vendor", "file": SimpleUploadedFile("v.csv", content)}
        given["content"] = SimpleUploadedFile("v.csv", content)
        assert client.post(address, given).status_code in {400, 413, 422}, address
    assert tables() == before


def test_case_34_a_name_puts_no_line_into_a_mail(cast, settings):
    evil = "Heron\r\nBcc: all@evil.example"
    Preference.choose(cast.member, "at_once")
    system = System.add(by=cast.it, name=evil, business_owner=cast.member)
    Assurance.add(by=cast.it, kind="dpa", system=system, reference="x\nBcc: y@evil.example")
    system.remark(by=cast.it, note=evil)
    User.objects.filter(pk=cast.it.pk).update(name=evil)
    User.objects.filter(pk=cast.member.pk).update(name=evil)
    assert deliver.relay(timezone.now() + timedelta(minutes=1)).sent > 0
    assert [one for one in mail.outbox if set("\r\n") & set(one.subject) or one.bcc or len(one.to) != 1] == []


def test_case_37_a_hidden_name_is_free_and_ids_tell_nothing(cast):
    hidden = System.add(by=cast.it, name="Heron", confidential=True)
    client = signed_in(cast.marketing_ops)
    told = client.get("/inventory/systems/like/", {"name": "Heron"}).content.decode()
    assert "/inventory/systems/" not in told.replace("/inventory/systems/new", "")
    missing, there = (client.get(f"/api/v1/systems/{key}/") for key in (999_999, hidden.pk))
    assert (missing.status_code, missing.content) == (there.status_code, there.content) == (404, there.content)
    assert sent(client, "post", "/api/v1/systems/", {"name": "heron "}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a", "name": "b"}',
        '{"name": NaN}',
        '{"user_count": 1e400}',
        '{"user_count": Infinity}',
        "[" * 100_000,
        '{"a":' * 30 + "1" + "}" * 30,
        '{"id": [1, 2]}',
        '{"name": ["a"]}',
        '{"name": {"a": 1}}',
        '{"name": "\\u0000"}',
        '{"name": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"name": "a"',
        "",
        "null",
        "[]",
        '"x"',
        "1",
        "[{}]",
        '{"user_count": true}',
        '{"user_count": "1"}',
        '{"user_count": 99999999999999999999999}',
        '{"user_count": 1' + "0" * 5000 + "}",
        '{"user_count": -1' + "0" * 50 + "}",
        '{"user_count": -1e400}',
        '{"user_count": -Infinity}',
        '{"name": "x", "_method": "DELETE"}',
        b'{"name": "\xff"}',
    ],
)
def test_case_38_a_body_that_can_be_read_two_ways_is_refused(cast, body):
    client, before = signed_in(cast.it), tables()
    assert client.post("/api/v1/systems/", body, **JSON).status_code == 400
    assert tables() == before


def test_case_38_a_body_has_a_size(cast):
    client, before = signed_in(cast.it), tables()
    assert client.post("/api/v1/systems/", '{"name": "%s"}' % ("x" * 1_100_000), **JSON).status_code == 413
    assert tables() == before


def test_case_39_answers_are_framed_sniffed_and_kept_by_nobody(world, cast):
    client = signed_in(cast.it)
    for address in (
        "/",
        "/inventory/systems/",
        "/api/v1/systems/",
        "/api/v1/systems/999999/",
        "/inventory/systems/999999/",
        "/sign-in/",
    ):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert {"no-store", "private"} <= {part.strip() for part in answer["Cache-Control"].split(",")}, address
        assert answer["Referrer-Policy"] == "same-origin", address
    assert client.get("/api/v1/systems/")["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    "text", ["{{ settings.SECRET_KEY }}", "{% debug %}", "%(x)s %s %n", "{0.__class__}", "{note}", "${7*7}", "{"]
)
def test_case_40_a_template_in_a_name_stays_a_name(cast, text):
    system = System.add(by=cast.it, name=text, business_owner=cast.member)
    system.remark(by=cast.it, note=text)
    client = signed_in(cast.member)
    told = client.get("/api/v1/notices/").json()["results"]
    assert told
    assert all(text in one["sentence"] for one in told)
    for address in (f"/inventory/systems/{system.pk}/", "/inbox/", "/", "/trail/", "/inventory/systems/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert settings.SECRET_KEY not in answer.content.decode()
