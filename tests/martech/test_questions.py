"""Questions compiled once: the answers are those of the queryset, for whoever asks."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from inventory import asked, reports
from inventory.models import Integration, System, Vendor
from martech import export
from martech.permissions import engine
from martech.questions import question


@question
def of_vendor(user, order, *, vendor):
    rows = engine.scope(user, System.objects.filter(vendor=vendor)).select_related("vendor", "business_owner")
    return rows.order_by(order)


@pytest.mark.django_db
def test_the_same_sql_answers_each_person_with_what_they_see(mona, ivan, cast):
    vendors = [Vendor.add(by=mona, name=name) for name in ("Acme", "Norrland")]
    shown = System.add(by=mona, name="Open", vendor=vendors[0])
    hidden = System.add(by=mona, name="Hidden", vendor=vendors[0], confidential=True, business_owner=ivan)
    for person, key, expected in (
        (mona, vendors[0].pk, [shown]),
        (ivan, vendors[0].pk, [hidden, shown]),
        (cast.steering, vendors[0].pk, [hidden, shown]),
        (ivan, vendors[1].pk, []),
    ):
        told = of_vendor(person, "name", vendor=key)
        assert [(one, one.vendor, one.business_owner) for one in told] == [
            (one, one.vendor, one.business_owner) for one in expected
        ]
    assert of_vendor(ivan, "-name", vendor=vendors[0].pk) == [shown, hidden]


@pytest.mark.django_db
def test_a_role_taken_away_changes_the_question(oskar, ada, mona):
    vendor = Vendor.add(by=mona, name="Acme")
    system = System.add(by=mona, name="Open", vendor=vendor)
    Group.objects.get_or_create(name="it")
    told = [of_vendor(oskar, "name", vendor=vendor.pk)]
    oskar.grant(by=ada, role="it")
    told.append(of_vendor(oskar, "name", vendor=vendor.pk))
    oskar.revoke(by=ada, role="it")
    assert [*told, of_vendor(oskar, "name", vendor=vendor.pk)] == [[], [system], []]


@pytest.mark.django_db
def test_what_breaks_is_found_over_flows_in_use_alone(mona):
    names = ("Shop", "Warehouse", "Mail", "Ads", "Apart", "Planned")
    shop, warehouse, mail, ads, apart, planned = (System.add(by=mona, name=name) for name in names)
    for source, target, more in (
        (shop, warehouse, {}),
        (mail, warehouse, {"direction": "two_way"}),
        (mail, ads, {}),
        (apart, shop, {}),
        (shop, planned, {"status": "planned"}),
    ):
        Integration.add(by=mona, source=source, target=target, **{"status": "active", **more})
    with CaptureQueriesContext(connection) as captured:
        told = reports.impact(shop, mona)
    assert [(one.system, one.steps, one.through) for one in told] == [
        (warehouse, 1, "Shop"),
        (mail, 2, "Warehouse"),
        (ads, 3, "Mail"),
    ]
    assert len(captured) == 2
    nearest = reports.impact(shop, mona, 2)
    assert [(one.system.pk, str(one.system), one.through) for one in nearest] == [
        (warehouse.pk, "Warehouse", "Shop"),
        (mail.pk, "Mail", "Warehouse"),
    ]
    warehouse.change(by=mona, confidential=True)
    assert [one.system.pk for one in reports.impact(shop, mona, 1)] == [mail.pk]


@pytest.mark.django_db
def test_an_integration_names_each_end_only_to_whoever_sees_it(mona, ivan):
    secret = System.add(by=ivan, name="Secret", confidential=True, business_owner=ivan)
    shop = System.add(by=mona, name="Shop", business_owner=mona)
    Integration.add(by=ivan, source=secret, target=shop)
    told = [
        [(flow.source_seen, flow.target_seen) for flow in asked.flows(person, key=shop.pk)] for person in (ivan, mona)
    ]
    assert [[tuple(map(bool, pair)) for pair in pairs] for pairs in told] == [[(True, True)], [(False, True)]]


@given(st.lists(st.tuples(st.integers(), st.none() | st.text(), st.text('",;\r\n a')), min_size=1, max_size=20))
def test_lines_are_those_of_the_csv_module(rows):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    assert export.lines(list(map(export.quoted, zip(*rows, strict=True)))) == buffer.getvalue().encode()


@given(st.lists(st.none() | st.text('",\r\n a'), min_size=1, max_size=20))
def test_lines_of_one_column_keep_their_empty_cells(cells):
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([cell] for cell in cells)
    assert export.lines([export.quoted(cells)]) == buffer.getvalue().encode()


@pytest.mark.parametrize("shape", ["choice", "text"])
def test_no_column_of_text_leaves_a_formula_as_one(shape):
    column = SimpleNamespace(shape=shape)
    assert export.texts(column, ["=1+1", "live", None]) == ["'=1+1", "live", None]
