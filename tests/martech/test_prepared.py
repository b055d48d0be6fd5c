"""Questions that PostgreSQL plans once for a connection: asked by a name, answered as ever."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import asked
from inventory.filters import Systems
from inventory.models import Integration, System, Vendor
from martech import lists, prepared
from martech.permissions import engine
from martech.questions import question

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@question
def said(user, word, *, vendor):
    """With a word in the statement that a pattern of `%s` or `$1` could be mistaken in."""
    rows = engine.scope(user, System.objects.filter(vendor=vendor)).exclude(name=word)
    return rows.order_by("name").values_list("name")


@pytest.fixture
def acme(mona):
    acme = Vendor.add(by=mona, name="Acme")
    for name in ("Ads", "Shop", "100 %s", "$1"):
        System.add(by=mona, name=name, vendor=acme, business_owner=mona)
    connection.close()
    return acme


def asking(ask):
    """The answer, and the statements in full."""
    with CaptureQueriesContext(connection) as captured:
        told = ask()
    return told, [one["sql"] for one in captured.captured_queries]


def test_what_is_asked_often_is_asked_by_name_with_the_same_answer(acme, mona):
    answers = [asking(lambda: said(mona, "100 %s", vendor=acme.pk)) for _ in range(prepared.OFTEN + 7)]
    assert [told for told, _ in answers] == [[("$1",), ("Ads",), ("Shop",)]] * len(answers)
    named = [[one.startswith("EXECUTE ") for one in sql] for _, sql in answers]
    assert named == [[False]] * (prepared.OFTEN - 1) + [[True]] * 8
    assert said(mona, "$1", vendor=acme.pk) == [("100 %s",), ("Ads",), ("Shop",)]


def test_a_name_answers_each_person_with_what_they_see(acme, mona, ivan):
    shop = System.objects.get(name="Shop")
    secret = System.add(by=ivan, name="Secret", confidential=True, business_owner=ivan)
    Integration.add(by=ivan, source=secret, target=shop)
    for _ in range(prepared.OFTEN + 7):
        flows = [asked.flows(person, key=shop.pk) for person in (ivan, mona)]
        assert [[bool(flow.source_seen) for flow in told] for told in flows] == [[True], [False]]


def test_a_transaction_keeps_to_statements_in_full(acme, mona):
    for _ in range(prepared.OFTEN):
        said(mona, "Ads", vendor=acme.pk)
    with transaction.atomic():
        _, sql = asking(lambda: said(mona, "Ads", vendor=acme.pk))
    assert [one.startswith("SELECT ") for one in sql] == [True]


def test_a_pooler_that_leads_elsewhere_is_noticed(acme, mona):
    *_, expected = (said(mona, "Ads", vendor=acme.pk) for _ in range(prepared.OFTEN))
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    answers = [asking(lambda: said(mona, "Ads", vendor=acme.pk)) for _ in range(2)]
    assert [told for told, _ in answers] == [expected] * 2
    assert not answers[1][1][0].startswith("EXECUTE ")


def test_a_column_of_another_type_is_noticed(acme, mona):
    *_, expected = (asked.replaces(mona, key=acme.pk) for _ in range(prepared.OFTEN))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_system ALTER rationale TYPE varchar(9000)")
    try:
        assert (asked.replaces(mona, key=acme.pk), connection.prepares) == (expected, False)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE inventory_system ALTER rationale TYPE text")


def test_one_connection_has_so_many_names_and_no_more(acme, mona, monkeypatch):
    monkeypatch.setattr(prepared, "MOST", 0)
    for _ in range(prepared.OFTEN + 1):
        told, sql = asking(lambda: said(mona, "Ads", vendor=acme.pk))
    assert (len(told), sql[0].startswith("EXECUTE ")) == (3, False)


def listed(person):
    """Names and number of a page as REST lists it, and whether the list went by name."""
    asked_for = (Systems, *Systems.read(QueryDict(), person))
    (rows, total), sql = asking(lambda: lists.page(System, ("name",), asked_for, person, limit=3))
    return [row["name"] for row in rows], total, sql[-1].startswith("EXECUTE ")


def test_a_list_is_planned_by_its_values_each_time(acme, mona):
    answers = [listed(mona) for _ in range(prepared.OFTEN + 1)]
    assert answers == [(["$1", "100 %s", "Ads"], 4, False)] * len(answers)


def test_two_places_for_one_value_of_which_one_is_less_stay_two(acme, ivan):
    shop = System.objects.get(name="Shop")
    shop.verify(by=ivan)
    System.objects.update(last_verified_on=timezone.localdate() - timedelta(days=30))
    connection.close()
    rows = [lists.one(System, shop.pk, ivan).row for _ in range(prepared.OFTEN + 2)]
    assert rows == rows[:1] * len(rows)


def test_one_record_goes_by_name(acme, mona, ivan):
    shop = System.objects.get(name="Shop")
    rows = [lists.one(System, shop.pk, mona).row for _ in range(prepared.OFTEN)]
    found, sql = asking(lambda: lists.one(System, shop.pk, mona))
    assert (found.row, sql[0].startswith("EXECUTE ")) == (rows[0], True)
    assert lists.one(System, acme.pk + 999_999, mona) is None
