"""Days pass: contracts move on by themselves, whenever the job runs, and nothing is told of it."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Contract, standing
from inventory.models.contract import DERIVED
from inventory.terms import State, Terms
from martech.audit.models import Entry
from martech.calendars.models import organisation
from tests.inventory.test_contract import AT, YEAR

DAY = timedelta(1)


def at(*day):
    return datetime(*day, 9, tzinfo=UTC)


@pytest.fixture
def made(mona):
    return Contract.add(by=mona, at=AT, name="Mail", **YEAR, mail_buffer_days=5)


@pytest.mark.django_db
def test_a_contract_moves_from_state_to_state_on_its_days(made):
    told = []
    for day in ((9, 24), (9, 25), (9, 30), (10, 1), (12, 31)):
        standing.roll(at(2026, *day))
        made.refresh_from_db()
        told.append((made.status, made.term_number))
    standing.roll(at(2027, 1, 1))
    made.refresh_from_db()
    told.append((made.status, made.term_number))
    assert told == [
        ("active", 1),
        ("in_notice_window", 1),
        ("in_notice_window", 1),
        ("committed", 1),
        ("committed", 1),
        ("active", 2),
    ]
    assert (made.notice_deadline, made.term_end) == (date(2027, 9, 30), date(2027, 12, 31))


@pytest.mark.django_db
def test_after_downtime_a_contract_stands_as_if_the_job_had_run_every_day(made, mona):
    """A day without the job, and more than a year."""
    other = Contract.add(by=mona, at=AT, name="Other", **YEAR, mail_buffer_days=5)
    for day in (at(2026, 9, 24), at(2026, 9, 26), at(2028, 2, 1)):
        standing.roll(day)
        made.refresh_from_db()
        with_terms = other.terms().on(day.date(), organisation().off(), organisation().weekend())
        assert [getattr(made, name) for name in DERIVED] == [getattr(with_terms, name) for name in DERIVED]
        assert (made.term_number, made.status) == (with_terms.number, with_terms.state)


@pytest.mark.django_db
def test_a_day_that_passes_leaves_no_trace_and_no_version(made):
    before = Entry.objects.count()
    assert (standing.roll(at(2026, 10, 1)), standing.roll(at(2026, 10, 1))) == (1, 0)
    made.refresh_from_db()
    assert (made.status, made.version, Entry.objects.count()) == ("committed", 1, before)


@pytest.mark.django_db
def test_drafts_ended_and_retired_contracts_are_left_alone(mona, made):
    made.retire(by=mona, at=AT)
    Contract.add(by=mona, at=AT, name="Draft")
    Contract.add(by=mona, at=AT, name="Over", start_on=date(2024, 1, 1), initial_months=12)
    assert standing.roll(at(2031, 1, 1)) == 0
    assert list(Contract.objects.order_by("pk").values_list("status", flat=True)) == ["retired", "draft", "ended"]


@pytest.mark.django_db
def test_another_calendar_is_reckoned_with_when_the_job_next_runs(made, ada):
    organisation().change(by=ada, at=AT, own_days=["2026-09-30"])
    assert standing.roll(AT) == 1
    made.refresh_from_db()
    assert (made.notice_deadline, made.act_by, made.send_by) == (
        date(2026, 9, 30), date(2026, 9, 29), date(2026, 9, 24),
    )  # fmt: skip
    assert standing.roll(AT) == 0
    organisation().retire(by=ada, at=AT)
    assert standing.roll(AT) == 1
    made.refresh_from_db()
    assert made.act_by == date(2026, 9, 30)


@pytest.mark.django_db
@pytest.mark.unheard
def test_as_many_statements_for_twenty_as_for_one(mona):
    counts = {}
    for many, on in ((1, at(2026, 10, 1)), (20, at(2027, 1, 1))):
        while Contract.objects.count() < many:
            Contract.add(by=mona, at=AT, name="Mail", **YEAR)
        with CaptureQueriesContext(connection) as captured:
            assert standing.roll(on) == many
        counts[many] = len(captured)
    assert counts == {1: 3, 20: 3}


@pytest.mark.django_db
def test_the_job_goes_on_until_nothing_is_left(mona, monkeypatch):
    monkeypatch.setattr(standing, "BATCH", 2)
    for n in range(5):
        Contract.add(by=mona, at=AT, name=f"C{n}", **YEAR)
    from_batches = []
    while rolled := standing.roll(at(2027, 1, 1)):
        from_batches.append(rolled)
    assert from_batches == [2, 2, 1]
    assert set(Contract.objects.values_list("term_number", "status")) == {(2, "active")}


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-09-30", "2026-10-01"])
def test_an_act_reckons_with_the_day_of_the_act(mona, day):
    with time_machine.travel(f"{day}T10:00:00+00:00", tick=False):
        made = Contract.add(by=mona, name="Mail", **YEAR)
    assert made.status == {"2026-09-30": "in_notice_window", "2026-10-01": "committed"}[day]


def test_a_state_holds_until_the_day_it_says():
    """What the job relies on: on every day up to the one told, the state is the same."""
    chance = random.Random(5)
    for _ in range(400):
        months = chance.random() < 0.7
        start = date(2024, 1, 1) + timedelta(chance.randrange(900))
        terms = Terms(
            start=start,
            **({"initial_months": chance.randint(1, 30)} if months else {"initial_until": start + timedelta(99)}),
            renewal_mode=chance.choice(["none", "manual", "automatic", "automatic", "open_ended"]),
            renewal_months=chance.choice([1, 3, 12]),
            notice_period=chance.choice([0, 1, 3, 14]),
            notice_unit=chance.choice(["days", "months"]),
            minimum_until=chance.choice([None, start + timedelta(chance.randrange(700))]),
            mail_buffer_days=chance.choice([0, 5]),
        )
        day = start - timedelta(chance.randrange(60))
        seen = terms.on(day)
        until = terms.until(day, seen)
        for _ in range(700):
            day += DAY
            now = terms.on(day)
            if until is not None and day > until:
                seen, until = now, terms.until(day, now)
                assert until is None or until >= day
            assert now == seen, (terms, day)
        assert (until is None) == (seen.state == State.ENDED)
