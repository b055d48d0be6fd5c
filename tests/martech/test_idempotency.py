"""A POST sent again with its Idempotency-Key is done once and answered alike."""

import json
import socket
import time
from datetime import timedelta
from threading import Barrier, Thread
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.client import MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from inventory.models import System, Vendor
from martech.accounts.models import Token
from martech.audit.models import Entry, recorded
from martech.files.models import Document
from martech.imports.models import ImportBatch
from martech.notifications.models import Notice
from martech.records.models import Follow
from martech.repeats.models import BATCH, KEPT, Answer, forget
from martech.repeats.tasks import tidy
from martech.sync.models import SyncRun
from tests.martech.signing import PASSWORD

pytestmark = pytest.mark.django_db
VENDORS = "/api/v1/vendors/"


@pytest.fixture
def ask(ivan):
    """POST with a key, as the holder of one writing token."""
    token = Token.add(by=ivan, name="ERP", write=True)

    def post(address, body, key="one", client=None, **headers):
        sent = {"Authorization": f"Bearer {token.secret}", **({"Idempotency-Key": key} if key else {}), **headers}
        return (client or Client()).post(
            address, body if isinstance(body, str) else json.dumps(body), content_type="application/json", headers=sent
        )

    post.token = token
    return post


def told(answer):
    """What a client goes by."""
    return answer.status_code, answer.content, answer.get("ETag"), answer.get("Location"), answer["Content-Type"]


def test_the_same_request_gets_the_first_answer_again(ask):
    first, again = ask(VENDORS, {"name": "Acme"}), ask(VENDORS, {"name": "Acme"})
    assert told(again) == told(first)
    assert (first.status_code, first["ETag"], first["Location"]) == (201, '"1"', f"{VENDORS}{first.json()['id']}/")
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Vendor.objects.filter(name="Acme").count() == 1
    assert Entry.objects.filter(kind="inventory.vendor").count() == 1


def test_the_first_answer_stays_the_answer_whatever_became_of_the_record(ask, ivan):
    first = ask(VENDORS, {"name": "Acme"})
    Vendor.objects.get().change(by=ivan, name="Beta")
    assert told(ask(VENDORS, {"name": "Acme"})) == told(first)


def test_order_and_spacing_of_fields_do_not_matter(ask):
    first = ask(VENDORS, '{"name": "Acme", "country": "IE"}')
    again = ask(VENDORS, '{ "country":"IE",\n"name":"Acme" }')
    assert told(again) == told(first)


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (VENDORS, {"name": "Beta"}),
        (VENDORS, {"name": "Acme", "country": "IE"}),
        ("/api/v1/systems/", {"name": "Acme"}),
        (VENDORS, {"name": 10**30}),
    ],
)
def test_a_key_belongs_to_one_request(ask, address, body):
    ask(VENDORS, {"name": "Acme"})
    other = ask(address, body)
    assert (other.status_code, other["Content-Type"], other.json()["type"]) == (
        422,
        "application/problem+json",
        "/problems/key-used",
    )
    assert (Vendor.objects.count(), System.objects.count()) == (1, 0)


def test_a_key_belongs_to_one_person_and_one_token(ask, ivan, mona):
    ask(VENDORS, {"name": "Acme"})
    narrow = Token.add(by=ivan, name="Reads")
    other = ask(VENDORS, {"name": "Acme"}, Authorization=f"Bearer {narrow.secret}")
    assert other.json()["type"] == "/problems/key-used"
    theirs = Token.add(by=mona, name="Hers", write=True)
    hers = ask(VENDORS, {"name": "Beta"}, Authorization=f"Bearer {theirs.secret}")
    assert (hers.status_code, hers.get("Idempotency-Replayed")) == (201, None)


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "a\tb", "\x7f", "x" * 256])
def test_a_key_is_visible_ascii(ask, key):
    answer = ask(VENDORS, {"name": "Acme"}, key=None, **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/not-sound")
    assert Vendor.objects.count() == 0


@pytest.mark.parametrize("key", ["!", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"', "a,b;c=d"])
def test_any_visible_text_is_a_key(ask, key):
    assert ask(VENDORS, {"name": "Acme"}, key=key).status_code == 201
    assert ask(VENDORS, {"name": "Acme"}, key=key)["Idempotency-Replayed"] == "true"


def test_what_was_refused_may_be_tried_again_with_its_key(ask, ivan):
    assert ask(VENDORS, {"name": ""}).status_code == 400
    taken = Vendor.add(by=ivan, name="Acme")
    assert ask(VENDORS, {"name": "Acme"}).status_code == 400
    taken.change(by=ivan, name="Beta")
    assert Answer.objects.count() == 0
    assert ask(VENDORS, {"name": "Acme"}).status_code == 201


def test_verbs_comments_and_following_are_done_once(ask, ivan):
    system = System.add(by=ivan, name="Mail")
    one = f"/api/v1/systems/{system.pk}/"
    for verb, body in (("remark", {"note": "Once"}), ("approve", {}), ("follow", {}), ("retire", {})):
        first, again = ask(f"{one}{verb}/", body, key=verb), ask(f"{one}{verb}/", body, key=verb)
        assert (first.status_code, told(again)) == (200, told(first)), verb
        assert again["Idempotency-Replayed"] == "true", verb
    verbs = Entry.objects.filter(kind="inventory.system", key=system.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["add", "remark", "approve", "retire"]
    assert Follow.objects.filter(person=ivan, key=system.pk).count() == 1


def test_a_sync_sent_again_is_one_run_with_one_report(ask):
    body = {"source": "erp", "items": [{"external_id": "V-1", "name": "Acme"}, {"external_id": "V-2", "name": ""}]}
    first, again = ask(f"{VENDORS}sync/", body), ask(f"{VENDORS}sync/", body)
    assert (first.status_code, first.json()["totals"]["created"]) == (200, 1)
    assert (told(again), again["Idempotency-Replayed"]) == (told(first), "true")
    assert (SyncRun.objects.count(), Vendor.objects.count()) == (1, 1)


def test_without_a_key_nothing_is_kept(ask):
    assert [ask(VENDORS, {"name": name}, key=None).status_code for name in ("Acme", "Acme")] == [201, 400]
    assert Answer.objects.count() == 0


def test_a_notice_is_read_once(ask, ivan, mona):
    system = System.add(by=ivan, name="Mail", technical_owner=ivan)
    system.remark(by=mona, note="Look")
    notice = Notice.objects.filter(person=ivan).first()
    first = ask(f"/api/v1/notices/{notice.pk}/read/", {})
    assert told(ask(f"/api/v1/notices/{notice.pk}/read/", {})) == told(first)


def form(content, name="dpa.txt", boundary="one", **fields):
    parts = {**fields, "content": SimpleUploadedFile(name, content)}
    return {
        "data": encode_multipart(boundary, parts),
        "content_type": MULTIPART_CONTENT.replace("BoUnDaRyStRiNg", boundary),
    }


def test_a_file_sent_again_is_one_document_whatever_its_boundary(ask, ivan):
    system = System.add(by=ivan, name="Mail")
    sent = {"Authorization": f"Bearer {ask.token.secret}", "Idempotency-Key": "file"}
    fields = {"kind": "inventory.system", "key": system.pk, "note": "Signed"}
    big = b"signed\n" * 400_000
    answers = [
        Client().post("/api/v1/documents/", headers=sent, **form(content, name, boundary, **fields))
        for content, name, boundary in (
            (big, "dpa.txt", "one"),
            (big, "dpa.txt", "two"),
            (big + b"!", "dpa.txt", "one"),
            (big, "other.txt", "one"),
        )
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 422, 422]
    assert told(answers[1]) == told(answers[0])
    assert Document.objects.get().size == len(big)


def test_an_import_is_brought_once(ask):
    sent = {"Authorization": f"Bearer {ask.token.secret}", "Idempotency-Key": "file"}
    answers = [
        Client().post(
            "/api/v1/imports/", headers=sent, **form(b"name\nBeta\n", "v.csv", boundary, kind="inventory.vendor")
        )
        for boundary in ("one", "two")
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert told(answers[1]) == told(answers[0])
    assert ImportBatch.objects.count() == 1


def test_a_secret_is_told_once_and_kept_nowhere(mona):
    client = Client()
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")

    def make():
        body = json.dumps({"name": "ERP", "password": PASSWORD})
        return client.post(
            "/api/v1/tokens/", body, content_type="application/json", headers={"Idempotency-Key": "token"}
        )

    first, again = make(), make()
    secret = first.json()["secret"]
    assert secret.startswith("ilk_")
    assert again.json() == {name: value for name, value in first.json().items() if name != "secret"}
    assert (again.status_code, again["Idempotency-Replayed"], Token.objects.count()) == (201, "true", 1)
    kept = str(Answer.objects.values().get())
    assert [mark for mark in (secret, PASSWORD) if mark in kept] == []


def test_a_key_is_kept_for_a_day(ask):
    ask(VENDORS, {"name": "Acme"})
    Answer.objects.update(at=timezone.now() - KEPT)
    assert ask(VENDORS, {"name": "Beta"}).status_code == 201
    assert Answer.objects.count() == 1


def test_the_job_forgets_old_answers_and_no_others(ask, ivan):
    now = timezone.now()
    ages = [KEPT + timedelta(seconds=1)] * (BATCH + 5) + [KEPT - timedelta(minutes=1)] * 3
    Answer.objects.bulk_create(
        Answer(user=ivan, door="api", key=str(place), request="x", status=200, at=now - age)
        for place, age in enumerate(ages)
    )
    assert forget(now) == BATCH + 5
    tidy()
    assert Answer.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_client_whose_connection_died_asks_again_and_gets_the_first_answer(ask, live_server):
    """The request is sent whole and the line cut before a byte of the answer is read."""
    host, port = urlsplit(live_server.url).hostname, urlsplit(live_server.url).port
    body = json.dumps({"name": "Acme"}).encode()
    head = (
        f"POST {VENDORS} HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {ask.token.secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: cut\r\n\r\n"
    )
    with socket.create_connection((host, port)) as line:
        line.sendall(head.encode() + body)
    until = time.monotonic() + 10
    while not Answer.objects.exists() and time.monotonic() < until:
        time.sleep(0.05)
    again = ask(VENDORS, {"name": "Acme"}, key="cut")
    assert (again.status_code, again["Idempotency-Replayed"], again.json()["name"]) == (201, "true", "Acme")
    assert Vendor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_at_once_are_one(ask):
    """On SQLite each waits for the one before; on PostgreSQL they may be told that it is still running."""
    barrier, told = Barrier(4), []

    def send():
        barrier.wait(10)
        try:
            told.append(ask(VENDORS, {"name": "Acme"}))
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    done = [answer for answer in told if answer.status_code == 201]
    assert len([answer for answer in done if not answer.has_header("Idempotency-Replayed")]) == 1
    assert {answer.status_code for answer in told} <= ({201, 409} if connection.vendor == "postgresql" else {201})
    assert ({answer.content for answer in done}, Vendor.objects.count()) == ({done[0].content}, 1)


@pytest.mark.django_db(transaction=True)
def test_act_and_answer_are_kept_or_lost_together(ask):
    """A crash at the last moment before the commit leaves neither; the client's repeat does it once."""

    def fall(**_told):
        raise KeyboardInterrupt

    recorded.connect(fall)
    try:
        with pytest.raises(KeyboardInterrupt):
            ask(VENDORS, {"name": "Acme"})
    finally:
        recorded.disconnect(fall)
    assert (Vendor.objects.count(), Answer.objects.count()) == (0, 0)
    assert ask(VENDORS, {"name": "Acme"}).status_code == 201
    assert (Vendor.objects.count(), Answer.objects.count()) == (1, 1)
