"""A contract: what can be agreed, and the days that follow from it."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from inventory import outcome
from inventory.models import Contract, System, Vendor
from martech.audit.models import Entry
from martech.calendars.models import organisation
from martech.permissions import engine

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
YEAR = {
    "start_on": date(2026, 1, 1),
    "initial_months": 12,
    "renewal_mode": "automatic",
    "renewal_months": 12,
    "notice_period": 3,
}
DAYS = ("term_number", "term_end", "notice_deadline", "act_by", "send_by", "renewal_deadline", "committed_until")


def days(contract):
    return tuple(getattr(contract, name) for name in DAYS)


def test_a_name_is_enough_for_a_draft_without_days(mona):
    made = Contract.add(by=mona, at=AT, name=" Mail   service ")
    assert (made.name, made.status, days(made)) == ("Mail service", "draft", (None,) * 7)
    assert outcome.sentence(made) == "A draft: say the day it starts and its initial term, and its days are known."
    made.change(by=mona, at=AT, start_on=date(2026, 1, 1))
    assert outcome.lacking(made) == (("initial_months", "its initial term"),)


def test_its_days_are_worked_out_when_it_is_saved_and_when_it_is_changed(mona):
    made = Contract.add(by=mona, at=AT, name="Mail", **YEAR, mail_buffer_days=5)
    made.refresh_from_db()
    last, sent = date(2026, 9, 30), date(2026, 9, 25)
    assert (made.status, days(made)) == ("active", (1, date(2026, 12, 31), last, last, sent, last, date(2026, 12, 31)))
    made.change(by=mona, at=AT, notice_period=30, notice_unit="days")
    made.refresh_from_db()
    assert (made.notice_deadline, made.act_by) == (date(2026, 12, 1), date(2026, 12, 1))
    assert Entry.objects.latest("pk").changes == {"notice_period": [3, 30], "notice_unit": ["months", "days"]}


def test_acting_and_sending_keep_to_the_working_days_of_the_organisation(mona, ada):
    made = Contract.add(by=mona, at=AT, name="Mail", **YEAR, mail_buffer_days=1)
    weekly = {day: periods for day, periods in organisation().weekly.items() if day != "tuesday"}
    organisation().change(by=ada, at=AT, own_days=["2026-09-30"], weekly=weekly)
    again = Contract.add(by=mona, at=AT, name="Mail again", **YEAR, mail_buffer_days=1)
    assert (made.act_by, again.act_by, again.send_by) == (date(2026, 9, 30), date(2026, 9, 28), date(2026, 9, 25))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"initial_months": None, "initial_until": date(2025, 12, 31)}, "initial_until"),
        ({"initial_until": date(2026, 12, 31)}, "initial_months"),
        ({"initial_months": 0}, "initial_months"),
        ({"initial_months": -3}, "initial_months"),
        ({"initial_months": 1201}, "initial_months"),
        ({"renewal_months": None}, "renewal_months"),
        ({"renewal_months": 0}, "renewal_months"),
        ({"notice_period": -1}, "notice_period"),
        ({"notice_period": 1201}, "notice_period"),
        ({"minimum_until": date(2025, 1, 1)}, "minimum_until"),
        ({"mail_buffer_days": -1}, "mail_buffer_days"),
        ({"start_on": date(9999, 12, 1)}, "start_on"),
        ({"renewal_mode": "tacit"}, "renewal_mode"),
        ({"notice_unit": "weeks"}, "notice_unit"),
        ({"uplift_cap": "-1"}, "uplift_cap"),
        ({"start_on": None, "initial_until": date(2026, 12, 31)}, "initial_months"),
        ({"start_on": None, "renewal_months": 0}, "renewal_months"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_agreed_is_refused_at_its_field(mona, wrong, field):
    with pytest.raises(ValidationError) as refused:
        Contract.add(by=mona, at=AT, **{"name": "Mail", **YEAR, **wrong})
    assert list(refused.value.message_dict) == [field]
    assert not Contract.objects.exists()


def test_what_is_legal_and_odd_is_warned_of_and_saved(mona):
    monthly = {**YEAR, "initial_months": 1, "renewal_months": 1, "notice_period": 1}
    made = Contract.add(by=mona, at=AT, name="Monthly", **monthly)
    assert made.warnings == ("Notice takes as long as a renewal: the deadline of a term falls before the term begins.",)
    made.change(by=mona, at=AT, notice_period=None)
    assert made.warnings == (
        "No period of notice is on record: the days are reckoned as if notice counted until the last day.",
    )
    made.change(by=mona, at=AT, renewal_mode="manual")
    assert made.warnings == (), "without notice it ends all the same"


@pytest.mark.parametrize(
    ("terms", "on", "sentence"),
    [
        ({}, AT, "Renews itself for 12 months after 31 December 2026 unless notice goes out by 30 September 2026."),
        (
            {},
            datetime(2026, 11, 2, 9, tzinfo=UTC),
            "The last day for notice has passed: renews itself for 12 months after 31 December 2026. Committed until"
            " 31 December 2027, and longer unless notice goes out by 30 September 2027.",
        ),
        ({"renewal_mode": "none"}, AT, "Ends on 31 December 2026."),
        ({"renewal_mode": "manual"}, AT, "Ends on 31 December 2026 unless somebody renews it by then."),
        ({"renewal_mode": "none"}, datetime(2027, 1, 4, 9, tzinfo=UTC), "It ended on 31 December 2026."),
        (
            {"renewal_mode": "open_ended"},
            AT,
            "Runs until somebody gives notice; earliest end 31 December 2026, if notice goes out by 30 September 2026.",
        ),
        (
            {"renewal_mode": "open_ended"},
            datetime(2026, 12, 7, 9, tzinfo=UTC),
            "Runs until somebody gives notice; earliest end 7 March 2027, if notice goes out today.",
        ),
        (
            {"initial_months": 1, "renewal_months": 1, "notice_period": 1, "minimum_until": date(2026, 12, 15)},
            AT,
            "The last day for notice has passed: renews itself for a month after 31 March 2026. Committed until 31"
            " December 2026, and longer unless notice goes out by 30 November 2026.",
        ),
    ],
)
def test_it_says_what_happens_if_nobody_does_anything(mona, terms, on, sentence):
    assert outcome.sentence(Contract.add(by=mona, at=on, name="Mail", **{**YEAR, **terms})) == sentence


def test_a_retired_contract_has_no_days_and_gets_them_back(mona):
    made = Contract.add(by=mona, at=AT, name="Mail", **YEAR)
    made.retire(by=mona, at=AT)
    made.refresh_from_db()
    assert (made.status, days(made)) == ("retired", (None,) * 7)
    made.restore(by=mona, at=AT)
    made.refresh_from_db()
    assert (made.status, made.act_by) == ("active", date(2026, 9, 30))


def test_a_contract_of_a_confidential_system_is_closed_with_it(mona, ivan, mia):
    deal = System.add(by=mona, name="Deal room", business_owner=ivan)
    made = Contract.add(by=mona, at=AT, name="Deal room", systems=[deal])
    assert engine.may(mia, "inventory.view_contract", made)
    deal.change(by=ivan, confidential=True)
    assert [engine.may(one, "inventory.view_contract", made) for one in (mia, mona, ivan)] == [False, False, True]
    deal.change(by=ivan, confidential=False)
    assert engine.may(mia, "inventory.view_contract", made)
    deal.change(by=ivan, confidential=True)
    later = Contract.add(by=ivan, at=AT, name="Data room", systems=[deal])
    assert (later.confidential, engine.may(mia, "inventory.view_contract", later)) == (True, False)


def test_legal_changes_what_procurement_adds_and_nobody_else_does(cast):
    made = Contract.add(by=cast.procurement, name="Mail")
    made.change(by=cast.legal, notice_period=3)
    with pytest.raises(PermissionDenied):
        made.change(by=cast.finance, notice_period=6)
    with pytest.raises(PermissionDenied):
        Contract.add(by=cast.legal, name="Print")


def test_contracts_go_with_the_vendor_they_are_made_with(ivan):
    acme, other = Vendor.add(by=ivan, name="Acme"), Vendor.add(by=ivan, name="Acme Ltd")
    made = Contract.add(by=ivan, name="Mail", vendor=other)
    other.merge(by=ivan, into=acme)
    made.refresh_from_db()
    assert made.vendor == acme
