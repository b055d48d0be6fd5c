"""A person leaves: letters fall vacant the same day, and one hand-over finds a successor for everything they held."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import tasks
from governance.models import Activity, Assignment, Handover
from inventory.models import Integration, System
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.errors import Refused
from martech.notifications.models import Reminder
from martech.permissions import engine
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def gareth(cast):
    return person("member", "Gareth Lomax")


@pytest.fixture
def laura(cast):
    return person("member", "Laura Stahl")


@pytest.fixture
def mail(cast, gareth):
    system = System.add(by=cast.it, name="Mail", business_owner=gareth)
    operate = Activity.objects.get(code="operate")
    Assignment.add(
        by=cast.it,
        system=system,
        activity=operate,
        person=gareth,
        letter="A",
        from_on=timezone.localdate() - timedelta(days=90),
    )
    return system


def passed_over(made):
    return [str(item) for item in made.items.filter(passed_over=True)]


def test_yesterday_answers_with_the_leaver_and_today_does_not(cast, gareth, mail):
    today = timezone.localdate()
    gareth.retire(by=cast.administrator)
    letter = Assignment.objects.get(person=gareth)
    assert (letter.to_on, letter.ended_by_leaving) == (today - timedelta(days=1), True)
    assert engine.people(mail, "accountable", on=today - timedelta(days=1)) == [gareth]
    assert engine.people(mail, "accountable") == []


def test_a_letter_that_had_not_begun_never_counts(cast, gareth):
    system = System.add(by=cast.it, name="Shop")
    step = Activity.objects.get(code="operate")
    Assignment.add(by=cast.it, system=system, activity=step, person=gareth, letter="R")
    gareth.retire(by=cast.administrator)
    letter = Assignment.objects.get(person=gareth)
    assert (letter.retired_at is not None, letter.ended_by_leaving) == (True, True)


def test_each_letter_has_one_entry_of_the_same_act(cast, gareth, mail):
    gareth.retire(by=cast.administrator)
    left = Entry.objects.get(kind="accounts.user", verb="retire")
    letter = Entry.objects.get(kind="governance.assignment", verb="end")
    assert (letter.act, letter.note, letter.version) == (left.act, "Gareth Lomax left.", 2)


def test_one_hand_over_names_everything_they_held(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    shop = System.add(by=cast.it, name="Shop", technical_owner=gareth)
    Integration.add(by=cast.it, source=mail, target=shop, owner=gareth)
    gareth.retire(by=cast.administrator)
    made = Handover.objects.get(person=gareth)
    rows = made.items.order_by("kind", "label").values_list("kind", "label", "successor")
    assert list(rows) == [
        ("governance.assignment", "accountable", laura.pk),
        ("inventory.integration", "owner", laura.pk),
        ("inventory.system", "business owner", laura.pk),
        ("inventory.system", "technical owner", laura.pk),
    ]


def test_without_a_deputy_the_head_is_proposed_then_the_head_of_the_thing(cast, gareth, laura, mail):
    team = Function.add(by=cast.administrator, name="Web team", head=cast.marketing_ops)
    mail.change(by=cast.it, owning_function=team)
    shop = System.add(by=cast.it, name="Shop", technical_owner=gareth)
    gareth.retire(by=cast.administrator)
    made = Handover.objects.get(person=gareth)
    told = {row.key: row.successor for row in made.items.filter(kind="inventory.system")}
    assert told == {mail.pk: cast.marketing_ops, shop.pk: None}
    with pytest.raises(Refused, match="1 of the things have no successor yet"):
        made.carry_out(by=cast.it)


def test_carried_out_everything_has_a_successor_from_that_day(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.retire(by=cast.administrator)
    made = Handover.objects.get(person=gareth).carry_out(by=cast.marketing_ops)
    mail.refresh_from_db()
    assert (made.status, passed_over(made), mail.business_owner) == ("accepted", [], laura)
    assert engine.people(mail, "accountable") == [laura]


def test_the_receiver_accepts_and_what_is_no_longer_held_is_named(cast, gareth, laura, mail):
    made = Handover.add(by=gareth, person=gareth, receiver=laura)
    mail.change(by=cast.it, business_owner=cast.it)
    made.take_over(by=laura)
    mail.refresh_from_db()
    assert (made.status, passed_over(made), mail.business_owner) == ("accepted", ["business owner: Mail"], cast.it)
    assert engine.people(mail, "accountable") == [laura]


def test_declined_it_goes_to_the_next_one_up(cast, gareth, laura, mail):
    team = Function.add(by=cast.administrator, name="Web team", head=cast.marketing_ops)
    laura.change(by=cast.administrator, function=team)
    Handover.add(by=gareth, person=gareth, receiver=laura).decline(by=laura, note="No time.")
    assert list(Handover.objects.order_by("pk").values_list("receiver", "status")) == [
        (laura.pk, "declined"),
        (cast.marketing_ops.pk, "proposed"),
    ]


def test_what_a_leaver_held_and_nobody_takes_waits_for_it(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.retire(by=cast.administrator)
    Handover.objects.get(person=gareth).decline(by=laura, note="No time.")
    left = Handover.objects.get(person=gareth, status="proposed")
    assert (left.receiver, set(left.items.values_list("successor", flat=True))) == (None, {None})
    for item in left.items.values_list("pk", flat=True):
        left.assign(by=cast.it, item=item, successor=cast.it)
    left.carry_out(by=cast.it)
    assert engine.people(mail, "accountable") == [cast.it]


def test_an_asked_for_hand_over_that_nobody_takes_leaves_all_with_its_holder(cast, gareth, laura, mail):
    Handover.add(by=gareth, person=gareth, receiver=laura).decline(by=laura, note="No time.")
    assert [one.status for one in Handover.objects.all()] == ["declined"]
    assert engine.people(mail, "accountable") == [gareth]


@pytest.mark.parametrize(("has", "gets", "kept"), [("C", "A", "A"), ("I", "A", "A"), ("R", "A", "RA"), ("I", "C", "C")])
def test_who_was_asked_or_told_and_now_does_it_is_no_longer_asked_or_told(cast, gareth, laura, has, gets, kept):
    today = timezone.localdate()
    gareth.change(by=cast.administrator, deputy=laura)
    cell = {"system": System.add(by=cast.it, name="Shop"), "activity": Activity.objects.get(code="operate")}
    before = {"by": cast.it, **cell, "from_on": today - timedelta(days=9)}
    Assignment.add(person=gareth, letter=gets, **before)
    Assignment.add(person=laura, letter=has, **before)
    gareth.retire(by=cast.administrator)
    made = Handover.objects.get(person=gareth).take_over(by=laura)
    mine = Assignment.objects.valid(today).filter(person=laura)
    assert ("".join(sorted(mine.values_list("letter", flat=True), reverse=True)), passed_over(made)) == (kept, [])


def test_a_letter_that_somebody_else_has_by_now_stays_theirs(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.retire(by=cast.administrator)
    step = Activity.objects.get(code="operate")
    Assignment.add(by=cast.it, system=mail, activity=step, person=cast.it, letter="A")
    made = Handover.objects.get(person=gareth).take_over(by=laura)
    assert passed_over(made) == ["accountable: Operate the system of Mail"]
    assert engine.people(mail, "accountable") == [cast.it]


def test_without_anybody_standing_in_a_receiver_has_to_be_named(cast, gareth, laura):
    with pytest.raises(ValidationError, match="Nobody stands in for Gareth Lomax"):
        Handover.add(by=gareth, person=gareth)
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.refresh_from_db()
    assert Handover.add(by=gareth, person=gareth).receiver == laura


def test_it_goes_to_nobody_who_left_and_not_to_oneself(cast, gareth, laura):
    laura.retire(by=cast.administrator)
    for receiver, words in ((laura, "is retired"), (gareth, "to themselves")):
        with pytest.raises(ValidationError, match=words):
            Handover.add(by=cast.it, person=gareth, receiver=receiver)


def test_a_restored_person_holds_nothing_again(cast, gareth, mail):
    gareth.retire(by=cast.administrator)
    gareth.restore(by=cast.administrator)
    assert list(Assignment.objects.standing(timezone.localdate()).filter(person=gareth)) == []


def reminded(topic="governance.handover.answer"):
    rows = Reminder.objects.filter(topic=topic, state="open").order_by("-step", "person__name")
    return list(rows.values_list("step", "person__name"))


def test_whoever_is_to_take_over_is_reminded_until_it_is_decided(cast, gareth, laura, mail):
    made = Handover.add(by=gareth, person=gareth, receiver=laura)
    tasks.plan_handover_reminders(timezone.now())
    assert reminded() == [(7, "Laura Stahl"), (1, "Laura Stahl"), (0, "Laura Stahl")]
    made.take_over(by=laura)
    assert reminded() == []


def test_it_is_reminded_of_what_nobody_is_there_to_take(cast, gareth, mail):
    gareth.retire(by=cast.administrator)
    tasks.plan_handover_reminders(timezone.now())
    assert reminded() == [(7, str(cast.it)), (1, str(cast.it)), (0, str(cast.it))]


def test_either_side_ticks_off_what_is_done(cast, gareth, laura, mail):
    made = Handover.add(by=gareth, person=gareth, receiver=laura, checklist=["Show the account", "Meet the agency"])
    made.tick(by=gareth, line=1)
    made.tick(by=laura, line=2)
    made.untick(by=laura, line=2)
    assert made.ticked == ["Show the account"]
    with pytest.raises(ValidationError, match="no such line"):
        made.tick(by=laura, line=3)


def test_who_comes_back_is_offered_what_still_waits(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.retire(by=cast.administrator)
    gareth.restore(by=cast.administrator)
    made = Handover.objects.get(person=gareth)
    assert set(made.items.values_list("successor", flat=True)) == {gareth.pk}
    made.carry_out(by=cast.it)
    assert engine.people(mail, "accountable") == [gareth]


def test_who_comes_back_is_offered_what_others_took(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.retire(by=cast.administrator)
    Handover.objects.get(person=gareth).take_over(by=laura)
    gareth.restore(by=cast.administrator)
    back = Handover.objects.get(person=laura, receiver=gareth)
    assert (back.status, [str(item) for item in back.items.order_by("label")]) == (
        "proposed",
        ["accountable: Operate the system of Mail", "business owner: Mail"],
    )
    assert engine.people(mail, "accountable") == [laura]
    back.take_over(by=gareth)
    mail.refresh_from_db()
    assert (engine.people(mail, "accountable"), mail.business_owner) == ([gareth], gareth)


def test_unanswered_it_lapses(cast, gareth, laura, mail):
    made = Handover.add(by=gareth, person=gareth, receiver=laura)
    other = Handover.add(by=gareth, person=gareth, receiver=cast.it, expires_on=made.expires_on + timedelta(days=9))
    Handover.lapse(timezone.now() + timedelta(days=15))
    assert [Handover.objects.get(pk=one.pk).status for one in (made, other)] == ["expired", "proposed"]


def test_many_letters_cost_as_many_statements_as_one(cast):
    taken = []
    for number in (2, 1, 40):
        leaver = person("member", f"Leaver{number}", f"leaver{number}@cast.example")
        step = Activity.objects.get(code="operate")
        for place in range(number):
            system = System.add(by=cast.it, name=f"System {number}.{place}")
            Assignment.add(by=cast.it, system=system, activity=step, person=leaver, letter="R")
        with CaptureQueriesContext(
            connection,
        ) as told:
            leaver.retire(by=cast.administrator)
        taken.append(len(told))
    assert taken[1] == taken[2]


@pytest.fixture
def handed(cast, gareth, laura, mail):
    """Gareth proposed all of it to Laura, until yesterday."""
    return Handover.add(by=gareth, person=gareth, receiver=laura, expires_on=timezone.localdate() - timedelta(days=1))


def test_a_receiver_who_left_keeps_no_other_hand_over_from_lapsing(cast, gareth, laura, handed):
    other = Handover.add(by=cast.it, person=cast.it, receiver=gareth, expires_on=handed.expires_on)
    laura.retire(by=cast.administrator)
    tasks.lapse_handovers()
    assert set(Handover.objects.filter(pk__in=[handed.pk, other.pk]).values_list("status", flat=True)) == {"expired"}


def test_what_was_proposed_to_somebody_who_left_can_be_withdrawn(cast, gareth, laura, handed):
    laura.retire(by=cast.administrator)
    handed.withdraw(by=gareth, note="She left.")
    assert handed.status == "withdrawn"


def test_what_a_leaver_held_is_settled_though_their_deputy_left_too(cast, gareth, laura, mail):
    gareth.change(by=cast.administrator, deputy=laura)
    gareth.retire(by=cast.administrator)
    made = Handover.objects.get(person=gareth)
    laura.retire(by=cast.administrator)
    made.settle({item.pk: cast.it for item in made.items.all()}, by=cast.it)
    mail.refresh_from_db()
    assert (made.status, mail.business_owner) == ("accepted", cast.it)
    gareth.restore(by=cast.administrator)
    assert gareth.present


def test_nobody_becomes_their_own_deputy_by_a_hand_over(cast, gareth, laura, mail):
    team = Function.add(by=cast.administrator, name="Web", head=laura)
    gareth.change(by=cast.administrator, function=team)
    laura.change(by=cast.administrator, deputy=gareth)
    asked = Handover.add(by=gareth, person=gareth, receiver=laura)
    assert "accounts.user" not in set(asked.items.values_list("kind", flat=True))
    asked.withdraw(by=gareth, note="I leave instead.")
    gareth.retire(by=cast.administrator)
    made = Handover.objects.get(person=gareth, cause="leaving")
    deputy = made.items.get(kind="accounts.user")
    assert deputy.successor is None
    with pytest.raises(ValidationError, match="Laura Stahl cannot take this over"):
        made.assign(by=cast.it, item=deputy.pk, successor=laura)
    made.settle({deputy.pk: cast.it}, by=cast.it)
    laura.refresh_from_db()
    assert laura.deputy == cast.it
