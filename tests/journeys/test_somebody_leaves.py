"""A marketer leaves: the same day all they held is seen, named and taken; yesterday still answers with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment, Attestation, Handover
from inventory.models import Integration, System, Vendor
from martech.accounts.models import Function
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def webinars(cast):
    """Gareth runs webinars for demand generation, which Fiona leads; Laura comes in his place."""
    fiona = person("member", "Fiona Garrity")
    team = Function.add(by=cast.administrator, name="Demand generation", head=fiona)
    gareth = person("member", "Gareth Lomax", "gareth@cast.example")
    gareth.change(by=cast.administrator, function=team)
    person("member", "Laura Stahl", "laura@cast.example")
    vendor = Vendor.add(by=cast.it, name="Vantrell", relationship_owner=gareth)
    system = System.add(by=cast.it, name="Webinars", vendor=vendor, business_owner=gareth, owning_function=team)
    crm = System.add(by=cast.it, name="CRM", owning_function=team)
    Integration.add(by=cast.it, source=system, target=crm, owner=gareth)
    since = timezone.localdate() - timedelta(days=30)
    for code, letter, where in (("operate", "A", system), ("operate", "R", system), ("train", "R", crm)):
        step = Activity.objects.get(code=code)
        Assignment.add(by=cast.it, system=where, activity=step, person=gareth, letter=letter, from_on=since)
    due = timezone.localdate() + timedelta(days=9)
    Attestation.add(by=cast.marketing_ops, system=system, person=gareth, due_on=due)
    return system


def test_a_marketer_leaves_and_everything_has_a_successor_the_same_day(client, cast, webinars):
    gareth, today = webinars.business_owner, timezone.localdate()

    # Ada, who keeps people, writes down that Gareth has left.
    client.force_login(cast.administrator)
    client.post(f"/people/{gareth.pk}/retire/", {"note": "Left the company.", "version": str(gareth.version)})
    made = Handover.objects.get()
    assert (str(made), str(made.receiver), made.items.count()) == ("Hand-over of Gareth Lomax", "Fiona Garrity", 7)

    # Fiona opens Interlock: it waits on her home page, and the one screen names her for everything.
    fiona = made.receiver
    client.force_login(fiona)
    assert "Gareth Lomax left: name who has it next" in client.get("/").content.decode()
    page = client.get(f"/governance/handovers/{made.pk}/").content.decode()
    assert page.count(f'value="Fiona Garrity ({fiona.number})"') == 7

    # She types Laura's name into each row and carries it out.
    names = {f"successor-{key}": "Laura Stahl" for key in made.items.values_list("pk", flat=True)}
    client.post(f"/governance/handovers/{made.pk}/carry-out/", {**names, "version": str(made.version)})
    made.refresh_from_db()
    assert (made.status, made.items.filter(passed_over=True).count()) == ("accepted", 0)

    # Nothing is Gareth's any longer: not a letter, a system, an integration, a vendor or a question.
    laura = made.items.first().successor
    webinars.refresh_from_db()
    assert (str(laura), webinars.business_owner, webinars.vendor.relationship_owner) == ("Laura Stahl", laura, laura)
    assert list(Integration.objects.values_list("owner", flat=True)) == [laura.pk]
    assert list(Attestation.objects.open().values_list("person", flat=True)) == [laura.pk]
    standing = Assignment.objects.standing(today).order_by("system__name", "letter")
    assert list(standing.values_list("system__name", "letter", "person__name")) == [
        ("CRM", "R", "Laura Stahl"),
        ("Webinars", "A", "Laura Stahl"),
        ("Webinars", "R", "Laura Stahl"),
    ]

    # The auditor asks who was accountable: yesterday it was Gareth, today it is Laura.
    client.force_login(cast.auditor)

    def accountable(day):
        found = client.get(f"/api/v1/systems/{webinars.pk}/answers/?on={day}").json()
        return [one["name"] for word in found if word["word"] == "accountable" for one in word["people"]]

    assert accountable(today - timedelta(days=1)) == ["Gareth Lomax"]
    assert accountable(today) == ["Laura Stahl"]
