"""The one screen on which what a leaver held finds its successors: names and act in one sending, without script."""

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment, Handover
from inventory.models import System
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def laura(cast):
    return person("member", "Laura Stahl")


@pytest.fixture
def left(cast, laura):
    """Gareth left: his system and a letter are open, Laura stands in for him."""
    gareth = person("member", "Gareth Lomax")
    gareth.change(by=cast.administrator, deputy=laura)
    mail = System.add(by=cast.it, name="Mail", business_owner=gareth)
    System.add(by=cast.it, name="Takeover", technical_owner=gareth, confidential=True)
    operate = Activity.objects.get(code="operate")
    Assignment.add(by=cast.it, system=mail, activity=operate, person=gareth, letter="R", from_on=timezone.localdate())
    gareth.retire(by=cast.administrator)
    return Handover.objects.get(person=gareth), mail


def sent(made, **successors):
    rows = {item.label: item for item in made.items.all()}
    given = {f"successor-{item.pk}": f"{item.successor} ({item.successor.number})" for item in rows.values()}
    named = {f"successor-{rows[label.replace('_', ' ')].pk}": name for label, name in successors.items()}
    return {**given, **named, "version": str(made.version)}


def test_whoever_stands_in_is_named_already(client, cast, left, laura):
    client.force_login(cast.marketing_ops)
    page = client.get(f"/governance/handovers/{left[0].pk}/").content.decode()
    assert page.count(f'value="Laura Stahl ({laura.number})"') == left[0].items.count() == 3


def test_names_and_act_are_one_sending(client, cast, left, laura):
    made, mail = left
    client.force_login(cast.marketing_ops)
    client.post(f"/governance/handovers/{made.pk}/carry-out/", sent(made, business_owner=cast.it.name))
    made.refresh_from_db(), mail.refresh_from_db()
    rows = made.items.order_by("label").values_list("label", "successor", "passed_over")
    assert (made.status, mail.business_owner) == ("accepted", cast.it)
    assert list(rows) == [
        ("business owner", cast.it.pk, False),
        ("responsible", laura.pk, False),
        ("technical owner", laura.pk, False),
    ]


def test_names_can_be_saved_before_it_is_carried_out(client, cast, left):
    made, mail = left
    client.force_login(cast.marketing_ops)
    address = f"/governance/handovers/{made.pk}/carry-out/"
    client.post(address, {**sent(made, business_owner=cast.it.name), "names_only": "1"})
    made.refresh_from_db(), mail.refresh_from_db()
    named = made.items.get(label="business owner").successor
    assert (made.status, named, mail.business_owner.name) == ("proposed", cast.it, "Gareth Lomax")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Nobody Known", "Nothing here is called “Nobody Known”."),
        ("", "Name who has it next."),
        ("Gareth Lomax", "Nothing here is called “Gareth Lomax”."),
    ],
)
def test_bad_input_comes_back_as_it_was_typed_and_nothing_moves(client, cast, left, typed, told):
    made, _ = left
    client.force_login(cast.marketing_ops)
    given = sent(made, business_owner=typed, technical_owner=cast.it.name)
    answer = client.post(f"/governance/handovers/{made.pk}/carry-out/", given)
    page = answer.content.decode()
    assert (answer.status_code, told in page, f'value="{cast.it.name}"' in page) == (422, True, True)
    made.refresh_from_db()
    assert (made.status, made.version, made.items.filter(successor=cast.it.pk).count()) == ("proposed", 1, 0)


def test_who_saw_an_older_one_is_told_and_what_they_typed_stays(client, cast, left):
    made, _ = left
    given = sent(made, technical_owner=cast.it.name)
    made.remark(by=cast.it, note="Wait for Laura.")
    made.assign(by=cast.it, item=made.items.get(label="responsible").pk, successor=cast.it)
    client.force_login(cast.marketing_ops)
    address = f"/governance/handovers/{made.pk}/carry-out/"
    answer = client.post(address, {**given, "version": "1"})
    page = answer.content.decode()
    made.refresh_from_db()
    assert (answer.status_code, f'value="{cast.it.name}"' in page, made.status) == (409, True, "proposed")


def test_what_a_reader_may_not_see_is_a_row_without_a_name(client, cast, left, laura):
    client.force_login(laura)
    page = client.get(f"/governance/handovers/{left[0].pk}/").content.decode()
    assert (page.count("A record you may not see"), "Takeover" in page, "Mail" in page) == (1, False, True)
