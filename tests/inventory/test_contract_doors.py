"""Contracts by page, REST and file: each door makes one call, and says the same."""

import re
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils import timezone

from inventory.models import Contract, System, Vendor, standing
from inventory.tasks import roll_contracts
from martech.accounts.models import Token
from martech.web import forms
from tests.inventory.test_contract import AT, YEAR
from tests.inventory.test_record_pages import body, page, signed_in
from tests.martech.test_imports import imported, reasons


@pytest.fixture
def program(cast):
    secret = Token.add(by=cast.procurement, name="ERP", write=True).secret
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def kept(mona, ivan):
    """Three contracts: one that renews itself, one that ends, a draft."""
    acme = Vendor.add(by=ivan, name="Acme")
    mail = System.add(by=mona, name="Mail", vendor=acme)
    return [
        Contract.add(by=mona, at=AT, name="Mail", vendor=acme, systems=[mail], owner=mona, **YEAR),
        Contract.add(by=mona, at=AT, name="Print", vendor=acme, start_on=date(2026, 2, 1), initial_months=24),
        Contract.add(by=mona, at=AT, name="Old paper"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("ordering=name", ["Mail", "Old paper", "Print"]),
        ("status=active&ordering=renewal_deadline", ["Mail", "Print"]),
        ("status=draft", ["Old paper"]),
        ("renewal_mode=automatic", ["Mail"]),
        ("vendor=VEN-{vendor}&ordering=-act_by", ["Print", "Mail"]),
        ("systems=SYS-{system}", ["Mail"]),
        ("owner={owner}", ["Mail"]),
        ("act_by__gte=2026-09-01&act_by__lte=2026-12-31", ["Mail"]),
        ("renewal_deadline__isnull=true", ["Old paper"]),
        ("q=pap", ["Old paper"]),
    ],
)
def test_the_list_is_asked_for_what_is_due(program, kept, asked, names):
    first = kept[0]
    asked = asked.format(vendor=first.vendor_id, system=first.systems.get().pk, owner=first.owner_id)
    told = program.get(f"/api/v1/contracts/?{asked}").json()["results"]
    assert [row["name"] for row in told] == names


@pytest.mark.django_db
def test_a_program_adds_a_contract_and_reads_its_days(program):
    sent = {"name": "Mail", "start_on": "2026-01-01", "initial_months": 12, "notice_period": 1, "uplift_cap": "4.50"}
    made = program.post("/api/v1/contracts/", sent, content_type="application/json").json()
    told = {name: made[name] for name in ("number", "term_end", "notice_deadline", "renewal_deadline", "uplift_cap")}
    assert told == {
        "number": f"CON-{made['id']}",
        "term_end": "2026-12-31",
        "notice_deadline": "2026-11-30",
        "renewal_deadline": "2026-12-31",
        "uplift_cap": "4.5",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"initial_until": "2025-12-31", "start_on": "2026-01-01"}, "initial_until"),
        ({"initial_months": 12, "initial_until": "2026-12-31"}, "initial_months"),
        ({"start_on": "2026-01-01", "initial_months": 12, "renewal_mode": "automatic"}, "renewal_months"),
        ({"act_by": "2026-12-31"}, "act_by"),
        ({"status": "ended"}, "status"),
    ],
)
def test_what_cannot_be_is_a_problem_at_its_field(program, sent, field):
    told = program.post("/api/v1/contracts/", {"name": "Mail", **sent}, content_type="application/json")
    assert (told.status_code, list(told.json()["errors"])) == (400, [field])
    assert not Contract.objects.exists()


@pytest.mark.django_db
def test_the_page_says_what_happens_if_nobody_does_anything(cast, kept):
    told = body(page(cast.member, f"/inventory/contracts/{kept[0].pk}/"))
    assert "Renews itself for 12 months after 31 December 2026 unless notice goes out by 30 September 2026." in told
    draft = body(page(cast.marketing_ops, f"/inventory/contracts/{kept[2].pk}/"))
    assert "A draft: say the day it starts and its initial term" in draft
    assert f'href="/inventory/contracts/{kept[2].pk}/change/#id_start_on"' in draft
    odd = Contract.add(by=cast.it, name="Odd", **{**YEAR, "initial_months": 1, "renewal_months": 1, "notice_period": 1})
    assert "the deadline of a term falls before the term begins" in body(
        page(cast.member, f"/inventory/contracts/{odd.pk}/")
    )


@pytest.mark.django_db
@pytest.mark.parametrize("of", ["systems", "vendor"])
def test_systems_and_vendors_show_their_contracts_and_add_one_to_themselves(cast, kept, of):
    first = kept[0]
    subject, where = (first.systems.get(), "systems") if of == "systems" else (first.vendor, "vendors")
    told = body(page(cast.it, f"/inventory/{where}/{subject.pk}/"))
    assert f'href="/inventory/contracts/{first.pk}/"' in told
    assert f'href="/inventory/contracts/new/?{of}={subject.number}"' in told


def chosen(html):
    """The systems that are ticked on the form."""
    return re.findall(r'name="systems" value="(\d+)"[^>]*checked', html)


@pytest.mark.django_db
def test_systems_are_ticked_where_they_are_few_and_written_where_they_are_many(mona, kept, monkeypatch):
    contract, mail = kept[0], kept[0].systems.get()
    shop = System.add(by=mona, name="Shop")
    assert chosen(page(mona, f"/inventory/contracts/new/?systems={mail.number}")) == [str(mail.pk)]
    assert chosen(page(mona, f"/inventory/contracts/{contract.pk}/change/")) == [str(mail.pk)]
    monkeypatch.setattr(forms, "SHORT", 1)
    assert f">\nMail ({mail.number})</textarea>" in page(mona, f"/inventory/contracts/new/?systems={mail.number}")
    told = page(mona, f"/inventory/contracts/{contract.pk}/change/")
    assert f">\nMail ({mail.number})</textarea>" in told
    sent = {"name": "Mail", "renewal_mode": "none", "notice_unit": "months", "mail_buffer_days": "0", "version": "1"}
    lines = f"Mail ({mail.number})\nshop\n{shop.number}\n"
    signed_in(mona).post(f"/inventory/contracts/{contract.pk}/change/", {**sent, "systems": lines})
    assert set(contract.systems.all()) == {mail, shop}
    wrong = signed_in(mona).post(
        f"/inventory/contracts/{contract.pk}/change/", {**sent, "version": "2", "systems": "Nowhere"}
    )
    assert (wrong.status_code, "Nothing here is called “Nowhere”." in wrong.content.decode()) == (422, True)


@pytest.mark.django_db
def test_whoever_does_not_see_every_system_keeps_those_they_do_not_see(mona, ivan):
    deal, mail = System.add(by=mona, name="Deal room", business_owner=ivan), System.add(by=mona, name="Mail")
    made = Contract.add(by=mona, at=AT, name="Rooms", systems=[deal, mail], owner=mona)
    deal.change(by=ivan, confidential=True)
    assert 'name="systems"' not in page(mona, f"/inventory/contracts/{made.pk}/change/")
    sent = {"name": "Rooms, again", "renewal_mode": "none", "notice_unit": "months", "mail_buffer_days": "0"}
    signed_in(mona).post(f"/inventory/contracts/{made.pk}/change/", {**sent, "version": "1"})
    made.refresh_from_db()
    assert (made.name, set(made.systems.all())) == ("Rooms, again", {deal, mail})


@pytest.mark.django_db
def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(cast):
    client = signed_in(cast.procurement)
    sent = {"name": "Mail", "start_on": "2026-01-01", "initial_months": "12", "renewal_mode": "automatic"}
    sent |= {"notice_unit": "months", "mail_buffer_days": "0"}
    told = client.post("/inventory/contracts/new/", sent)
    assert (told.status_code, Contract.objects.count()) == (422, 0)
    assert "A contract that renews itself does so for some months: how many?" in told.content.decode()
    client.post("/inventory/contracts/new/", {**sent, "renewal_months": "12"})
    made = Contract.objects.get()
    assert made.term_end == made.terms().on(timezone.localdate()).term_end


@pytest.mark.django_db
def test_contracts_come_in_from_a_file_with_their_days(cast):
    text = (
        "name;vendor;start;term;renewal;renewal term;notice;uplift cap\n"
        "Mail;Newco;2026-01-01;12;automatic;12;3;4,5\nPrint;Newco;2026-01-01;;;;;\nBad;Newco;2026-01-01;0;;;;\n"
    )
    batch = imported(cast.procurement, text, "inventory.contract", create=True, key="none")
    assert reasons(batch) == [(4, "Initial term, in months: Give a whole number from 1 to 1200.")]
    mail, draft = Contract.objects.order_by("pk")
    assert (mail.vendor.name, str(mail.uplift_cap), mail.renewal_mode) == ("Newco", "4.500", "automatic")
    assert (mail.renewal_deadline.month, mail.renewal_deadline.day) == (9, 30)
    assert (draft.status, draft.renewal_deadline) == ("draft", None)


@pytest.mark.django_db
def test_the_job_rolls_whatever_a_day_has_moved_and_closes_what_is_confidential(kept, mona, mia):
    today = timezone.localdate()
    first, mail = kept[0], kept[0].systems.get()
    Contract.objects.filter(pk=first.pk).update(stands_until=today - timedelta(1), status="pending")
    System.objects.filter(pk=mail.pk).update(confidential=True)
    roll_contracts()
    first.refresh_from_db()
    seen = first.terms().on(today)
    assert (first.status, first.term_number, first.confidential) == (seen.state, seen.number, True)
    assert not Contract.objects.moved_on(today).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_job_waits_for_who_changes_a_contract_and_reckons_with_what_they_saved(mona):
    made = Contract.add(by=mona, at=AT, name="Mail", **YEAR)
    later = datetime(2026, 10, 1, 9, tzinfo=UTC)

    def job():
        try:
            with transaction.atomic():
                standing.roll(later)
        finally:
            connections.close_all()

    with transaction.atomic():
        made.change(by=mona, at=AT, notice_period=1)
        other = Thread(target=job)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(20)
    made.refresh_from_db()
    assert (made.notice_deadline, made.status) == (date(2026, 11, 30), "active")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({}, ["Send notice by", "Decide by", "Last day for notice", "Term 1 ends"]),
        ({"renewal_mode": "manual"}, ["Decide by", "Term 1 ends"]),
        ({"notice_period": 12}, ["Next last day for notice", "Term 1 ends"]),
        ({"renewal_mode": "none", "initial_months": 1}, ["Term 1 ended"]),
    ],
)
def test_its_page_names_the_days_that_can_still_be_met(mona, terms, named):
    began = timezone.localdate() - timedelta(40)
    made = Contract.add(by=mona, name="Mail", **{**YEAR, "start_on": began, **terms})
    told = page(mona, f"/inventory/contracts/{made.pk}/")
    assert (
        re.findall(r"<dt>(Send notice by|Decide by|\w*(?: last|Last) day for notice|Term \d \w+)</dt>", told) == named
    )
