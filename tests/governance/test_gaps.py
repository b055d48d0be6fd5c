"""What is missing in who answers for what opens and closes by itself."""

import random
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from governance import gap_rules
from governance.models import Activity, Assignment, BusinessProcess, Gap, ProcessStep, StandIn
from inventory.models import System
from martech.accounts.models import Function, User
from martech.audit.models import Entry
from martech.home.letters import to_mend

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(mona, ivan):
    """A live system; of all activities only training is required for it."""
    Activity.objects.exclude(code="train").update(required_from="")
    Activity.objects.filter(code="train").update(required_from="light", kinds=[])
    return System.add(by=mona, name="Mail", lifecycle="live", business_owner=ivan)


@pytest.fixture
def train():
    return Activity.objects.get(code="train")


def found(**asked):
    """The rules of what is open now."""
    Gap.sweep(timezone.now())
    return sorted(Gap.objects.filter(closed_at=None, **asked).values_list("rule", flat=True))


def letter(by, mail, train, letter, **holder):
    return Assignment.add(by=by, system=mail, activity=train, letter=letter, **holder)


def test_a_required_activity_of_a_live_system_needs_somebody(mail, train, mona, ivan):
    assert found(system=mail) == ["no_letter"]
    gap = Gap.objects.get()
    assert (gap.name, gap.mender, gap.plan) == ("Nobody is named for “Train people” of Mail", ivan, None)
    letter(mona, mail, train, "A", person=ivan)
    letter(mona, mail, train, "R", person=ivan)
    assert found(system=mail) == []
    gap.refresh_from_db()
    assert gap.status == "closed"
    assert list(Entry.objects.filter(kind="governance.gap").order_by("pk").values_list("verb", flat=True)) == [
        "add",
        "close",
    ]


@pytest.mark.parametrize(("given", "rule"), [("A", "no_responsible"), ("R", "no_accountable"), ("C", "all_consulted")])
def test_letters_that_are_not_enough_are_one_gap(mail, train, mona, ivan, given, rule):
    letter(mona, mail, train, given, person=ivan)
    assert found(system=mail) == [rule]


def test_a_system_that_is_not_live_has_no_such_gaps(mail, mona):
    mail.phase_out(by=mona, note="Sold")
    assert found(system=mail) == []


def test_a_tier_and_a_kind_decide_what_is_required(mail, mona):
    Activity.objects.filter(code="train").update(required_from="critical")
    assert found(system=mail) == []
    mail.change(by=mona, criticality="mission", kind="saas")
    assert found(system=mail) == ["no_letter"]
    Activity.objects.filter(code="train").update(kinds=["agency_run"])
    assert found(system=mail) == []


def test_a_letter_of_somebody_who_left_is_a_gap_and_so_is_an_empty_function(mail, train, mona, ivan, ada, mia):
    team = Function.add(by=ada, name="Empty")
    letter(mona, mail, train, "A", person=ivan)
    held = letter(mona, mail, train, "R", function=team)
    assert found(system=mail) == ["inactive_holder"]
    team.change(by=ada, head=mia)
    assert found(system=mail) == []
    User.objects.filter(pk=mia.pk).update(kind="service")
    assert found(system=mail) == ["inactive_holder"]
    User.objects.filter(pk=mia.pk).update(kind="person")
    assert found(system=mail) == []
    User.objects.filter(pk=ivan.pk).update(is_active=False)
    assert found(system=mail) == ["inactive_holder"]
    assert Gap.objects.get(closed_at=None, system=mail).mender is None
    held.refresh_from_db()
    assert held.last_on.year == 9999


def test_who_answers_for_something_critical_or_leads_needs_a_deputy(mail, train, mona, ivan, mia, ada):
    letter(mona, mail, train, "A", person=ivan)
    letter(mona, mail, train, "R", person=ivan)
    assert found(person=ivan) == []
    mail.change(by=mona, criticality="critical")
    assert found(person=ivan) == ["no_deputy"]
    User.objects.filter(pk=ivan.pk).update(deputy=mia)
    assert found(person=ivan) == []
    team = Function.add(by=ada, name="Team", head=mona)
    assert found(person=mona) == ["no_deputy"]
    team.change(by=ada, deputy=mia)
    assert found(person=mona) == []


def test_a_deputy_from_a_day_to_a_day_counts_on_these_days(ada, mona, mia):
    Function.add(by=ada, name="Team", head=mona)
    assert found(person=mona) == ["no_deputy"]
    last = timezone.localdate() + timedelta(days=5)
    StandIn.add(by=mona, person=mona, deputy=mia, to_on=last)
    assert found(person=mona) == []
    Gap.sweep(timezone.now() + timedelta(days=7))
    assert list(Gap.objects.filter(closed_at=None, person=mona).values_list("rule", flat=True)) == ["no_deputy"]


def test_too_many_letters_are_overload(mail, train, mona, ivan):
    rows = [
        Assignment(
            system=System.add(by=mona, name=f"S{n}"),
            activity=train,
            person=ivan,
            letter="R",
            from_on=timezone.localdate(),
        )
        for n in range(gap_rules.MOST_LETTERS)
    ]
    Assignment.objects.bulk_create(rows)
    assert found(person=ivan) == []
    letter(mona, mail, train, "R", person=ivan)
    assert found(person=ivan) == ["overload"]


def test_a_stage_that_live_systems_serve_needs_somebody_who_answers_for_it(mail, mona, mia):
    mail.change(by=mona, journey_stages=["buy"])
    assert found(stage__isnull=False) == ["no_stage"]
    gap = Gap.objects.get(stage__isnull=False)
    assert (gap.name, gap.mender) == ("Nobody answers for the stage “Buy” of the customer journey", None)
    gap.stage.change(by=mona, accountable=mia)
    assert found(stage__isnull=False) == []


def test_work_that_goes_to_another_function_needs_somebody_who_answers_for_it_arriving(mail, mona, ivan, mia, ada):
    sales, service = Function.add(by=ada, name="Sales"), Function.add(by=ada, name="Service")
    leads = BusinessProcess.add(by=mona, name="Lead management", owner=ivan)
    steps = [
        ProcessStep.add(by=mona, process=leads, name=name, function=function, position=place)
        for place, (name, function) in enumerate((("Score", sales), ("Sell", sales), ("Onboard", service)), start=1)
    ]
    assert found(step__isnull=False) == ["no_passing"]
    gap = Gap.objects.get(step__isnull=False)
    assert (gap.step, gap.mender) == (steps[1], ivan)
    assert gap.name == "Nobody answers for “Sell” of Lead management being handed over"
    assert [(one.name, one.process, one.many) for one in to_mend(ivan) if one.process] == [
        ("Lead management", leads.pk, 1)
    ]
    steps[1].change(by=mona, handover_accountable=mia)
    assert found(step__isnull=False) == []
    User.objects.filter(pk=mia.pk).update(is_active=False)
    assert found(step__isnull=False) == ["no_passing"]


def test_a_tolerated_gap_does_not_count_until_its_day(mail, ivan, oskar):
    Gap.sweep(timezone.now())
    gap = Gap.objects.get()
    today = timezone.localdate()
    with pytest.raises(PermissionDenied):
        gap.tolerate(by=oskar, tolerated_until=today, note="Later")
    with pytest.raises(ValidationError, match="Choose today or a later day"):
        gap.tolerate(by=ivan, tolerated_until=today - timedelta(1), note="Later")
    gap.tolerate(by=ivan, tolerated_until=today, note="The trainer is on leave")
    assert (found(system=mail), list(Gap.objects.counting())) == (["no_letter"], [])
    Gap.sweep(timezone.now() + timedelta(days=1))
    assert list(Gap.objects.counting()) == [gap]


def test_who_can_mend_it_follows_the_owner(mail, mona, mia):
    Gap.sweep(timezone.now())
    mail.change(by=mona, business_owner=None, technical_owner=mia)
    assert Gap.sweep(timezone.now()) == (0, 0)
    assert Gap.objects.get().mender == mia


def test_two_accountable_people_are_a_gap_where_the_database_let_them_pass(mail, train, mona, ivan, mia):
    letter(mona, mail, train, "A", person=ivan)
    letter(mona, mail, train, "R", person=ivan)
    unguarded()
    today = timezone.localdate()
    Assignment.objects.create(system=mail, activity=train, person=mia, letter="A", from_on=today, last_on=today.max)
    assert found(system=mail) == ["two_accountable"]


def unguarded():
    """Take the database's own guard of one A away, until the test is over."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE governance_assignment DROP CONSTRAINT assignment_accountable")
        else:
            cursor.execute("DROP TRIGGER assignment_accountable_insert")


def test_where_nothing_differs_it_asks_two_statements_and_locks_nothing(mail, mona, django_assert_num_queries):
    for n in range(30):
        System.add(by=mona, name=f"S{n}", lifecycle="live")
    Gap.sweep(timezone.now())
    with django_assert_num_queries(2):
        assert Gap.sweep(timezone.now()) == (0, 0)


def plainly(on):
    """The gaps of cells, said again in plain Python."""
    wanted = set()
    for system in System.objects.filter(lifecycle="live", retired_at=None):
        needed = set(Activity.objects.all().required(system.criticality, system.kind))
        for step in Activity.objects.current():
            letters = set(
                Assignment.objects.valid(on).filter(system=system, activity=step).values_list("letter", flat=True)
            )
            if not letters and step in needed:
                wanted.add(("no_letter", system.pk, step.pk))
            elif letters and letters <= {"C", "I"}:
                wanted.add(("all_consulted", system.pk, step.pk))
            elif letters and "A" not in letters:
                wanted.add(("no_accountable", system.pk, step.pk))
            elif letters and "R" not in letters:
                wanted.add(("no_responsible", system.pk, step.pk))
    return wanted


@pytest.mark.parametrize("seed", range(5))
def test_it_finds_what_plain_python_finds(seed, mona, ivan, mia):
    dice = random.Random(seed)
    systems = [
        System.add(
            by=mona,
            name=f"S{n}",
            lifecycle=dice.choice(["live", "live", "proposed"]),
            kind=dice.choice(["", "saas"]),
            criticality=dice.choice(["", "administrative", "operational", "critical", "mission"]),
        )
        for n in range(6)
    ]
    today = timezone.localdate()
    for _round in range(2):
        for system in systems:
            for step in Activity.objects.current():
                if dice.random() < 0.3:
                    continue
                ends = dice.choice([None, None, today - timedelta(1)])
                for who, given in zip((ivan, mia), dice.sample("RACI", 2), strict=True):
                    if Assignment.objects.filter(system=system, activity=step, person=who).exists() or (
                        given == "A" and Assignment.objects.filter(system=system, activity=step, letter="A").exists()
                    ):
                        continue
                    Assignment.objects.create(
                        system=system,
                        activity=step,
                        person=who,
                        letter=given,
                        from_on=today - timedelta(9),
                        to_on=ends,
                        last_on=ends or today.max,
                    )
        Gap.sweep(timezone.now())
        open_now = Gap.objects.filter(closed_at=None, system__isnull=False).exclude(rule="inactive_holder")
        assert Counter(open_now.values_list("rule", "system", "activity")) == Counter(plainly(today))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_open_each_gap_once(mail):
    told, start = [], threading.Barrier(2)

    def run():
        start.wait()
        told.append(Gap.sweep(timezone.now())[0])
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [0, Gap.objects.count()]
    assert Entry.objects.filter(kind="governance.gap").count() == Gap.objects.count()
