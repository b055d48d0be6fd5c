"""The abuse cases 3 to 24 of the reliability rules, by their numbers, as far as what they attack is built.

Told elsewhere: 6 in tests/martech/test_outbound.py, test_outbound_tls.py and test_webhooks.py (blocked when sent), its
sentence in test_webhooks_rights.py; 9 for webhooks in test_webhooks_secret.py; 12 and 28 in test_workbook.py and
test_reading.py; 14 and 20 to 22 in test_sign_in.py, test_password.py, and 21 for the API in test_throttling.py; 29 in
test_imports_pages.py; 34 also in test_notifications_mail.py; hidden records one by one in test_hidden.py (1, 2); 25 to
40 in test_abuse_input.py; whatever else is bad input in test_bad_input.py.
"""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from inventory.models import System, Vendor
from martech.accounts.models import Token, User
from martech.audit.models import Entry
from martech.files.models import Document
from martech.imports.models import ImportBatch
from martech.inert import unguard
from martech.records.models import SavedView
from tests.house.attacks import addresses, signed_in, tables

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "[x](javascript:alert(1))",
    '<a hx-get="/sign-out/">x</a>',
    "<svg><style>@import'//evil.example'</style></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
)


def sent(client, method, address, body):
    return getattr(client, method)(address, json.dumps(body), **JSON)


@pytest.mark.parametrize(
    "query",
    [
        "ordering=created_by__password",
        "ordering=risk_tier",
        "ordering=password",
        "ordering=-lookup",
        "owner__token__key__gt=a",
        "relationship_owner__password__startswith=p",
        "relationship_owner__email__icontains=a",
        "lookup=x",
        "name_key=x",
        "fields=password",
        "fields=lookup",
        "fields=name_key",
        "fields=digest",
        "id__in=1",
        "pk=1",
        "_method=DELETE",
        "name__regex=a",
    ],
)
def test_case_03_what_may_be_asked_is_a_list(world, cast, query):
    """Unknown parameters, fields and orders are refused, and nothing is filtered by them."""
    client = signed_in(cast.member)
    assert client.get(f"/api/v1/vendors/?{query}").status_code == 400
    assert client.get(f"/api/v1/people/?{query}").status_code == 400
    if not query.startswith("fields"):
        assert client.get(f"/inventory/vendors/?{query}").status_code == 422


@pytest.mark.parametrize(
    "field",
    [
        "is_superuser",
        "role",
        "roles",
        "groups",
        "team",
        "is_active",
        "password",
        "theme",
        "version",
        "created_at",
        "origin",
        "retired_at",
        "id",
        "number",
        "lookup",
        "verbs",
    ],
)
def test_case_04_fields_nobody_may_set_are_refused(world, cast, field):
    for person, address in (
        (cast.member, f"/api/v1/people/{cast.member.pk}/"),
        (cast.administrator, f"/api/v1/people/{cast.administrator.pk}/"),
        (cast.it, f"/api/v1/vendors/{world['inventory.vendor'].pk}/"),
    ):
        client, before = signed_in(person), tables()
        answer = sent(client, "patch", address, {field: "administrator"})
        assert answer.status_code == (403 if person is cast.member else 400), address
        assert tables() == before


def test_case_04_states_and_own_rights_move_by_nobodys_wish(world, cast):
    system, it, ada = world["inventory.system"], signed_in(cast.it), signed_in(cast.administrator)
    keeper, before = cast.member.pk, tables()
    answers = [
        sent(it, "patch", f"/api/v1/systems/{system.pk}/", {"lifecycle": "live"}).status_code,
        sent(
            it, "patch", f"/api/v1/systems/{system.pk}/", {"live_on": "2020-01-01", "last_verified_on": "2020-01-01"}
        ).status_code,
        sent(ada, "post", f"/api/v1/people/{cast.administrator.pk}/grant/", {"role": "it"}).status_code,
        sent(it, "post", f"/api/v1/people/{cast.it.pk}/grant/", {"role": "administrator"}).status_code,
        sent(
            it, "post", "/api/v1/saved-views/", {"name": "x", "page": "inventory.system", "owner": keeper}
        ).status_code,
    ]
    assert (answers, tables() == before) == ([400, 400, 403, 403, 400], True)


@pytest.mark.parametrize("text", PAYLOADS)
def test_case_07_script_is_shown_as_typed_and_does_nothing(cast, text):
    system = System.add(by=cast.it, name=text, description=text, business_owner=cast.member, residency=text[:80])
    system.remark(by=cast.it, note=text)
    Vendor.add(by=cast.it, name=text, aliases=[text], categories=[text])
    Document.add(by=cast.it, subject=system, content=io.BytesIO(b"x"), name=text, note=text)
    SavedView.add(by=cast.it, name=text[:80], page="inventory.system", query=text, owner=cast.it, shared=True)
    client = signed_in(cast.it)
    for address in (
        f"/inventory/systems/{system.pk}/",
        f"/inventory/systems/{system.pk}/change/",
        "/inventory/systems/",
        "/trail/",
        "/",
        f"/inventory/systems/?name={text}&view={text}&columns={text}",
        f"/search/?q={text}",
        f"/inventory/systems/like/?name={text}",
        "/inventory/vendors/",
        f"/inventory/systems/new/?name={text}&vendor={text}",
    ):
        answer = client.get(address)
        html = answer.content.decode()
        assert text not in html or "<" not in text, address
        assert 'href="javascript:' not in html, address
        assert "script-src" not in answer["Content-Security-Policy"], "scripts come from ourselves alone"
        assert "unsafe" not in answer["Content-Security-Policy"]
    assert sent(client, "post", "/api/v1/vendors/", {"name": "x", "website": "javascript:alert(1)"}).status_code == 400


def test_case_09_secrets_are_in_no_answer(world, cast):
    token = Token.add(by=cast.it, name="Marked")
    cast.it.set_password("planted quiet marker")
    cast.it.save(update_fields=["password"])
    hash_of_it = User.objects.get(pk=cast.it.pk).password
    client = signed_in(cast.it)
    marks = [token.secret, token.digest, hash_of_it, settings.SECRET_KEY, client.session.session_key, "ilk_"]
    found = []
    for address in addresses(world):
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = body.decode(errors="replace") + str(dict(answer.headers))
        found += [(address, mark) for mark in marks[:-1] if mark in told]
        if "ilk_" in told and token.prefix not in told and "token" not in address and address != "/styleguide/":
            found.append((address, "ilk_"))
    assert found == []
    everything = str(list(Entry.objects.values()))
    assert [mark for mark in marks[:3] if mark in everything] == []


OPENERS = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1", "\uff1d1+1", "'=1", "\u200b=1")


def test_case_11_no_cell_of_an_export_is_a_formula_and_all_come_back(cast):
    for number, opener in enumerate(OPENERS):
        Vendor.add(by=cast.it, name=f"Vendor {number}", description=opener, risk_note=opener)
    client = signed_in(cast.it)
    query = "?columns=description,risk_note"
    text = b"".join(client.get(f"/inventory/vendors/export/csv/{query}").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    kept = dict(Vendor.objects.values_list("name", "description"))
    assert {row["name"]: unguard(row["description"]) for row in rows} == kept
    assert [row["description"] for row in rows if not row["description"].startswith("'")] == []
    rest = b"".join(
        client.get("/api/v1/vendors/?format=csv&fields=name,description,risk_note").streaming_content
    ).decode()
    assert list(csv.DictReader(io.StringIO(rest, newline=""))) == [
        {k: v for k, v in row.items() if k != "id"} for row in rows
    ]
    book = b"".join(client.get(f"/inventory/vendors/export/xlsx/{query}").streaming_content)
    cells = [cell for line in load_workbook(io.BytesIO(book)).active.iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    for content, name in ((text.encode(), "list.csv"), (book, "list.xlsx")):
        batch = ImportBatch.add(by=cast.it, kind="inventory.vendor", file_name=name, content=content)
        told = batch.preview(by=cast.it).counts
        assert (told["unchanged"], told["error"]) == (len(OPENERS), 0)


def test_case_13_another_site_can_post_nothing(world, cast):
    client = signed_in(cast.it, enforce_csrf_checks=True)
    before, let_through = tables(), []
    for address in addresses(world):
        for method, extra in (("post", {}), ("post", {"content_type": "text/plain"}), ("patch", JSON)):
            status = getattr(client, method)(address, "{}" if extra else {"a": "b"}, **extra).status_code
            if status not in {403, 404, 405, 415}:
                let_through.append((method, address, status))
    assert let_through == []
    assert tables() == before


def test_case_13_no_get_changes_anything(world, cast):
    clients = [signed_in(cast.it), signed_in(cast.administrator)]
    before, asked = tables(), 0
    for _ in range(2):
        for client in clients:
            for address in addresses(world):
                answer = client.get(address)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                assert answer.status_code < 500, address
                asked += 1
    assert asked > 600
    assert tables() == before


def test_case_15_a_stale_edit_shows_both_values_and_writes_nothing(world, cast):
    vendor, client = world["inventory.vendor"], signed_in(cast.it)
    form = {"name": "Acme", "version": vendor.version, "description": "Mine", "status": "known", "risk_tier": "unrated"}
    vendor.change(by=cast.marketing_ops, description="Theirs")
    before = tables()
    page = client.post(f"/inventory/vendors/{vendor.pk}/change/", {**form, "website": "https://acme.example"})
    rest = client.patch(f"/api/v1/vendors/{vendor.pk}/", '{"description": "Mine"}', headers={"If-Match": '"1"'}, **JSON)
    assert (page.status_code, rest.status_code) == (409, 412)
    assert all(text in page.content.decode() for text in ("Mine", "Theirs"))
    assert rest.json()["conflicts"] == {"description": ["Theirs", "Mine"]}
    told = [
        client.patch(f"/api/v1/vendors/{vendor.pk}/", "{}", headers={"If-Match": tag}, **JSON).status_code
        for tag in ("x", '"-1"', '"' + "9" * 40 + '"', 'W/"1"')
    ]
    assert told == [412] * 4
    assert [getattr(client, method)(f"/api/v1/vendors/{vendor.pk}/").status_code for method in ("put", "delete")] == [
        405
    ] * 2
    assert tables() == before


def test_case_18_the_trail_has_no_door_and_the_database_refuses(world, cast):
    entry, client = Entry.objects.first(), signed_in(cast.administrator)
    before = tables()
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)("/api/v1/entries/", "{}", **JSON).status_code == 405
        assert getattr(client, method)(f"/api/v1/entries/{entry.pk}/", "{}", **JSON).status_code == 404
        assert getattr(client, method)("/trail/").status_code == 405
    for change in (
        lambda: Entry.objects.filter(pk=entry.pk).update(note="x"),
        lambda: Entry.objects.filter(pk=entry.pk).delete(),
        lambda: connection.cursor().execute("UPDATE audit_entry SET note = 'x'"),
        lambda: connection.cursor().execute("DELETE FROM audit_entry"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert tables() == before


def test_case_19_a_bulk_change_is_for_all_or_nobody(cast):
    seen = [System.add(by=cast.it, name=f"S {n}", technical_owner=cast.member) for n in range(40)]
    other = System.add(by=cast.it, name="Somebody else's")
    hidden = System.add(by=cast.it, name="Heron", confidential=True, technical_owner=cast.it)
    client, before = signed_in(cast.member), tables()
    form = {"field": "description", "mode": "set", "description": "x", "confirm": "1"}
    keys = [one.pk for one in (*seen, other, hidden)]
    refused = client.post("/inventory/systems/bulk/", {**form, "key": keys})
    assert (refused.status_code, "Heron" in refused.content.decode(), tables() == before) == (403, False, True)
    many = client.post("/inventory/systems/bulk/", {**form, "key": range(1, 1001)}, follow=True)
    assert "Choose at most 500 at once" in many.content.decode()
    assert tables() == before
    preview = client.post("/inventory/systems/bulk/", {**form, "key": [hidden.pk, seen[0].pk], "confirm": ""})
    assert "Heron" not in preview.content.decode()
    client.post("/inventory/systems/bulk/", {**form, "key": [hidden.pk, seen[0].pk]})
    hidden.refresh_from_db()
    assert (hidden.description, System.objects.get(pk=seen[0].pk).description) == ("", "x")


def test_case_24_a_token_is_no_more_than_its_holder(world, cast):
    reading = Token.add(by=cast.it, name="Reads")
    writing = Token.add(by=cast.member, name="Writes", write=True)
    left = Token.add(by=cast.marketing_ops, name="Soon nobody's", write=True)

    def call(token, method="get", address="/api/v1/vendors/", body=None):
        bearer = {"headers": {"Authorization": f"Bearer {token.secret}"}}
        return getattr(Client(), method)(address, body and json.dumps(body), **JSON, **bearer).status_code

    assert [call(one) for one in (reading, writing, left)] == [200] * 3
    before = tables()
    assert [call(one, "post", body={"name": "Gamma"}) for one in (reading, writing)] == [403] * 2
    assert tables() == before
    assert Client().get(f"/api/v1/vendors/?token={reading.secret}").status_code in {400, 401}
    cast.marketing_ops.revoke(by=cast.administrator, role="marketing_ops")
    assert call(left, "post", body={"name": "Gamma"}) == 403
    Token.objects.filter(pk=reading.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    assert call(reading) == 401
