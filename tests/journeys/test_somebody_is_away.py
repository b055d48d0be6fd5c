"""Somebody goes on holiday: their deputy answers what they are asked, both names stand on record, and nothing waits."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment, Consultation, StandIn
from inventory.models import System
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(cast):
    """The till is critical; Fiona is consulted about it, and Ivan is accountable."""
    fiona = person("member", "Fiona Garrity")
    person("member", "Kofi Mensah", "kofi@cast.example")
    made = System.add(by=cast.it, name="Till", criticality="critical", lifecycle="live", business_owner=cast.it)
    operate = Activity.objects.get(code="operate")
    for letter, one in (("C", fiona), ("A", cast.it)):
        Assignment.add(by=cast.it, system=made, activity=operate, person=one, letter=letter, from_on=date(2026, 1, 1))
    return made


def send(client, address, **fields):
    """Open a form, fill it in and send it, as somebody would."""
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(version|once)" value="([^"]*)"', page))
    return client.post(address, {**hidden, **fields})


def test_a_holiday(client, cast, till):
    operate = Assignment.objects.get(letter="C")
    fiona, today = operate.person, timezone.localdate()
    friday = today + timedelta(days=4)

    # Fiona opens her deputies from the account menu, and names Kofi until the end of her holiday.
    client.force_login(fiona)
    home = client.get("/").content.decode()
    assert '<a class="menu-item" href="/me/deputies/">' in home
    mine = client.get("/me/deputies/").content.decode()
    assert "Nobody stands in for you" in mine
    form = f"/governance/stand-ins/new/?person={fiona.pk}"
    assert f'href="{form}"' in mine
    send(client, form, person=fiona.number, deputy="Kofi Mensah", covers="everything", from_on="", to_on=str(friday))
    made = StandIn.objects.get()
    assert (str(made.deputy), made.from_on, made.to_on) == ("Kofi Mensah", today, friday)

    # Mona asks those consulted whether the till may be retired: the question reaches Kofi too.
    Consultation.add(by=cast.marketing_ops, system=till, verb="retire", reason="The new one is there.")
    put = Consultation.objects.get()
    client.force_login(made.deputy)
    home = client.get("/").content.decode()
    assert "You stand in for" in home
    assert "Mona Marketing asks for an answer in place of Fiona Garrity by" in home
    assert "Mona Marketing puts to you: Till: retire it." in client.get("/inbox/").content.decode()

    # He objects; the page of the consultation and its timeline tell both names.
    send(client, f"/governance/consultations/{put.pk}/object/", note="The shops still count with it.")
    page = client.get(f"/governance/consultations/{put.pk}/").content.decode()
    assert "by Kofi Mensah, in their place" in page
    assert "objected to Till: retire it in place of Fiona Garrity" in page

    # Fiona is back a day early, ends it, and says something else herself: her own word counts.
    client.force_login(fiona)
    send(client, f"/governance/stand-ins/{made.pk}/end/", note="Back already.")
    assert nobody_stands_in(fiona)
    send(client, f"/governance/consultations/{put.pk}/agree/", note="The shops have the new one since Monday.")
    put.refresh_from_db()
    assert (put.status, put.opinions.get().told) == (
        "clear",
        "Fiona Garrity agrees: The shops have the new one since Monday.",
    )

    # The auditor reads both in the trail, over REST.
    client.force_login(cast.auditor)
    told = client.get(f"/api/v1/entries/?kind=governance.consultation&key={put.pk}").json()["results"]
    said = [(one["verb"], one["by_name"], (one["changes"].get("instead_of") or [None, None])[1]) for one in told]
    assert said == [
        ("agree", "Fiona Garrity", None),
        ("object", "Kofi Mensah", {"id": fiona.pk, "text": "Fiona Garrity"}),
        ("add", "Mona Marketing", None),
    ]


def nobody_stands_in(fiona):
    return not StandIn.objects.valid(timezone.localdate()).filter(person=fiona).exists()
