"""The matrix across systems: who holds a letter, where nobody does, its size, and the file to take away."""

import csv
import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from governance.models import Activity, Assignment
from governance.reports import grid
from inventory.models import System
from martech.accounts.models import Function, User

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 3)


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail", criticality="administrative")


@pytest.fixture
def operate():
    return Activity.objects.get(code="operate")


def cell(user, system, activity, letter, on=MAY):
    told = grid.rows(user, System.objects.filter(pk=system.pk), [activity], letter, on)
    return told[0].cells[0]


def test_a_required_cell_without_a_holder_is_a_gap_until_somebody_holds_it(mail, operate, mona, ivan):
    train = Activity.objects.get(code="train")
    told = [cell(mona, mail, one, "A") for one in (operate, train)]
    assert [(one.tone, one.who) for one in told] == [("gap", "Nobody"), ("pale", "Not needed")]
    heads, total = grid.columns(System.objects.filter(pk=mail.pk), "A", MAY)
    assert ({head.activity.code: head.open for head in heads}["operate"], total) == (1, 1)

    Assignment.arrange(mail, {(operate.pk, f"person-{ivan.pk}"): "A"}, by=mona, on=MAY)

    held = cell(mona, mail, operate, "A")
    assert (held.tone, held.short, held.who) == ("", "II", "Ivan Itkin")
    made = grid.rows(mona, System.objects.filter(pk=mail.pk), Activity.objects.current(), "A", MAY)
    assert grid.initialled(made) == [("II", "Ivan Itkin")]
    assert cell(mona, mail, operate, "A", date(2026, 5, 2)).tone == "gap"
    heads, _ = grid.columns(System.objects.filter(pk=mail.pk), "A", MAY)
    assert {head.activity.code: head.open for head in heads}["operate"] == 0


def test_other_letters_are_counted_and_their_holders_named(mail, operate, mona, ivan, ada):
    web = Function.add(by=ada, name="Web", kind="it")
    wanted = {(operate.pk, f"person-{ivan.pk}"): "R", (operate.pk, f"function-{web.pk}"): "R"}
    Assignment.arrange(mail, wanted, by=mona, on=MAY)
    held = cell(mona, mail, operate, "R")
    assert (held.short, sorted(held.who.split(", "))) == ("2", ["Ivan Itkin", "Web"])
    assert cell(mona, mail, operate, "C").tone == ""


def test_nobody_finds_a_confidential_system_or_its_letters(mail, operate, mona, mia, ivan, client):
    Assignment.arrange(mail, {(operate.pk, f"person-{ivan.pk}"): "A"}, by=mona)
    System.objects.filter(pk=mail.pk).update(confidential=True)
    client.force_login(mia)
    page = client.get("/governance/matrix/").content.decode()
    assert ("Mail" in page, "Ivan Itkin" in page) == (False, False)
    assert b"Mail" not in b"".join(client.get("/governance/matrix/csv/"))
    assert client.get(f"/governance/matrix/{mail.pk}/").status_code == 404


def test_each_cell_leads_to_the_letters_of_its_system(mail, mona, client):
    client.force_login(mona)
    assert f'<td class="gap"><a href="{mail.pk}/"' in client.get("/governance/matrix/").content.decode()
    assert client.get(f"/governance/matrix/{mail.pk}/")["Location"] == f"/inventory/systems/{mail.pk}/raci/"


def test_the_page_is_filtered_like_the_list_of_systems(mail, mona, client):
    System.add(by=mona, name="Shop", criticality="critical")
    client.force_login(mona)
    page = client.get("/governance/matrix/?letter=R&criticality=critical").content.decode()
    assert (">Shop</a>" in page, ">Mail</a>" in page) == (True, False)
    assert '<table class="matrix across across-r">' in page
    assert "Nobody" in page
    wrong = client.get("/governance/matrix/?colour=red")
    assert (wrong.status_code, "colour" in wrong.content.decode()) == (422, True)
    assert "across-a" in client.get("/governance/matrix/?letter=X").content.decode()


def many(mona, systems, letters="A"):
    """Systems and a holder for every activity of each."""
    people = [User(email=f"p{n}@cast.example", name=f"Person Number{n}") for n in range(40)]
    User.objects.bulk_create(people)
    made = [
        System(name=f"System of marketing {n:04}", name_key=f"system {n:04}", criticality="critical", kind="saas")
        for n in range(systems)
    ]
    System.objects.bulk_create(made)
    steps = list(Activity.objects.current())[:20]
    assert len(steps) == 20
    Assignment.objects.bulk_create(
        [
            Assignment(system=one, activity=step, person=people[(at + place) % 40], letter=letter, from_on=MAY)
            for at, one in enumerate(made)
            for place, step in enumerate(steps)
            for letter in letters
        ]
    )
    return steps


def asked(client, url, **more):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, **more)
    return response.content.decode(), len(captured)


def test_a_thousand_systems_by_twenty_activities_stay_under_one_and_a_half_megabytes(mona, client):
    steps = many(mona, 1000)
    Activity.objects.exclude(pk__in=[one.pk for one in steps]).update(retired_at=timezone.now())
    client.force_login(mona)
    first, few = asked(client, "/governance/matrix/?ordering=name")
    whole, all_of_them = asked(client, "/governance/matrix/?ordering=name&rows=all")
    assert (first.count("<tr>"), whole.count("<tr>")) == (101, 1001)
    assert len(first.encode()) < 250_000
    assert len(whole.encode()) < 1_500_000
    assert few == all_of_them
    parts = [
        client.get(f"/governance/matrix/?page={page}", headers={"HX-Request": "true"}).content.decode()
        for page in range(1, 11)
    ]
    assert [part.count("<tr>") for part in parts] == [100] * 10
    assert ["hx-get" in part for part in parts] == [True] * 9 + [False]
    assert not any("<html" in part for part in parts)


def test_the_file_has_a_row_for_each_system_and_every_letter_by_name(mail, operate, mona, ivan, mia, ada, client):
    web = Function.add(by=ada, name="Web")
    twins = [User.objects.create_user(f"{n}@cast.example", name="Twin Twinsen") for n in "ab"]
    wanted = {f"person-{ivan.pk}": "RA", f"person-{twins[0].pk}": "C", f"function-{web.pk}": "R"}
    Assignment.arrange(mail, {(operate.pk, holder): told for holder, told in wanted.items()}, by=mona)
    client.force_login(mona)
    text = b"".join(client.get("/governance/matrix/csv/")).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["system"], row["name"], row["operate"], row["train"]) for row in rows] == [
        (mail.number, "Mail", f"Ivan Itkin (R/A), {twins[0].number} (C), Web (R)", "")
    ]
    assert client.get("/governance/matrix/xlsx/")["Content-Type"].endswith("spreadsheetml.sheet")


def test_no_cell_of_the_workbook_is_a_formula(mona, client):
    System.add(by=mona, name='=HYPERLINK("http://evil.example","x")')
    client.force_login(mona)
    book = load_workbook(io.BytesIO(b"".join(client.get("/governance/matrix/xlsx/").streaming_content)))
    assert "f" not in {one.data_type for row in book.active.iter_rows() for one in row}
    assert book.active["B2"].value == '\'=HYPERLINK("http://evil.example","x")'
