"""Letters act: R finds the work at home, A what waits for a decision, I reads of changes in the day's mail."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment, Consultation
from inventory.models import System
from martech.accounts.models import Function
from martech.home import letters
from martech.notifications import digest
from martech.notifications.models import Notice, Preference

pytestmark = pytest.mark.django_db


@pytest.fixture
def give(mona):
    def give(system, letter, *, code="operate", **holder):
        step = Activity.objects.get(code=code)
        return Assignment.add(by=mona, system=system, activity=step, letter=letter, from_on=date(2026, 1, 1), **holder)

    return give


@pytest.fixture
def mail(mona):
    return System.add(by=mona, name="Mail", business_owner=mona)


def work(person):
    return [(one.system.name, one.activities) for one in letters.responsible(person, timezone.localdate())]


def test_who_is_responsible_finds_the_activities_by_system(mail, mona, mia, ivan, give):
    shop = System.add(by=mona, name="Shop")
    give(mail, "R", person=mia, code="train")
    give(shop, "R", person=mia)
    give(mail, "R", person=mia)
    give(mail, "A", person=mia, code="support")
    assert work(mia) == [("Mail", ("Train people", "Operate the system")), ("Shop", ("Operate the system",))]
    assert work(ivan) == []


def test_a_function_s_work_is_its_head_s_else_its_deputy_s_else_its_people_s(mail, mona, mia, ivan, ada, cast, give):
    web = Function.add(by=ada, name="Web", head=ivan, deputy=mia)
    cast.legal.change(by=ada, function=web)
    give(mail, "R", function=web)
    people = (ivan, mia, cast.legal)
    assert [len(work(one)) for one in people] == [1, 0, 0]
    ivan.retire(by=ada)
    assert [len(work(one)) for one in people[1:]] == [1, 0]
    mia.retire(by=ada)
    assert len(work(cast.legal)) == 1


def test_a_letter_switched_off_brings_no_work_and_no_news(mail, mona, mia, cast, give):
    held, informed = give(mail, "R", person=mia), give(mail, "I", person=cast.legal)
    for letter in (held, informed):
        letter.silence(by=mona, note="Not now.")
    Notice.objects.all().delete()
    mail.approve(by=cast.it)
    assert (work(mia), Notice.objects.filter(person__in=(mia, cast.legal)).count()) == ([], 0)


def test_home_says_what_is_asked_and_what_is_to_be_decided(mona, mia, ivan, give, client):
    till = System.add(by=mona, name="Till", business_owner=mona, criticality="critical", lifecycle="live")
    give(till, "A", person=ivan)
    give(till, "C", person=mia)
    made = Consultation.add(by=mona, system=till, verb="retire", reason="Old.")
    today = timezone.localdate()
    assert (letters.to_answer(mia, today), letters.to_decide(ivan)) == ([made], [])
    client.force_login(mia)
    assert "Till: retire it" in client.get("/").content.decode()
    made.object(by=mia, note="Not yet.")
    assert (letters.to_answer(mia, today), letters.to_decide(ivan), letters.to_decide(mona)) == ([], [made], [])


def test_responsible_and_accountable_hear_at_once_and_informed_in_the_day_s_mail(mail, mona, mia, ivan, cast, give):
    give(mail, "A", person=ivan)
    give(mail, "R", person=cast.security)
    give(mail, "I", person=mia)
    Preference.objects.bulk_create(Preference(pk=one.pk, email="at_once") for one in (ivan, mia, cast.security))
    Notice.objects.all().delete()
    mail.change(by=mona, business_owner=cast.finance)
    told = Notice.objects.filter(event="inventory.system.change").select_related("person", "mail")
    assert {one.person.name: (one.mail is not None, one.mail_due_at is not None) for one in told} == {
        "Ivan Itkin": (True, False),
        "Selma Secure": (True, False),
        "Mia Member": (False, True),
        "Fay Finance": (False, True),
    }
    mail.change(by=mona, description="Sends.")
    assert Notice.objects.filter(person=mia, event="inventory.system.change").count() == 1


def test_the_day_s_mail_has_one_line_for_each_system(mail, mona, mia, cast, give, django_assert_num_queries):
    shop = System.add(by=mona, name="Shop", business_owner=mona)
    for system in (mail, shop):
        give(system, "I", person=mia)
    Notice.objects.all().delete()
    mail.change(by=mona, business_owner=cast.finance)
    shop.change(by=mona, business_owner=cast.finance)
    give(mail, "R", person=cast.legal)
    news = list(Notice.objects.filter(person=mia).order_by("at", "pk"))
    with django_assert_num_queries(1):
        told = digest.lines(news)
    assert [line.sentence for line in told] == [
        "Mona Marketing gave a letter: Responsible for “Operate the system” of Mail: Leo Legal. "
        "(And 1 more change there.)",
        "Mona Marketing changed business owner of Shop.",
    ]


def test_who_gets_a_letter_hears_of_it(mail, mona, mia, give):
    held = give(mail, "R", person=mia)
    held.end(by=mona, note="Done.", to_on=timezone.localdate() + timedelta(days=3))
    assert [one.sentence for one in Notice.objects.filter(person=mia).order_by("at", "pk")] == [
        "Mona Marketing gave a letter: Responsible for “Operate the system” of Mail: Mia Member.",
        "Mona Marketing ended a letter: Responsible for “Operate the system” of Mail: Mia Member. Done.",
    ]
