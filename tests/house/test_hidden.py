"""Abuse cases 1 and 2: what a person may not see is, at every door, the same as what never was. And fields likewise."""

import io
import json

import pytest

from inventory.models import Assurance, DataObject, DataSource, Integration, System, Vendor
from martech.audit.models import Entry
from martech.files.models import Document
from martech.notifications.models import Notice
from martech.permissions import engine
from martech.records.models import Follow, SavedView
from tests.house.attacks import kinds, signed_in, tables

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
NEVER = 999_999
NAME = "Heron"


@pytest.fixture
def hidden(world, cast):
    """What hangs on a confidential system that marketing operations and members do not see, by kind."""
    ivan = cast.it
    heron = System.add(by=ivan, name=NAME, aliases=[f"{NAME} Two"], confidential=True, technical_owner=ivan)
    heron.remark(by=ivan, note=f"{NAME} is secret")
    world["inventory.system"].change(by=ivan, target_system=heron)
    shop = System.objects.get(name="Shop")
    made = [
        heron,
        Integration.add(by=ivan, source=heron, target=shop, owner=ivan, status="degraded"),
        DataSource.add(by=ivan, data_object=world["inventory.dataobject"], system=heron),
        Assurance.add(by=ivan, kind="soc2", system=heron, expires_on="2026-01-01"),
        Document.add(by=ivan, subject=heron, content=io.BytesIO(b"Heron content"), name=f"{NAME}.txt", note=NAME),
    ]
    DataObject.add(by=ivan, name="Consent", authoritative_source=heron)
    return {record._meta.label_lower: record for record in made}


def body(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")


@pytest.mark.parametrize("role", ["marketing_ops", "member", "administrator"])
def test_case_01_a_hidden_record_is_one_that_never_was(hidden, cast, role):
    """Every address below a record, with every method, answers as for an id that never was, and changes nothing."""
    client, before, told = signed_in(cast[role]), tables(), []
    for label, record in hidden.items():
        page, rest = kinds()[label]
        verbs = ["change", "follow", "unfollow", *(verb for verb in record.OPERATIONS if verb not in {"add", "change"})]
        ends = ["", *(f"{verb}/" for verb in verbs)]
        tries = [
            (method, f"/api/v1/{rest.path}/{{}}/{end}") for end in ends for method in ("get", "post", "patch", "delete")
        ]
        if page is not None:
            ends = ["", "documents/", *(f"{verb.replace('_', '-')}/" for verb in verbs)]
            tries += [(method, f"/{page.path}/{{}}/{end}") for end in ends for method in ("get", "post")]
        for method, address in tries:
            sent = {"data": "{}", **JSON} if address.startswith("/api/") and method != "get" else {}
            one, none = (getattr(client, method)(address.format(key), **sent) for key in (record.pk, NEVER))
            same = (one.status_code, body(one)) == (none.status_code, body(none)) or address.startswith(
                ("/inv", "/fun")
            )
            if one.status_code not in {404, 405, 415} or one.status_code != none.status_code or not same:
                told.append((method, address, one.status_code, none.status_code))
    assert told == []
    assert client.get(f"/documents/{hidden['files.document'].pk}/content/").status_code == 404
    assert tables() == before


def test_case_01_no_list_search_or_story_names_what_is_hidden(hidden, cast):
    """Its name is on no page, in no export, no suggestion, no count and no story, of whoever does not see it."""
    keys = {label: record.pk for label, record in hidden.items()}
    for role in ("marketing_ops", "member"):
        client, found = signed_in(cast[role]), []
        addresses = [
            "/",
            "/trail/",
            "/inventory/meetings/",
            "/governance/matrix/",
            "/governance/matrix/?letter=R",
            "/governance/matrix/csv/?retired=all",
            "/inbox/",
            "/api/v1/entries/?limit=1000",
            "/api/v1/changes/?limit=1000",
            "/api/v1/comments/",
            "/api/v1/notices/",
            "/api/v1/systems/1/impact/",
            f"/people/{cast.it.pk}/",
            "/inventory/systems/like/?name=Heron",
        ]
        for label, (page, rest) in kinds().items():
            key = keys.get("inventory.system")
            addresses += [f"/suggest/{label}/?q=Heron", f"/suggest/{label}/?q="]
            if page is not None:
                addresses += [f"/{page.path}/", f"/{page.path}/?q=Heron", f"/{page.path}/export/csv/?retired=all"]
                addresses += [f"/{page.path}/{record.pk}/" for record in page.model._base_manager.all()[:4]]
            addresses += [f"/api/v1/{rest.path}/?retired=all", f"/api/v1/{rest.path}/?format=csv"]
            for field in ("system", "source", "target", "target_system", "authoritative_source"):
                if field in rest.filterset_class.base_filters:
                    addresses += [f"/{page.path}/?{field}={key}"]
        for address in addresses:
            answer = client.get(address)
            text = body(answer).replace("q=Heron", "").replace('value="Heron"', "").replace("“Heron”", "")
            if NAME in text.replace("Nothing here is called Heron", ""):
                found.append(address)
        assert found == []
        searched = client.get("/search/?q=Heron")
        assert searched.context["found"].empty
        rows = client.get("/api/v1/systems/?retired=all&limit=1000").json()
        assert (rows["count"], keys["inventory.system"] in {row["id"] for row in rows["results"]}) == (
            len(rows["results"]),
            False,
        )


def test_case_01_a_reference_to_what_is_hidden_is_told_as_nothing(hidden, world, cast):
    mona, mail = signed_in(cast.marketing_ops), world["inventory.system"]
    assert mona.get(f"/api/v1/systems/{mail.pk}/").json()["target_system"] is None
    flow = Integration.add(by=cast.it, source=hidden["inventory.system"], target=mail)
    kept = DataSource.add(
        by=cast.it, data_object=DataObject.objects.get(name="Consent"), system=flow.source, steward=cast.member
    )
    assert (flow.name, kept.name) == ("A confidential system to Mail", "Consent in a confidential system")
    assert NAME not in body(mona.get(f"/inventory/integrations/{flow.pk}/"))
    assert NAME not in body(signed_in(cast.member).get(f"/inventory/data-sources/{kept.pk}/"))
    preview = {"key": mail.pk, "field": "target_system", "mode": "clear"}
    assert NAME not in body(mona.post("/inventory/systems/bulk/", preview))
    assert NAME not in body(mona.get(f"/inventory/systems/{mail.pk}/change/"))
    assert mona.get("/api/v1/data-objects/?name=Consent").json()["results"][0]["authoritative_source"] is None


@pytest.mark.parametrize("key", ["pk", "number"])
def test_case_02_a_body_that_names_what_is_hidden_hears_what_a_made_up_one_hears(hidden, world, cast, key):
    heron, mail = hidden["inventory.system"], world["inventory.system"]
    name = {"pk": (heron.pk, NEVER), "number": (heron.number, f"SYS-{NEVER}")}[key]
    client, before = signed_in(cast.marketing_ops), tables()
    for address, field, rest in (
        ("assurances/", "system", {"kind": "dpa"}),
        ("integrations/", "source", {"target": mail.pk}),
        ("integrations/", "target", {"source": mail.pk}),
        ("data-sources/", "system", {"data_object": world["inventory.dataobject"].pk}),
        ("data-objects/", "authoritative_source", {"name": "New"}),
        ("systems/", "target_system", {"name": "New"}),
    ):
        there, never = (client.post(f"/api/v1/{address}", json.dumps({**rest, field: one}), **JSON) for one in name)
        assert (there.status_code, there.json()) == (never.status_code, never.json())
        assert there.status_code == 400
        nested = client.post(f"/api/v1/{address}", json.dumps({**rest, field: {"name": NAME}}), **JSON)
        assert nested.status_code == 400
        page = kinds()[
            {"assurances/": "inventory.assurance", "integrations/": "inventory.integration"}.get(
                address, "inventory.system"
            )
        ][0]
        typed = [
            client.post(f"/{page.path}/new/", {"name": "x", **rest, field: one}) for one in (NAME, *map(str, name))
        ]
        assert [one.status_code for one in typed] == [422] * 3
        assert not any(f"({heron.number})" in body(one) for one in typed)
    assert tables() == before


def test_case_02_a_document_or_view_is_put_on_nothing_hidden(hidden, cast):
    heron, client = hidden["inventory.system"], signed_in(cast.marketing_ops)
    before = tables()
    told = [
        client.post("/api/v1/documents/", {"kind": kind, "key": key, "content": io.BytesIO(b"x")})
        for kind, key in (
            ("inventory.system", heron.pk),
            ("inventory.system", NEVER),
            ("no.kind", 1),
            ("auth.group", 1),
        )
    ]
    assert [one.status_code for one in told] == [400] * 4
    assert len({one.content for one in told}) == 1
    assert tables() == before


# Fields that not everybody sees: a member who keeps one vendor sees the risk of that one


@pytest.fixture
def vendors(cast):
    """(a vendor whose risk the member does not see, one that the member keeps)."""
    closed = Vendor.add(by=cast.it, name="Closed", risk_tier="critical", risk_note="Kestrel breach")
    own = Vendor.add(by=cast.it, name="Own", risk_tier="high", risk_note="Own note", relationship_owner=cast.member)
    closed.change(by=cast.it, risk_tier="high", risk_note="Kestrel again")
    return closed, own


def test_a_field_of_a_group_is_hidden_wherever_a_record_is_shown(vendors, cast):
    closed, own = vendors
    client = signed_in(cast.member)
    addresses = [
        f"/inventory/vendors/{closed.pk}/",
        "/inventory/vendors/?columns=risk_tier,risk_note",
        "/trail/",
        "/",
        "/search/?q=Kestrel",
        "/inventory/vendors/export/csv/?columns=risk_tier,risk_note",
        "/api/v1/vendors/?fields=risk_tier,risk_note,name",
        f"/api/v1/vendors/{closed.pk}/",
        "/api/v1/entries/",
        "/api/v1/changes/",
        "/api/v1/vendors/?format=csv",
        "/inventory/vendors/?q=Kestrel",
    ]
    told = {address: body(client.get(address)) for address in addresses}
    assert [
        address
        for address, text in told.items()
        if "Kestrel" in text.replace("q=Kestrel", "").replace('value="Kestrel"', "").replace("“Kestrel”", "")
    ] == []
    rows = client.get("/api/v1/vendors/?fields=risk_tier,name").json()["results"]
    assert {row["name"]: row["risk_tier"] for row in rows} == {"Closed": None, "Own": "high"}
    entries = client.get("/api/v1/entries/?kind=inventory.vendor").json()["results"]
    assert {one["text"] for one in entries if "risk_tier" in one["changes"]} == {"Own"}
    assert "Own note" in body(client.get(f"/inventory/vendors/{own.pk}/"))


def test_a_field_of_a_group_is_no_way_to_filter_or_order(vendors, cast):
    client = signed_in(cast.member)
    for query, names in (
        ("risk_tier=high", ["Own"]),
        ("risk_tier=critical,unrated,low,medium", []),
        ("risk_tier__isnull=true", []),
    ):
        rows = client.get(f"/api/v1/vendors/?{query}").json()["results"]
        assert [row["name"] for row in rows] == names
        assert client.get(f"/inventory/vendors/?{query}").context["listing"].total == len(names)
    for order in ("risk_tier", "-risk_tier", "risk_note"):
        assert client.get(f"/api/v1/vendors/?ordering={order}").status_code == 400
    assert client.get("/api/v1/vendors/?risk_note__icontains=Kestrel").status_code == 400
    view = SavedView.add(
        by=cast.it, name="Risky", page="inventory.vendor", query="risk_tier=high", owner=cast.it, shared=True
    )
    assert client.get(f"/inventory/vendors/?{view.query}&view={view.pk}").context["listing"].total == 1


def test_a_field_of_a_group_is_set_by_nobody_who_does_not_see_it(vendors, cast):
    closed, _ = vendors
    client, before = signed_in(cast.member), tables()
    answers = [
        client.patch(f"/api/v1/vendors/{closed.pk}/", '{"risk_tier": "low"}', **JSON).status_code,
        client.post("/api/v1/vendors/", '{"name": "x", "risk_tier": "low"}', **JSON).status_code,
        client.post(
            f"/inventory/vendors/{closed.pk}/change/", {"name": "Closed", "risk_tier": "low", "version": 2}
        ).status_code,
        client.post(
            "/inventory/vendors/bulk/",
            {"key": closed.pk, "field": "risk_tier", "mode": "set", "risk_tier": "low", "confirm": 1},
        ).status_code,
    ]
    assert (answers, tables() == before) == ([403] * 4, True)
    preview = client.post(
        "/inventory/vendors/bulk/", {"key": closed.pk, "field": "risk_note", "mode": "add", "risk_note": "x"}
    )
    assert "Kestrel" not in body(preview)


def test_a_field_of_a_group_is_in_no_notice(vendors, cast):
    closed, _ = vendors
    Follow.begin(closed, cast.member)
    closed.change(by=cast.it, risk_note="Kestrel once more", risk_tier="low")
    closed.change(by=cast.it, description="Lamps", risk_tier="medium")
    told = [one.sentence.lower() for one in Notice.objects.for_(cast.member)]
    assert [one for one in told if "risk" in one or "kestrel" in one] == []
    assert engine.may(cast.member, "inventory.view_risk", closed) is False
    assert Entry.objects.filter(key=closed.pk, kind="inventory.vendor").count() == 4
