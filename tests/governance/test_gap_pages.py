"""Gaps where people find them: at home, on the system's page, by week, in their closing plan."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import reports
from governance.models import Activity, Assignment, Gap
from inventory.models import System
from martech.audit.context import through
from martech.home import letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def train():
    """Of all activities only training is required."""
    Activity.objects.exclude(code="train").update(required_from="")
    Activity.objects.filter(code="train").update(required_from="light", kinds=[])
    return Activity.objects.get(code="train")


@pytest.fixture
def live(mona):
    """A live system of an owner."""

    def live(name, owner=None, **fields):
        return System.add(by=mona, name=name, lifecycle="live", business_owner=owner, **fields)

    return live


def at_noon(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=12)


def test_who_can_mend_gaps_finds_them_at_home_by_system(live, train, mona, ivan, mia):
    mail, _shop = live("Mail", ivan), live("Shop", mia)
    Assignment.add(by=mona, system=mail, activity=train, letter="C", person=mia)
    Gap.sweep(timezone.now())
    assert [(one.name, one.system, one.many) for one in letters.to_mend(ivan)] == [("Mail", mail.pk, 1)]
    Gap.objects.get(system=mail).tolerate(by=ivan, tolerated_until=timezone.localdate(), note="On leave")
    assert letters.to_mend(ivan) == []


def test_a_closing_plan_waits_at_home_as_one_thing(live, ivan, mia, client):
    with through("import"):
        live("Mail", mia)
        live("Shop", mia)
        live("Chat")
    Gap.sweep(timezone.now())
    assert (letters.to_mend(mia), [(one.name, one.size) for one in letters.to_close(mia)]) == (
        [],
        [(f"Closing plan of {mia}", 2)],
    )
    assert [one.name for one in letters.to_close(ivan)] == ["Closing plan of systems nobody owns"]
    client.force_login(mia)
    assert f"Closing plan of {mia}" in client.get("/").content.decode()


def test_the_page_of_a_system_tells_its_gaps_in_one_statement(live, ivan, client):
    mail = live("Mail", ivan)
    client.force_login(ivan)
    page = f"/inventory/systems/{mail.pk}/"
    assert "Every rule of ownership holds here." in client.get(page).content.decode()
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(page)
    Gap.sweep(timezone.now())
    with CaptureQueriesContext(connection) as after:
        told = client.get(page).content.decode()
    assert ("Nobody named" in told, "Train people" in told, len(after)) == (True, True, len(before))


def test_gaps_of_a_confidential_system_are_told_to_whoever_sees_it(live, train, ivan, mia, client):
    mail = live("Mail", ivan, confidential=True)
    Gap.sweep(timezone.now())
    client.force_login(mia)
    assert client.get("/api/v1/gaps/").json()["count"] == 0
    Assignment.add(by=ivan, system=mail, activity=train, letter="R", person=mia)
    assert [row["system"] for row in client.get("/api/v1/gaps/").json()["results"]] == [mail.pk]


def test_gaps_came_and_went_week_by_week(live, train, mona, ivan):
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 21)
    mail = live("Mail", ivan)
    live("Shop", ivan)
    Gap.sweep(at_noon(monday))
    for letter in "AR":
        Assignment.add(by=mona, system=mail, activity=train, letter=letter, person=ivan, from_on=monday)
    Gap.sweep(at_noon(monday + timedelta(days=13)))
    told = reports.trend(Gap.objects.filter(system__isnull=False), timezone.localdate(), 5)
    assert [(week.begins_on - monday, week.opened, week.closed, week.open) for week in told.weeks] == [
        (timedelta(days=-7), 0, 0, 0),
        (timedelta(days=0), 2, 0, 2),
        (timedelta(days=7), 0, 1, 1),
        (timedelta(days=14), 0, 0, 1),
        (timedelta(days=21), 0, 0, 1),
    ]
    assert (told.now, told.opened, told.closed, told.most_open) == (1, 2, 1, 2)


def test_the_picture_and_the_endpoint_count_what_the_filters_ask(live, ivan, client):
    mail, _shop = live("Mail", ivan), live("Shop", ivan)
    Gap.sweep(timezone.now())
    client.force_login(ivan)
    page = client.get(f"/governance/gaps/trend/?system={mail.pk}&weeks=13&status=open").content.decode()
    assert ("1 opened and 0 closed in 13 weeks" in page, "1 open now" in page) == (True, True)
    told = client.get(f"/api/v1/gaps/trend/?system={mail.pk}&weeks=2").json()
    assert [(week["opened"], week["closed"], week["open"]) for week in told] == [(0, 0, 0), (1, 0, 1)]
    for wrong in ("weeks=0", "weeks=53", "weeks=many", "colour=red", "status=open"):
        assert client.get(f"/api/v1/gaps/trend/?{wrong}").json()["status"] == 400
    assert date.fromisoformat(told[-1]["begins_on"]).weekday() == 0


def test_a_plan_tells_what_is_open_system_by_system(live, train, mona, ivan, client):
    with through("import"):
        mail = live("Mail", ivan)
        live("Shop", ivan)
    Gap.sweep(timezone.now())
    for letter in "AR":
        Assignment.add(by=mona, system=mail, activity=train, letter=letter, person=ivan)
    Gap.sweep(timezone.now())
    plan = Gap.objects.filter(system=mail).get().plan
    told = reports.closing_plan(plan, ivan)["parts"]
    assert [(part.system.name, part.size, part.closed, len(part.open)) for part in told] == [
        ("Shop", 1, 0, 1),
        ("Mail", 1, 1, 0),
    ]
    client.force_login(ivan)
    assert "1 of 2 gaps closed" in client.get(f"/governance/closing-plans/{plan.pk}/").content.decode()
    row = client.get(f"/api/v1/closing-plans/{plan.pk}/").json()
    assert (row["owner"], row["size"], row["closed"], row["verbs"]) == (ivan.pk, 2, 1, ["remark", "postpone"])
