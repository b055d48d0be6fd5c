"""Operating models: who is what by role, made letters of a system."""

from datetime import date
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from governance import letters, reports, roles
from governance.models import Activity, Assignment, OperatingModel
from governance.starter import ACTIVITIES, OPERATING_MODELS
from inventory.models import System
from martech.accounts.models import Function
from martech.errors import Refused

pytestmark = pytest.mark.django_db
NOW = date(2026, 8, 1)
THEN = date(2026, 5, 1)


@pytest.fixture
def team(ada, mona):
    return Function.add(by=ada, name="Marketing operations", kind="marketing", head=mona)


@pytest.fixture
def technology(ada, mona, ivan):
    above = Function.add(by=ada, name="Group", head=mona)
    Function.add(by=ada, name="Applications", kind="it")
    return Function.add(by=ada, name="Technology", kind="it", head=ivan, parent=above)


@pytest.fixture
def mail(mona, mia, team, technology):
    return System.add(by=mona, name="Mail", owning_function=team, business_owner=mia, technical_owner=mona)


def model(mona, *lines, code="ours"):
    return OperatingModel.add(by=mona, name="Ours", code=code, lines=list(lines))


def letters_of(system, on):
    names = dict(Activity.objects.values_list("pk", "code"))
    return {(names[step], who): told for (step, who), told in letters.read(Assignment.held(system, on), on).items()}


def test_four_models_are_shipped_and_name_every_activity_with_one_who_is_accountable():
    shipped = {one.code: one for one in OperatingModel.objects.all()}
    assert sorted(shipped) == ["hybrid", "it_led", "joint_unit", "marketing_led"]
    for way in OPERATING_MODELS:
        one = shipped[way.code]
        one.clean()
        assert one.lines == list(way.lines)
        assert [line.activity for line in one.read()] == [step.code for step in ACTIVITIES]
        assert {sum("A" in told for told in line.roles.values()) for line in one.read()} == {1}


def test_a_line_is_read_as_it_is_typed_and_written_in_order():
    assert str(roles.line("Operate:  ar Business_Owner,c fun-3")) == "operate: RA business_owner, C FUN-3"
    for text in (
        "operate",
        "operate: business_owner",
        "operate: A owning_function",
        "operate: A FUN-3",
        "operate: A it_head, A business_owner",
        "operate: R it_head, C it_head",
        "operate: RC it_head",
        "operate: R boss",
    ):
        with pytest.raises(ValueError, match=r"."):
            roles.line(text)


def test_what_a_model_names_is_there(mona):
    with pytest.raises(ValidationError) as told:
        model(mona, "dance: R it_head", "operate: R it_head", "operate: R FUN-999999")
    assert told.value.message_dict == {
        "lines": ["operate has two lines.", "There is no activity dance.", "There is no function FUN-999999."]
    }


def test_roles_become_whoever_they_are_for_the_system(ada, mona, mia, ivan, mail, team, technology):
    support = Function.add(by=ada, name="Support")
    ours = model(
        mona,
        f"operate: A business_owner, R owning_function, C it_head, I {support.number}",
        "support: A technical_owner, C owning_head, R it_function",
    )
    ours.apply(mail, by=mona, on=THEN)
    assert letters_of(mail, THEN) == {
        ("operate", f"person-{mia.pk}"): "A",
        ("operate", f"function-{team.pk}"): "R",
        ("operate", f"person-{ivan.pk}"): "C",
        ("operate", f"function-{support.pk}"): "I",
        ("support", f"person-{mona.pk}"): "A",
        ("support", f"function-{technology.pk}"): "R",
    }
    assert set(Assignment.objects.values_list("reason", flat=True)) == {"Operating model: Ours."}


def test_the_preview_is_what_happens_and_days_before_answer_with_the_old_letters(mona, mia, ivan, mail):
    first, then = OperatingModel.objects.get(code="marketing_led"), OperatingModel.objects.get(code="it_led")
    first.apply(mail, by=mona, on=THEN)
    before = letters_of(mail, date(2026, 7, 31))
    seen = reports.preview(then, mail, mona, NOW)
    assert then.apply(mail, by=mona, on=NOW, note="IT takes over.").plan == seen.plan
    assert letters_of(mail, date(2026, 7, 31)) == before
    after = letters_of(mail, NOW)
    every = before.keys() | after.keys()
    assert [one and one.key for one in seen.headline] == [f"person-{mia.pk}", f"person-{ivan.pk}"]
    drawn = {(line.activity.code, one.key): (was, will) for line in seen.lines for one, was, will in line.cells}
    assert {cell: pair for cell, pair in drawn.items() if pair != ("", "")} == {
        cell: (before.get(cell, ""), after.get(cell, "")) for cell in every
    }
    told = {line.activity.code for line in seen.lines if line.changes}
    assert told == {cell[0] for cell in every if before.get(cell, "") != after.get(cell, "")}
    assert (seen.changes, reports.preview(then, mail, mona, NOW).changes) == (True, False)
    assert (before["operate", f"person-{mia.pk}"], after["operate", f"person-{ivan.pk}"]) == ("A", "A")


def test_applying_twice_changes_nothing(mona, mail):
    hybrid = OperatingModel.objects.get(code="hybrid")
    assert hybrid.apply(mail, by=mona, on=THEN).plan
    kept = list(Assignment.objects.order_by("pk").values())
    assert not hybrid.apply(mail, by=mona, on=NOW).plan
    assert list(Assignment.objects.order_by("pk").values()) == kept


def test_a_role_that_is_nobody_is_named_and_its_letter_stays_with_who_has_it(mona, mia, ivan, mail):
    mail.change(by=mona, business_owner=None)
    operate = Activity.objects.get(code="operate").pk
    Assignment.arrange(
        mail, {(operate, f"person-{ivan.pk}"): "RA", (operate, f"person-{mia.pk}"): "I"}, by=mona, on=THEN
    )
    ours = model(mona, "operate: A business_owner, R technical_owner")
    nobody = (("operate", "business_owner"),)
    assert ours.planned(mail, NOW, by=mona).nobody == nobody
    assert ours.apply(mail, by=mona, on=NOW).nobody == nobody
    assert letters_of(mail, NOW) == {("operate", f"person-{ivan.pk}"): "A", ("operate", f"person-{mona.pk}"): "R"}


def test_it_is_one_act_of_who_may_give_letters(mona, mia, mail):
    other = System.add(by=mona, name="Shop", business_owner=mona)
    with pytest.raises(PermissionDenied):
        OperatingModel.objects.get(code="hybrid").apply(other, by=mia)
    assert not Assignment.objects.exists()


def test_a_retired_model_is_not_applied_whoever_asks(mona, mail, client):
    hybrid = OperatingModel.objects.get(code="hybrid")
    hybrid.retire(by=mona)
    refusal = f"{hybrid.number} is retired. Restore it first."
    for ask in (hybrid.resolved, partial(hybrid.planned, by=mona), partial(hybrid.apply, by=mona)):
        with pytest.raises(Refused, match=refusal):
            ask(mail, on=NOW)
    client.force_login(mona)
    page = f"/governance/operating-models/{hybrid.pk}/apply/"
    for told in (client.get(page, {"system": mail.pk}), client.post(page, {"system": mail.pk, "form-key": "0" * 32})):
        assert (told.status_code, refusal in told.content.decode()) == (422, True)
    for dry in (True, False):
        told = client.post(
            f"/api/v1/operating-models/{hybrid.pk}/apply/", {"system": mail.pk, "dry_run": dry}, "application/json"
        ).json()
        assert (told["status"], told["detail"]) == (409, refusal)
    assert not Assignment.objects.exists()


def test_a_day_that_cannot_be_read_gives_no_letters(mona, mail, client):
    client.force_login(mona)
    hybrid = OperatingModel.objects.get(code="hybrid")
    page = f"/governance/operating-models/{hybrid.pk}/apply/"
    told = client.post(page, {"system": mail.pk, "on": "next monday", "form-key": "0" * 32})
    assert (told.status_code, "Give a day such as 2026-05-03." in told.content.decode()) == (422, True)
    body = {"system": mail.pk, "on": "next monday"}
    told = client.post(f"/api/v1/operating-models/{hybrid.pk}/apply/", body, "application/json").json()
    assert (told["status"], list(told["errors"])) == (400, ["on"])
    assert not Assignment.objects.exists()
    assert client.get(page, body).context["on"] == timezone.localdate()


def test_over_rest_a_dry_run_tells_what_the_call_then_does(mona, mia, mail, client):
    client.force_login(mona)
    url = f"/api/v1/operating-models/{OperatingModel.objects.get(code='hybrid').number}/apply/"
    body = {"system": mail.number, "on": "2026-08-01"}
    tried = client.post(url, {**body, "dry_run": True}, "application/json").json()
    assert not Assignment.objects.exists()
    done = client.post(url, body, "application/json").json()
    assert (tried.pop("dry_run"), done.pop("dry_run"), tried) == (True, False, done)
    assert (done["nobody"], len(done["begins"])) == ([], Assignment.objects.count())
    problem = client.post(url, {"system": 999999}, "application/json").json()
    assert (problem["status"], list(problem["errors"])) == (400, ["system"])
    client.force_login(mia)
    other = System.add(by=mona, name="Shop")
    assert client.post(url, {"system": other.pk, "dry_run": True}, "application/json").json()["status"] == 403


def test_over_rest_the_letters_of_the_former_model_still_answer_for_their_days(mona, mia, ivan, mail, client):
    client.force_login(mona)
    for code, on in (("marketing_led", "2026-05-01"), ("it_led", "2026-08-01")):
        url = f"/api/v1/operating-models/{OperatingModel.objects.get(code=code).number}/apply/"
        client.post(url, {"system": mail.number, "on": on, "note": code}, "application/json")

    def accountable(on):
        body = client.get(f"/api/v1/systems/{mail.number}/raci/?on={on}").json()
        letters = next(one for one in body["activities"] if one["code"] == "operate")["letters"]
        return [one["person"] for one in letters if one["letter"] == "A"]

    days = ("2026-04-30", "2026-05-01", "2026-07-31", "2026-08-01")
    assert [accountable(on) for on in days] == [[], [mia.pk], [mia.pk], [ivan.pk]]


def test_the_page_shows_each_cell_before_and_after_and_then_does_it(mona, mia, mail, client):
    client.force_login(mona)
    mail.change(by=mona, technical_owner=None)
    hybrid = OperatingModel.objects.get(code="hybrid")
    url = f"/governance/operating-models/{hybrid.pk}/apply/"
    shown = client.get(url, {"system": mail.pk, "on": "2026-08-01"}).content.decode()
    assert "Nobody is Technical owner of the system" in shown
    assert "Accountable: Mia" in shown
    assert not Assignment.objects.exists()
    client.post(url, {"system": mail.pk, "on": "2026-08-01", "note": "As agreed.", "form-key": "0" * 32})
    assert set(Assignment.objects.values_list("reason", "from_on")) == {("As agreed.", NOW)}
    assert "Nothing would change" in client.get(url, {"system": mail.pk, "on": "2026-08-01"}).content.decode()
    told = client.post(url, {"system": mail.pk, "on": "1920-08-01", "form-key": "1" * 32})
    assert (told.status_code, "Give a day of this century." in told.content.decode()) == (422, True)


def test_the_page_names_no_system_that_its_reader_does_not_see(mona, ivan, client):
    secret = System.add(by=mona, name="Project Falcon", business_owner=ivan, confidential=True)
    client.force_login(mona)
    page = f"/governance/operating-models/{OperatingModel.objects.get(code='hybrid').pk}/apply/"
    asks = ({}, 200), ({"system": secret.number}, 422), ({"system": secret.pk}, 422)
    for asked, status in asks:
        told = client.get(page, asked)
        assert (told.status_code, "Falcon" in told.content.decode()) == (status, False)


def test_who_may_not_give_letters_for_a_system_is_told_so_on_the_page(mona, mia, mail, client):
    other = System.add(by=mona, name="Shop", business_owner=mona)
    client.force_login(mia)
    told = client.get(
        f"/governance/operating-models/{OperatingModel.objects.get(code='hybrid').pk}/apply/", {"system": "Shop"}
    )
    assert (told.status_code, f"You may not give letters for {other}." in told.content.decode()) == (403, True)


def test_what_changed_since_it_was_shown_is_shown_again_and_not_applied(mona, mia, ivan, mail, client):
    client.force_login(mona)
    hybrid = OperatingModel.objects.get(code="hybrid")
    page, asked = f"/governance/operating-models/{hybrid.pk}/apply/", {"system": mail.number, "on": "2026-08-01"}
    shown = client.get(page, asked).context["seen"].plan.mark
    rest = f"/api/v1{page.removeprefix('/governance')}"
    assert client.post(rest, {**asked, "dry_run": True}, "application/json").json()["mark"] == shown
    mail.change(by=mona, business_owner=ivan)
    again = client.post(page, {**asked, "mark": shown, "form-key": "2" * 32})
    assert (again.status_code, "no longer what you saw" in again.content.decode()) == (409, True)
    assert client.post(rest, {**asked, "mark": shown}, "application/json").json()["status"] == 412
    assert not Assignment.objects.exists()
    done = client.post(rest, {**asked, "mark": again.context["seen"].plan.mark}, "application/json")
    assert (done.status_code, Assignment.objects.exists()) == (200, True)
