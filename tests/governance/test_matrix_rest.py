"""The matrix of a system over REST."""

from datetime import date

import pytest

from governance.models import Activity, Assignment
from inventory.models import System

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail", criticality="administrative")


def test_who_was_accountable_on_3_may(mail, mona, ivan, mia, client):
    operate = Activity.objects.get(code="operate")
    Assignment.arrange(mail, {(operate.pk, f"person-{ivan.pk}"): "RA"}, by=mona, on=date(2026, 5, 3))
    Assignment.arrange(mail, {(operate.pk, f"person-{mia.pk}"): "A"}, by=mona, on=date(2026, 8, 1))
    client.force_login(mia)

    def told(on):
        body = client.get(f"/api/v1/systems/{mail.number}/raci/?on={on}").json()
        step = next(one for one in body["activities"] if one["code"] == "operate")
        return step["required"], step["missing"], [(one["letter"], one["person"]) for one in step["letters"]]

    assert told("2026-05-02") == (True, ["accountable", "responsible"], [])
    assert told("2026-05-03") == (True, [], [("R", ivan.pk), ("A", ivan.pk)])
    assert told("2026-08-01") == (True, [], [("R", ivan.pk), ("A", mia.pk)])
    problem = client.get(f"/api/v1/systems/{mail.pk}/raci/?on=monday").json()
    assert (problem["status"], list(problem["errors"])) == (400, ["on"])


def test_a_dry_run_tells_what_the_call_then_does(mail, mona, ivan, client):
    client.force_login(mona)
    url = f"/api/v1/systems/{mail.pk}/raci/"
    body = {
        "letters": [{"activity": "operate", "person": ivan.number, "letters": "AR"}],
        "on": "2026-05-03",
        "note": "He runs it.",
    }
    tried = client.post(url, {**body, "dry_run": True}, "application/json").json()
    assert not Assignment.objects.exists()
    done = client.post(url, body, "application/json").json()
    assert (tried.pop("dry_run"), done.pop("dry_run"), tried) == (True, False, done)
    name = Activity.objects.get(code="operate").name
    assert done["sentences"] == [
        f"Ivan Itkin becomes responsible for “{name}” on 3 May 2026.",
        f"Ivan Itkin becomes accountable for “{name}” on 3 May 2026.",
    ]
    assert {one.reason for one in Assignment.objects.all()} == {"He runs it."}


def test_what_is_complete_leaves_nobody_else_a_letter_of_the_activities_named(mail, mona, ivan, mia, client):
    step = Activity.objects.get(code="operate").pk
    Assignment.arrange(mail, {(step, f"person-{mia.pk}"): "C"}, by=mona, on=date(2026, 5, 3))
    client.force_login(mona)
    body = {"letters": [{"activity": "operate", "person": ivan.pk, "letters": "A"}], "on": "2026-08-01"}
    done = client.post(f"/api/v1/systems/{mail.pk}/raci/", {**body, "complete": True}, "application/json").json()
    assert [(one["person"], one["letter"]) for one in (*done["begins"], *done["ends"])] == [
        (ivan.pk, "A"),
        (mia.pk, "C"),
    ]


def test_bad_input_is_a_problem_and_nothing_happens(mail, mona, ivan, mia, client):
    url = f"/api/v1/systems/{mail.pk}/raci/"
    good = {"activity": "operate", "person": ivan.pk, "letters": "R"}
    client.force_login(mia)
    assert client.post(url, {"letters": [good], "dry_run": True}, "application/json").json()["status"] == 403
    client.force_login(mona)
    for letters in (
        [{**good, "activity": "dance"}],
        [{**good, "function": 1}],
        [{**good, "person": None}],
        [{**good, "person": 99999}],
        [{**good, "letters": "CR"}],
        [{**good, "letters": "X"}],
        [good, good],
        [{"activity": "operate", "person": ivan.pk, "letters": "A"}, {**good, "person": mia.pk, "letters": "A"}],
    ):
        problem = client.post(url, {"letters": letters}, "application/json").json()
        assert (problem["status"], list(problem["errors"])) == (400, ["letters"]), letters
    for letters, told in (("R", "letters.non_field_errors"), ([{**good, "colour": "red"}], "letters.0.colour")):
        problem = client.post(url, {"letters": letters}, "application/json").json()
        assert (problem["status"], list(problem["errors"])) == (400, [told])
    assert client.post(url, {"letters": [good], "when": "now"}, "application/json").json()["errors"].keys() == {"when"}
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_cannot_be_meant_is_a_problem(mail, mona, client, day):
    client.force_login(mona)
    wish = [{"activity": "operate", "person": mona.pk, "letters": "A"}]
    told = client.post(
        f"/api/v1/systems/{mail.pk}/raci/", {"on": day, "letters": wish}, content_type="application/json"
    )
    assert (told.status_code, told.json()["errors"]) == (400, {"on": ["Give a day of this century."]})
