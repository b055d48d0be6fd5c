"""The page of a system's matrix: without script, a form of selects."""

import csv
import io
from datetime import date

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from governance import reports
from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import Function

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail")


@pytest.fixture
def cell(ivan):
    return Activity.objects.get(code="operate").pk, f"person-{ivan.pk}"


@pytest.fixture
def page(mail, mona, client):
    client.force_login(mona)
    return f"/inventory/systems/{mail.pk}/raci/"


def named(cell, letters, was=""):
    return {f"cell-{cell[0]}-{cell[1]}": letters, f"was-{cell[0]}-{cell[1]}": was}


def letters_of(mail):
    return sorted(Assignment.objects.filter(system=mail, retired_at=None).values_list("letter", "person__name"))


def test_letters_are_previewed_and_then_kept_as_previewed(page, cell, mail, client):
    preview = client.post(page, {**named(cell, "RA"), "preview": "1"}).content.decode()
    step = Activity.objects.get(code="operate").name
    assert f"Ivan Itkin becomes accountable for “{step}”" in preview
    assert letters_of(mail) == []
    client.post(page, {**named(cell, "RA"), "note": "He runs it."})
    assert letters_of(mail) == [("A", "Ivan Itkin"), ("R", "Ivan Itkin")]
    assert set(Assignment.objects.values_list("reason", flat=True)) == {"He runs it."}


def test_another_column_keeps_what_was_typed(page, cell, mia, client):
    redrawn = client.post(page, {**named(cell, "C"), "column": f"person-{mia.pk}", "add": "1"}).content.decode()
    assert f'name="cell-{cell[0]}-person-{mia.pk}"' in redrawn
    assert '<option value="C" selected' in redrawn


def test_what_somebody_changed_meanwhile_is_shown_and_what_was_typed_is_kept(page, cell, mail, mona, client):
    Assignment.arrange(mail, {cell: "I"}, by=mona)
    told = client.post(page, {**named(cell, "R"), "form-key": "0" * 32})
    assert (told.status_code, "Somebody changed these letters meanwhile" in told.content.decode()) == (409, True)
    assert '<option value="R" selected' in told.content.decode()
    assert letters_of(mail) == [("I", "Ivan Itkin")]
    client.post(page, named(cell, "R", was="I"))
    assert letters_of(mail) == [("R", "Ivan Itkin")]


def test_what_cannot_be_is_told_and_what_was_typed_is_kept(page, cell, mail, mia, client):
    both = {**named(cell, "A"), **named((cell[0], f"person-{mia.pk}"), "A")}
    told = client.post(page, {**both, "form-key": "0" * 32})
    assert (told.status_code, "Only one person is accountable" in told.content.decode()) == (422, True)
    assert told.content.decode().count('<option value="A" selected') == 2
    assert letters_of(mail) == []


def test_a_day_past_is_read_only(page, cell, mail, mona, client):
    Assignment.arrange(mail, {cell: "A"}, by=mona, on=date(2026, 5, 3))
    assert "Accountable: Ivan Itkin" in client.get(f"{page}?on=2026-05-03").content.decode()
    assert "Accountable: Ivan Itkin" not in client.get(f"{page}?on=2026-05-02").content.decode()
    assert client.post(f"{page}?on=2026-05-03", named(cell, "R")).status_code == 403


def test_another_systems_letters_are_laid_out_and_kept_by_the_same_form(page, cell, mail, mona, client):
    other = System.add(by=mona, name="Shop")
    Assignment.arrange(other, {cell: "RA"}, by=mona)
    laid = client.get(f"{page}?from={other.pk}").content.decode()
    assert '<option value="RA" selected' in laid
    assert letters_of(mail) == []


def test_who_may_not_give_letters_reads(page, cell, mail, mia, client):
    client.force_login(mia)
    assert '<select class="matrix-select' not in client.get(page).content.decode()
    assert client.post(page, named(cell, "R")).status_code == 403
    assert letters_of(mail) == []


def test_a_form_sent_twice_is_done_once(page, cell, mail, mona, client):
    key = {"form-key": "0" * 32, "note": "He runs it."}
    client.post(page, {**named(cell, "R"), **key})
    again = client.post(page, {**named(cell, "R"), **key}, follow=True).content.decode()
    assert "This was sent twice and done once." in again
    assert letters_of(mail) == [("R", "Ivan Itkin")]


def test_a_system_s_letters_are_taken_away_as_of_a_day(page, cell, mail, mona, ada, client):
    web = Function.add(by=ada, name="Web")
    Assignment.arrange(mail, {cell: "RA", (cell[0], f"function-{web.pk}"): "C"}, by=mona, on=date(2026, 5, 3))
    text = b"".join(client.get(f"{page}csv/?on=2026-05-03")).decode("utf-8-sig")
    rows = {row["activity"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["operate"] == {
        "system": mail.number,
        "activity": "operate",
        "name": "Operate the system",
        "phase": "Operate",
        "required": "yes",
        "Ivan Itkin": "R/A",
        "Web": "C",
    }
    assert "Ivan Itkin" not in b"".join(client.get(f"{page}csv/?on=2026-05-02")).decode()
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{page}xlsx/?on=2026-05-03").streaming_content)))
    assert [[one or "" for one in row] for row in book.active.values] == list(csv.reader(io.StringIO(text)))


def test_nobody_takes_away_the_letters_of_a_system_they_do_not_see(page, cell, mail, mona, mia, client):
    Assignment.arrange(mail, {cell: "A"}, by=mona)
    mail.change(by=mona, confidential=True)
    client.force_login(mia)
    assert b"Ivan" not in client.get(f"{page}csv/").content


def test_the_head_counts_what_is_needed_and_what_of_it_is_open(page, cell, mail, mona, client):
    Assignment.arrange(mail, {cell: "R"}, by=mona)
    seen = reports.matrix(mail, mona, timezone.localdate())
    assert seen.needed == seen.open > 0
    Assignment.arrange(mail, {cell: "RA"}, by=mona)
    assert f"In {seen.open - 1} of {seen.needed} activities that need somebody" in client.get(page).content.decode()


def test_a_letter_whose_holder_is_not_to_be_seen_is_not_missing(mona, ivan, mia, client):
    secret = System.add(by=mona, name="Falcon", business_owner=ivan, confidential=True, criticality="critical")
    steps = {one.code: one.pk for one in Activity.objects.filter(code__in=["operate", "support"])}
    client.force_login(mia)
    mine, others = f"person-{mia.pk}", f"person-{ivan.pk}"
    wanted = {(steps["operate"], others): "RA", (steps["support"], mine): "R"}
    Assignment.arrange(secret, wanted, by=ivan)
    seen = {row.activity.code: row for row in reports.matrix(secret, mia, timezone.localdate()).rows}
    assert (seen["operate"].missing, seen["operate"].hidden) == ((), ("responsible", "accountable"))
    assert (seen["support"].missing, seen["support"].hidden) == (("accountable",), ())
    page = client.get(f"/inventory/systems/{secret.pk}/raci/").content.decode()
    assert ("Responsible and accountable: somebody you may not see" in page, "Ivan" in page) == (True, False)
    steps_told = {one["code"]: one for one in client.get(f"/api/v1/systems/{secret.pk}/raci/").json()["activities"]}
    assert steps_told["operate"]["hidden"] == ["responsible", "accountable"]
