"""“Still right?”: campaigns and intervals ask, owners confirm, correct, hand over or end; silence changes a badge."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Activity, Assignment, Attestation, Campaign, StandIn
from governance.models.attestation import due_for_a_question, since
from governance.tasks import attest
from inventory.models import System
from martech import bulk
from martech.accounts.models import User
from martech.audit.models import Entry
from martech.errors import Refused
from martech.notifications.models import Notice, Reminder

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=14)


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail", lifecycle="live", business_owner=mona, criticality="operational")


@pytest.fixture
def asked(mail, ivan, mona):
    Campaign.add(by=ivan, name="Spring", due_on=SOON).start(by=ivan)
    return Attestation.objects.get(system=mail)


def test_a_campaign_asks_who_answers_for_each_system_once(mail, mona, ivan, mia):
    operate = Activity.objects.get(code="operate")
    shop = System.add(by=mona, name="Shop", lifecycle="live", business_owner=mona)
    System.add(by=mona, name="Nobody's", lifecycle="live")
    System.add(by=mona, name="Wished", lifecycle="proposed", business_owner=mona)
    Assignment.add(by=mona, system=shop, activity=operate, person=mia, letter="A")
    spring = Campaign.add(by=ivan, name="Spring", due_on=SOON).start(by=ivan)
    told = set(spring.attestations.values_list("system__name", "person", "due_on"))
    assert told == {("Mail", mona.pk, SOON), ("Shop", mia.pk, SOON)}
    with pytest.raises(Refused, match="nobody to ask"):
        Campaign.add(by=ivan, name="Again", due_on=SOON).start(by=ivan)
    assert Notice.objects.for_(mia).filter(sentence__contains="Is Shop still right?").exists()


@pytest.mark.parametrize(
    ("narrowed", "names"),
    [
        ({"tier": "critical"}, {"Heart"}),
        ({"tier": "standard"}, {"Mail", "Unrated"}),
        ({"tier": "light"}, {"Toy"}),
        ({"unverified_days": 30}, {"Heart", "Unrated", "Toy"}),
        ({}, {"Mail", "Heart", "Unrated", "Toy"}),
    ],
)
def test_a_campaign_asks_about_those_that_fit(narrowed, names, mail, mona, ivan):
    mail.verify(by=mona)
    for name, rated in (("Heart", "mission"), ("Unrated", ""), ("Toy", "administrative")):
        System.add(by=mona, name=name, lifecycle="live", business_owner=mona, criticality=rated)
    found = Campaign.add(by=ivan, name="Spring", due_on=SOON, **narrowed).systems(TODAY)
    assert {one.name for one in found} == names


def test_to_confirm_verifies_the_system_and_nothing_else(asked, mail, mona):
    before = System.objects.values().get(pk=mail.pk)
    asked.confirm(by=mona)
    after = System.objects.values().get(pk=mail.pk)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"version", "changed_at", "last_verified_on", "verification"}
    assert (asked.status, after["verification"], after["last_verified_on"]) == ("confirmed", "verified", TODAY)
    acts = Entry.objects.filter(verb__in=("confirm", "verify")).values_list("act", flat=True)
    assert len(acts) == 2
    assert len(set(acts)) == 1


def test_only_who_is_asked_answers(asked, ivan, mia):
    for somebody in (ivan, mia):
        with pytest.raises(PermissionDenied):
            asked.confirm(by=somebody)


def test_handing_over_makes_the_other_the_owner_and_asks_them(asked, mail, mona, ivan, ada):
    with pytest.raises(ValidationError, match="is asked already"):
        asked.hand_over(by=mona, to=mona, note="Not mine.")
    asked.hand_over(by=mona, to=ivan, note="IT runs it.")
    mail.refresh_from_db()
    assert (mail.business_owner, asked.status) == (ivan, "handed_over")
    follower = Attestation.objects.open().get(system=mail)
    assert (follower.person, follower.campaign, follower.due_on) == (ivan, asked.campaign, SOON)


def test_handing_over_to_somebody_who_left_changes_nothing(asked, mail, mona, mia, ada):
    mia.retire(by=ada)
    with pytest.raises(ValidationError):
        asked.hand_over(by=mona, to=mia, note="Hers.")
    mail.refresh_from_db()
    assert (mail.business_owner, Attestation.objects.get(pk=asked.pk).status) == (mona, "open")


def test_what_is_no_longer_needed_is_phased_out(asked, mail, mona):
    asked.end_use(by=mona, note="Nobody opened it since May.")
    mail.refresh_from_db()
    assert (mail.lifecycle, asked.status) == ("phasing_out", "ended")


def test_silence_changes_the_badge_and_never_the_data(asked, mail):
    before = System.objects.values().get(pk=mail.pk)
    attest(timezone.make_aware(datetime.combine(SOON + timedelta(days=1), datetime.min.time())) + timedelta(hours=9))
    after = System.objects.values().get(pk=mail.pk)
    assert {name for name in before if before[name] != after[name]} == {"version", "changed_at", "verification"}
    assert (after["verification"], Attestation.objects.get(pk=asked.pk).status) == ("unverified", "lapsed")


def test_a_late_answer_still_counts(asked, mail, mona):
    attest(timezone.now() + timedelta(days=16))
    late = Attestation.objects.get(pk=asked.pk)
    late.confirm(by=mona)
    mail.refresh_from_db()
    assert (late.status, mail.verification) == ("confirmed", "verified")


def test_closing_a_campaign_lets_what_is_open_lapse(asked, ivan):
    asked.campaign.close(by=ivan)
    assert Attestation.objects.get(pk=asked.pk).status == "lapsed"
    with pytest.raises(Refused):
        asked.campaign.start(by=ivan)


@pytest.mark.parametrize(
    ("tier", "day"),
    [("critical", date(2026, 2, 28)), ("standard", date(2025, 8, 28)), ("light", date(2025, 8, 28))],
)
def test_the_interval_is_half_a_year_for_critical_systems_and_a_year_for_others(tier, day):
    assert since(tier, date(2026, 8, 31)) == day


def test_systems_are_asked_about_when_their_interval_has_passed(mail, mona):
    assert list(due_for_a_question(TODAY)) == []
    System.objects.filter(pk=mail.pk).update(last_verified_on=TODAY - timedelta(days=370))
    assert list(due_for_a_question(TODAY)) == [mail]
    attest(timezone.now())
    attest(timezone.now())
    assert [(one.person, one.campaign) for one in Attestation.objects.open()] == [(mona, None)]


def test_reminders_stand_in_the_one_ledger_and_end_with_the_answer(asked, mona):
    attest(timezone.now())
    rows = Reminder.objects.filter(topic="governance.attestation.due", person=mona)
    planned = Reminder.State.OPEN
    assert rows.filter(state=planned).count() > 0
    asked.confirm(by=mona)
    assert rows.filter(state=planned).count() == 0


def test_an_edit_by_somebody_else_asks_for_confirmation(mail, mona, ivan):
    mail.verify(by=mona)
    mail.change(by=mona, description="Ours.")
    assert mail.verification == "verified"
    mail.change(by=ivan, description="IT says so.")
    assert System.objects.get(pk=mail.pk).verification == "needs_confirmation"


def test_whoever_is_accountable_casts_no_doubt(mail, mona, ivan):
    mail.verify(by=mona)
    operate = Activity.objects.get(code="operate")
    Assignment.add(by=mona, system=mail, activity=operate, person=ivan, letter="A")
    mail.change(by=ivan, description="Mine to say.")
    assert System.objects.get(pk=mail.pk).verification == "verified"


@pytest.mark.unheard
@pytest.mark.parametrize("many", [2, 30])
def test_a_bulk_edit_by_somebody_else_is_doubted_in_two_statements(many, mona, ivan):
    made = [System.add(by=mona, name=f"S{n}", business_owner=mona) for n in range(many)]
    System.objects.update(verification="verified")
    rows = [(one.pk, None, {"description": "IT says so."}) for one in made]
    assert "it" in ivan.standing  # read once, not counted
    with CaptureQueriesContext(connection) as plain:
        bulk.apply(System, [], [(key, None, {"description": "Ours."}) for key, _, _ in rows], by=mona)
    with CaptureQueriesContext(connection) as doubting:
        bulk.apply(System, [], rows, by=ivan)
    assert len(doubting) == len(plain) + 1  # whose they are is asked both times; the badge is one statement more
    told = set(System.objects.values_list("verification", "version"))
    assert told == {("needs_confirmation", 4)}
    assert Entry.objects.filter(verb="doubt", by=ivan).count() == many


def test_a_program_that_keeps_its_fields_casts_no_doubt(mail, mona, ada):
    robot = User.add(by=ada, name="ERP", email="erp@cast.example", kind="service")
    robot.grant(by=ada, role="it")
    mail.verify(by=mona)
    bulk.apply(System, [], [(mail.pk, None, {"user_count": 12})], by=User.objects.get(pk=robot.pk))
    mail.refresh_from_db()
    assert (mail.user_count, mail.verification) == (12, "verified")


def test_a_system_that_is_retired_keeps_no_other_question_back(asked, mail, mona, ivan):
    shop = System.add(by=mona, name="Shop", lifecycle="live", business_owner=mona)
    other = Attestation.add(by=ivan, system=shop, person=mona, due_on=SOON)
    mail.retire(by=mona)
    attest(timezone.now() + timedelta(days=16))
    states = dict(Attestation.objects.values_list("system__name", "status"))
    assert states == {"Mail": "open", "Shop": "lapsed"}
    assert list(Attestation.objects.of(mona)) == []
    assert other.system.name == "Shop"


def test_after_silence_nobody_is_asked_again_for_a_while(mail):
    System.objects.filter(pk=mail.pk).update(last_verified_on=TODAY - timedelta(days=370))
    attest(timezone.now())
    attest(timezone.now() + timedelta(days=22))
    attest(timezone.now() + timedelta(days=23))
    assert [one.status for one in Attestation.objects.all()] == ["lapsed"]
    attest(timezone.now() + timedelta(days=120))
    assert sorted(one.status for one in Attestation.objects.all()) == ["lapsed", "open"]


@pytest.mark.unheard
@pytest.mark.parametrize("many", [3, 40])
def test_many_are_asked_in_as_many_statements_as_few(many, mona, ivan):
    for number in range(many):
        System.add(by=mona, name=f"S{number}", lifecycle="live", business_owner=mona)
    spring = Campaign.add(by=ivan, name="Spring", due_on=SOON)
    with CaptureQueriesContext(connection) as asked:
        spring.start(by=ivan)
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 12
    entries = Entry.objects.filter(kind="governance.attestation", verb="add")
    assert (spring.attestations.count(), entries.count()) == (many, many)
    assert entries.first().changes["person"] == [None, {"id": mona.pk, "text": "Mona Marketing"}]


def test_nobody_is_asked_about_what_they_may_not_see(mail, mona, mia):
    mail.change(by=mona, confidential=True)
    with pytest.raises(ValidationError, match="Mia Member may not see this system"):
        Attestation.add(by=mona, system=mail, person=mia, due_on=SOON)


def test_who_no_longer_sees_the_system_is_shown_nothing_of_it(asked, mail, mona, ivan, client):
    mail.change(by=mona, confidential=True, business_owner=ivan)
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    for page in ("/governance/attestations/mine/", "/governance/attestations/"):
        assert "Is Mail still right?" not in client.get(page).content.decode()
    assert client.get(f"/governance/attestations/{asked.pk}/").status_code == 404
    client.post("/governance/attestations/mine/", {"key": asked.pk})
    assert Attestation.objects.get(pk=asked.pk).status == "open"


def test_the_second_click_confirms_nothing_twice(asked, mona, client):
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    sent = {"key": asked.pk, "form-key": "a" * 32}
    for _ in range(2):
        told = client.post("/governance/attestations/mine/", sent, follow=True).content.decode()
    assert "This was sent twice and done once." in told
    assert Entry.objects.filter(verb="confirm").count() == 1


def test_what_cannot_be_confirmed_is_told_and_keeps_nothing_else_back(asked, mail, mona, ivan, client):
    shop = System.add(by=mona, name="Shop", business_owner=mona)
    StandIn.add(by=mona, person=mona, deputy=ivan, from_on=TODAY, to_on=SOON)
    shop.verify(by=mona)
    shop.change(by=ivan, criticality="administrative")  # his own doubt is not his to settle
    other = Attestation.add(by=mona, system=shop, person=mona, due_on=SOON)
    client.force_login(ivan, backend="martech.permissions.backend.TableBackend")
    sent = {"key": [other.pk, asked.pk], "form-key": "a" * 32}
    told = client.post("/governance/attestations/mine/", sent, follow=True).content.decode()
    assert "This is your own: Mona Marketing answers it" in told
    assert {one.system.name: one.status for one in Attestation.objects.all()} == {"Mail": "confirmed", "Shop": "open"}


def test_one_page_has_everything_a_person_is_asked(asked, mail, mona, ivan, client):
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    page = client.get("/governance/attestations/mine/").content.decode()
    assert "Is it still right?" in page
    assert mail.number in page
    client.post("/governance/attestations/mine/", {"key": [asked.pk, "x", 999999]})
    assert Attestation.objects.get(pk=asked.pk).status == "confirmed"
    assert "Nothing is asked of you" in client.get("/governance/attestations/mine/").content.decode()


def test_every_way_to_answer_leads_to_its_form(asked, mona, client):
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    page = client.get("/governance/attestations/mine/").content.decode()
    ways = [link for link in re.findall(r'href="([^"]+)"', page) if f"/attestations/{asked.pk}/" in link]
    assert [client.get(link).status_code for link in ways] == [200, 200, 200]


def test_nobody_confirms_for_somebody_else_by_the_page(asked, ivan, client):
    client.force_login(ivan, backend="martech.permissions.backend.TableBackend")
    client.post("/governance/attestations/mine/", {"key": asked.pk})
    assert Attestation.objects.get(pk=asked.pk).status == "open"
