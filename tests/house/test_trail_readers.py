"""What reads the trail tells no row, name or count of hidden records, nor that they are hidden and not missing."""

import base64
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import System, Vendor
from martech.audit.context import through
from martech.audit.models import Entry
from martech.operations import acting
from tests.house.attacks import signed_in

pytestmark = pytest.mark.django_db
NEVER = 999_999
READERS = ("/api/v1/entries/", "/api/v1/comments/", "/trail/")


@pytest.fixture
def heron(ivan):
    """A confidential system with a trail and a comment."""
    heron = System.add(by=ivan, name="Heron", confidential=True)
    heron.remark(by=ivan, note="Heron is secret")
    heron.change(by=ivan, description="Heron again")
    return heron


def asked(client, address, **query):
    """Status, body and number of statements of an answer."""
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(address, query)
    text = re.sub(r"\b[A-Za-z0-9]{64}\b", "token", answer.content.decode())
    for value in query.values():
        text = text.replace(f'"{value}"', '"…"')
    return answer.status_code, text, len(statements)


def test_the_trail_of_a_hidden_record_is_that_of_one_that_never_was(heron, mia):
    client = signed_in(mia)
    client.get("/trail/")
    for address in READERS:
        told = [asked(client, address, kind="inventory.system", key=key) for key in (heron.pk, NEVER)]
        assert (told[0], "Heron" in told[0][1]) == (told[1], False), address
    acts = Entry.objects.filter(kind="inventory.system", key=heron.pk).values_list("act", flat=True)
    told = [asked(client, "/trail/", act=act) for act in (*acts, "00000000-0000-0000-0000-000000000000")]
    assert len(set(told)) == 1


@pytest.mark.parametrize("address", [*READERS[:2], "/api/v1/changes/"])
def test_no_count_and_no_page_grows_with_what_is_hidden(heron, ivan, mia, address):
    acme = Vendor.add(by=ivan, name="Acme")
    acme.remark(by=ivan, note="Open")
    client = signed_in(mia)

    def told():
        answer = client.get(address, {"limit": 2}).json()
        return [answer.get(name) for name in ("count", "next" if "count" in answer else "more", "results")]

    before = told()
    for number in range(60):
        heron.remark(by=ivan, note=f"{number}")
        heron.change(by=ivan, description=f"{number}")
    assert told() == before
    assert b'rel="next"' not in client.get("/trail/").content


def test_an_act_on_many_records_shows_those_one_sees(heron, ivan, mia):
    with acting(ivan) as act:
        heron.change(by=ivan, description="Both")
        Vendor.add(by=ivan, name="Acme")
    client = signed_in(mia)
    days = client.get("/trail/", {"act": str(act.id)}).context["days"]
    assert [line.sentence for _, lines in days for line, _ in lines] == ["added Acme"]


def test_the_trail_of_one_import_is_shown_and_whatever_else_is_asked_for_is_nothing(heron, ivan, mia):
    with through("import", origin="IMP-7"):
        Vendor.add(by=ivan, name="Acme")
        heron.change(by=ivan, description="Imported")
    client = signed_in(mia)
    for asked_for, expected in (
        ({"origin": "IMP-7"}, ["added Acme"]),
        ({"origin": "IMP-8"}, []),
        ({"act": "x' OR 1=1 --"}, []),
    ):
        days = client.get("/trail/", asked_for).context["days"]
        assert [line.sentence for _, lines in days for line, _ in lines] == expected


def forged(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_forged_cursor_leads_to_nothing_hidden(heron, ivan, mia):
    """A place is no secret and no key: whatever one writes there, the same is seen."""
    Vendor.add(by=ivan, name="Acme")
    hidden = list(Entry.objects.filter(kind="inventory.system").values_list("pk", flat=True))
    client = signed_in(mia)
    for place in (0, *hidden, max(hidden) - 1):
        for address, name, walk in (
            ("/api/v1/entries/", "cursor", "id"),
            ("/api/v1/comments/", "cursor", "id"),
            ("/api/v1/changes/", "since", "change"),
        ):
            answer = client.get(address, {name: forged(f"{walk}:{place}")})
            assert (answer.status_code, "Heron" in answer.content.decode()) == (200, False), address
    for broken in ("id:-1", "id:1.0", "id: 1", "id:01", "id:" + "9" * 19, "pk:1", "id:1;id:2", "change:1", "\u0661"):
        errors = client.get("/api/v1/entries/", {"cursor": forged(broken)}).json()["errors"]
        assert errors == {"cursor": ["This cursor is none of ours."]}
    assert client.get("/api/v1/entries/", {"cursor": forged("id:1") + "!"}).status_code == 400


def test_who_follows_from_before_a_record_was_hidden_learns_nothing_of_it_after(ivan, mia):
    """Not the name, not that it is hidden now: only silence."""
    client = signed_in(mia)
    since = client.get("/api/v1/changes/", {"since": "now"}).json()["next"]
    shop = System.add(by=ivan, name="Shop")
    mail = System.add(by=ivan, name="Mail", target_system=shop)
    mail.remark(by=ivan, note="Moves to the shop")
    shop.change(by=ivan, confidential=True, name="Heron")
    told = client.get("/api/v1/changes/", {"since": since}).json()["results"]
    assert [(one["verb"], one["name"]) for one in told] == [("add", "Mail")]
    assert told[0]["changed"]["target_system"] == [None, {"id": None, "text": "a record you do not see"}]
    texts = [client.get(address).content.decode() for address in (*READERS, f"/inventory/systems/{mail.pk}/")]
    assert [("Shop" in text, "Heron" in text) for text in texts] == [(False, False)] * 4


def test_statements_do_not_tell_hidden_references_from_open_ones(ivan, mia):
    client, counts = signed_in(mia), []
    client.get("/trail/")
    for confidential in (False, True):
        end = System.add(by=ivan, name=f"End {confidential}")
        System.add(by=ivan, name=f"Begin {confidential}", target_system=end)
        end.change(by=ivan, confidential=confidential, description="Set")
        counts.append(
            [
                asked(client, address, kind="inventory.system")[2]
                for address in ("/api/v1/entries/", "/api/v1/changes/", "/trail/")
            ]
        )
    assert counts[0] == counts[1]
