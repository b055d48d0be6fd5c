"""Certificates and agreements about to run out remind those who answer for them, step by step, once each."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Assurance, System, Vendor
from inventory.tasks import plan_assurance_reminders, remind_of_assurances
from martech.accounts.models import Function
from martech.notifications import ledger
from martech.notifications.models import Notice, Reminder
from tests.conftest import person

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)  # a Monday
SOON = date(2026, 5, 18)  # in two weeks


def remind(at: datetime = TODAY) -> None:
    plan_assurance_reminders(at)
    ledger.sweep(at)


def told(at: datetime = TODAY) -> list[tuple[str, str]]:
    """Who reads what after one planning and one sweep."""
    remind(at)
    rows = Notice.objects.filter(event="inventory.assurance.expiry").order_by("person__name", "pk")
    return list(rows.values_list("person__name", "sentence"))


@pytest.fixture
def owned(mona, mia):
    """An assurance of a system that Mia owns, running out in two weeks."""
    mailer = System.add(by=mona, name="Mailer", business_owner=mia, at=TODAY)
    return Assurance.add(by=mona, kind="dpa", system=mailer, expires_on=SOON, at=TODAY)


LINE = "Data-processing agreement of Mailer runs out in 14 days, on 18 May 2026."


def test_the_business_owner_is_reminded(owned) -> None:
    assert told() == [("Mia Member", LINE)]


def test_then_the_technical_owner_then_the_head(owned, mona, mia, ada, cast) -> None:
    events = Function.add(by=ada, name="Events", head=cast.legal)
    owned.system.change(by=mona, technical_owner=cast.security, owning_function=events)
    mia.retire(by=ada)
    assert told() == [("Selma Secure", LINE)]
    cast.security.retire(by=ada)
    Notice.objects.all().delete()
    assert told(TODAY + timedelta(hours=1)) == [("Leo Legal", LINE)]


def test_a_vendors_assurance_reminds_who_keeps_the_relationship(mona, cast) -> None:
    acme = Vendor.add(by=mona, name="Acme", relationship_owner=cast.procurement)
    Assurance.add(by=mona, kind="soc2", vendor=acme, expires_on=SOON, at=TODAY)
    assert told() == [("Paco Procure", "SOC 2 of Acme runs out in 14 days, on 18 May 2026.")]


def test_where_nobody_is_left_it_is_asked_and_told_why(mona, ivan) -> None:
    second = person("it", "Iris Itkin")
    acme = Vendor.add(by=mona, name="Acme")
    Assurance.add(by=mona, kind="soc2", vendor=acme, expires_on=SOON, at=TODAY)
    line = "SOC 2 of Acme runs out in 14 days, on 18 May 2026. Nobody is named as its owner, so IT is asked."
    assert told() == [(second.name, line), (ivan.name, line)]


def test_of_a_confidential_system_only_those_are_asked_who_may_see_it(mona, ivan, cast) -> None:
    secret = System.add(by=mona, name="Secret")
    Assurance.add(by=mona, kind="tls", system=secret, expires_on=SOON, at=TODAY)
    secret.change(by=mona, confidential=True)
    _ = cast.steering
    assert told() == [
        (
            "Stella Steering",
            "TLS certificate of Secret runs out in 14 days, on 18 May 2026. "
            "Nobody is named as its owner, so the committee is asked.",
        )
    ]


def test_where_nobody_at_all_may_see_it_the_log_says_so(mona, caplog) -> None:
    secret = System.add(by=mona, name="Secret")
    hidden = Assurance.add(by=mona, kind="tls", system=secret, expires_on=SOON, at=TODAY)
    secret.change(by=mona, confidential=True)
    assert told() == []
    assert [record.getMessage() for record in caplog.records] == [
        f"nobody can be reminded of the assurances {hidden.number}"
    ]


def test_what_is_settled_or_far_away_reminds_nobody(mona, mia) -> None:
    acme = Vendor.add(by=mona, name="Acme", relationship_owner=mia)
    gone = Vendor.add(by=mona, name="Gone", relationship_owner=mia)
    add = {"by": mona, "kind": "soc2", "at": TODAY}
    Assurance.add(**add, vendor=acme)
    Assurance.add(**add, vendor=acme, expires_on=TODAY.date() + timedelta(days=91))
    Assurance.add(**add, vendor=acme, expires_on=TODAY.date() - timedelta(days=31))
    Assurance.add(**add, vendor=acme, expires_on=SOON).acknowledge(by=mia)
    Assurance.add(**add, vendor=acme, expires_on=SOON).retire(by=mona)
    Assurance.add(**add, vendor=gone, expires_on=SOON)
    Vendor.objects.filter(pk=gone.pk).update(retired_at=TODAY)
    assert told() == []


def test_over_the_weeks_each_step_comes_once(owned) -> None:
    at = TODAY
    while at.date() < date(2026, 6, 1):
        remind(at)
        at += timedelta(hours=8)
    assert list(Reminder.objects.filter(channel="inbox").order_by("-step").values_list("step", "state")) == [
        (60, "skipped"),
        (30, "skipped"),
        (14, "sent"),
        (7, "sent"),
        (1, "sent"),  # on Friday, for Sunday is free and Monday the day itself
        (0, "sent"),
    ]
    assert Notice.objects.filter(event="inventory.assurance.expiry").count() == 4


def test_what_has_run_out_already_is_said_to_have(owned) -> None:
    assert told(datetime(2026, 5, 20, 9, 0, tzinfo=UTC)) == [
        ("Mia Member", "Data-processing agreement of Mailer ran out 2 days ago, on 18 May 2026.")
    ]


def test_an_outage_is_told_as_lateness(owned) -> None:
    plan_assurance_reminders(datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
    assert told(datetime(2026, 5, 13, 9, 0, tzinfo=UTC)) == [
        (
            "Mia Member",
            "Data-processing agreement of Mailer runs out in 5 days, on 18 May 2026. "
            "(This reminder is late by 2 days.)",
        )
    ]


def test_a_renewal_ends_the_old_reminders_and_arms_new_ones(owned, mona) -> None:
    remind()
    owned.renew(by=mona, expires_on=date(2027, 5, 18), at=TODAY + timedelta(hours=1))
    remind(datetime(2026, 5, 18, 9, 0, tzinfo=UTC))
    assert Notice.objects.filter(event="inventory.assurance.expiry").count() == 1
    assert told(datetime(2027, 4, 19, 9, 0, tzinfo=UTC))[-1] == (
        "Mia Member",
        "Data-processing agreement of Mailer runs out in 29 days, on 18 May 2027.",
    )


def test_an_acknowledged_one_is_reminded_of_again_after_it_was_renewed(owned, mia, mona) -> None:
    owned.acknowledge(by=mia)
    assert told() == []
    owned.renew(by=mona, expires_on=date(2026, 6, 1))
    assert told(datetime(2026, 5, 18, 9, 0, tzinfo=UTC)) == [
        ("Mia Member", "Data-processing agreement of Mailer runs out in 14 days, on 1 June 2026.")
    ]


def test_planning_takes_a_constant_number_of_statements(mona, mia, ivan) -> None:
    counts, total = [], 0
    for several in (2, 7):
        for number in range(total, total + several):
            owners = {} if number % 2 else {"business_owner": mia}
            mailer = System.add(by=mona, name=f"Mailer {number}", **owners)
            Assurance.add(by=mona, kind="dpa", system=mailer, expires_on=SOON, at=TODAY)
        total += several
        with CaptureQueriesContext(connection) as queries:
            done = plan_assurance_reminders(TODAY)
        assert done.begun == several * 6
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_job_plans_by_the_databases_clock(owned) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    Assurance.objects.filter(pk=owned.pk).update(expires_on=tomorrow)
    remind_of_assurances()
    remind_of_assurances()
    assert set(Reminder.objects.values_list("key", "deadline")) == {(owned.pk, tomorrow)}
