"""A person names who stands in for them, from a day to a day; both names are kept, and nobody judges their own."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from governance import periods, tasks
from governance.models import Activity, Assignment, Attestation, Consultation, Handover, StandIn
from inventory.models import System
from martech import timeline
from martech.accounts.models import Function, User
from martech.audit.models import Entry
from martech.errors import Refused
from martech.home import letters
from martech.notifications.models import Notice, Reminder
from martech.permissions import engine

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WEEK = TODAY + timedelta(days=7)


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def named(person, deputy, first=TODAY, last=WEEK, **more):
    return StandIn.add(by=person, person=person, deputy=deputy, from_on=first, to_on=last, **more)


@pytest.fixture
def till(mona, mia, ivan):
    """A critical system for which Mia is consulted and Ivan is accountable."""
    made = System.add(by=mona, name="Till", business_owner=mona, criticality="critical", lifecycle="live")
    operate = Activity.objects.get(code="operate")
    for letter, person in (("C", mia), ("A", ivan)):
        Assignment.add(by=mona, system=made, activity=operate, person=person, letter=letter, from_on=date(2026, 1, 1))
    return made


@pytest.fixture
def put(till, mona):
    return Consultation.add(by=mona, system=till, verb="retire", reason="Old.")


def test_a_person_names_a_deputy_and_both_hear_of_it(mia, cast):
    made = named(mia, cast.legal, reason="Parental leave")
    assert str(made) == f"Leo Legal in place of Mia Member {made.days}"
    told = Notice.objects.filter(kind="governance.standin").values_list("person__name", "sentence")
    assert list(told) == [("Leo Legal", f"Mia Member named a deputy: {made}.")]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"deputy": "mia"}, "deputy", "Nobody stands in for themselves."),
        ({"from_on": ahead(-1)}, "from_on", "Nobody stands in for a day that has passed."),
        ({"from_on": ahead(9)}, "to_on", "It ends before it begins."),
        ({"deputy": "gone"}, "deputy", "is retired"),
        ({"deputy": "robot"}, "deputy", "does not sign in"),
    ],
)
def test_it_is_refused_where_nobody_would_answer(fields, field, sentence, mia, ada, cast):
    people = {"mia": mia, "gone": User.add(by=ada, email="gone@x.example", name="Gone"), "leo": cast.legal}
    people["robot"] = User.add(by=ada, email="robot@x.example", name="Robot", kind="service")
    people["gone"].retire(by=ada)
    given = {"deputy": "leo", "to_on": WEEK, **fields}
    given["deputy"] = people[given["deputy"]]
    with pytest.raises(ValidationError, match=sentence) as refused:
        StandIn.add(by=mia, person=mia, **given)
    assert list(refused.value.message_dict) == [field]


def test_one_deputy_at_a_time(mia, cast):
    first = named(mia, cast.legal, ahead(3), ahead(5))
    for start, end in ((3, 3), (5, 9), (0, 3), (4, 4), (0, 9)):
        with pytest.raises(ValidationError, match=f"Leo Legal stands in for Mia Member {first.days} already"):
            named(mia, cast.finance, ahead(start), ahead(end))
    named(mia, cast.finance, ahead(6), ahead(9))
    with pytest.raises(ValidationError, match="Fay Finance stands in for Mia Member"):
        first.change(by=mia, to_on=ahead(6))


def test_only_the_person_their_head_or_an_administrator_names_a_deputy(mia, ivan, mona, ada, cast):
    web = Function.add(by=ada, name="Web", head=ivan)
    mia.change(by=ada, function=web)
    for stranger in (mona, cast.legal):
        with pytest.raises(PermissionDenied):
            StandIn.add(by=stranger, person=mia, deputy=cast.legal, to_on=WEEK)
    with pytest.raises(PermissionDenied):
        StandIn.add(by=ivan, person=mia, deputy=ivan, to_on=WEEK)
    named_by = [StandIn.add(by=each, person=mia, deputy=cast.legal, to_on=WEEK).end(by=each) for each in (ivan, ada)]
    assert [one.retired_at is not None for one in named_by] == [True, True]


def test_on_no_day_do_deputies_stand_in_for_one_another_in_a_circle(mia, ivan, mona):
    named(mia, ivan, ahead(1), ahead(5))
    named(ivan, mona, ahead(4), ahead(8))
    told = "Ivan Itkin for Mia Member, Mona Marketing for Ivan Itkin stands in that day"
    with pytest.raises(ValidationError, match=f"{ahead(4):%-d %B %Y}: Mia Member for Mona Marketing, {told}"):
        named(mona, mia, TODAY, ahead(9))
    with pytest.raises(ValidationError, match="Mia Member for Ivan Itkin, Ivan Itkin for Mia Member"):
        named(ivan, mia, TODAY, ahead(1))
    kept = named(mona, mia, ahead(6), ahead(9))
    assert kept.from_on == ahead(6)


def test_a_circle_is_found_only_where_all_have_a_day_in_common():
    def period(person, deputy, first, last):
        return periods.Period(person, deputy, date(2027, 5, first), date(2027, 5, last))

    road = [period(1, 2, 1, 9), period(2, 3, 3, 6), period(3, 4, 5, 12)]
    assert periods.circle(road, period(4, 1, 7, 20)) == ()
    found = periods.circle(road, period(4, 1, 6, 20))
    assert [(one.person, one.deputy) for one in found] == [(4, 1), (1, 2), (2, 3), (3, 4)]
    assert (found[-1].first, found[-1].last) == (date(2027, 5, 6), date(2027, 5, 6))


def test_a_period_that_is_over_stays_as_it_was(mia, cast):
    made = named(mia, cast.legal)
    later = timezone.now() + timedelta(days=3)
    made.end(by=cast.legal, at=later, note="I am away myself.")
    assert made.to_on == ahead(2)
    after = timezone.now() + timedelta(days=4)
    for act in (lambda: made.end(by=mia, at=after), lambda: made.change(by=mia, to_on=ahead(9), at=after)):
        with pytest.raises(Refused, match="was over on"):
            act()


def test_the_deputy_answers_and_the_trail_tells_both_names(put, mia, cast):
    with pytest.raises(PermissionDenied):
        put.agree(by=cast.legal)
    named(mia, cast.legal)
    put.object(by=cast.legal, note="Not in spring.")
    own = put.opinions.get()
    assert (own.person, own.answered_by, own.told) == (
        mia,
        cast.legal,
        "Leo Legal for Mia Member objects: Not in spring.",
    )
    entry = Entry.objects.get(verb="object")
    assert (entry.by, entry.changes["instead_of"]) == (cast.legal, [None, {"id": mia.pk, "text": "Mia Member"}])
    [line] = timeline.lines(Consultation, [entry], mia)
    assert line.sentence == "objected to Till: retire it in place of Mia Member"
    sentence = Notice.objects.filter(person=put.asked_by).latest("pk").sentence
    assert sentence == "Leo Legal, for Mia Member, objects to Till: retire it: “Not in spring.”"


def test_the_persons_own_word_counts_until_the_end(put, mia, cast):
    named(mia, cast.legal)
    put.object(by=cast.legal, note="Not in spring.")
    put.object(by=mia, note="Never.")
    assert put.opinions.get().told == "Mia Member objects: Never."
    with pytest.raises(Refused, match="Mia Member has answered already; their own word counts"):
        put.agree(by=cast.legal)


def test_standing_in_counts_on_its_days_and_for_what_it_covers_only(put, mia, cast):
    made = named(mia, cast.legal, ahead(1), WEEK)
    with pytest.raises(PermissionDenied):
        put.agree(by=cast.legal)
    made.end(by=mia)
    named(mia, cast.legal, covers="handovers")
    with pytest.raises(PermissionDenied):
        put.agree(by=cast.legal)


def test_standing_in_does_not_go_on_to_a_third(put, mia, cast):
    named(mia, cast.legal)
    named(cast.legal, cast.finance)
    with pytest.raises(PermissionDenied):
        put.agree(by=cast.finance)


def test_who_stands_in_for_two_says_for_whom(till, mona, mia, cast):
    operate = Activity.objects.get(code="operate")
    Assignment.add(by=mona, system=till, activity=operate, person=cast.finance, letter="C")
    put = Consultation.add(by=mona, system=till, verb="retire", reason="Old.")
    for person in (mia, cast.finance):
        named(person, cast.legal)
    with pytest.raises(ValidationError, match="You stand in for Fay Finance and Mia Member: say for whom you answer"):
        put.agree(by=cast.legal)
    put.agree(by=cast.legal, instead_of=mia)
    put.agree(by=cast.legal, instead_of=cast.finance)
    assert put.status == "clear"
    with pytest.raises(Refused, match="You do not stand in for Ivan Itkin here today"):
        Consultation.add(by=mona, system=till, verb="phase_out", reason="Old.").agree(by=cast.legal, instead_of=cast.it)


def test_nobody_answers_their_own_question_as_a_deputy(put, mia, mona, ivan, cast):
    named(mia, mona)
    with pytest.raises(Refused, match="This is your own: Mia Member answers it"):
        put.agree(by=mona)
    put.object(by=mia, note="Not yet.")
    named(ivan, mona)
    with pytest.raises(Refused, match="This is your own: Ivan Itkin answers it"):
        put.overrule(by=mona, note="We must.")
    put.withdraw(by=mona, note="Again, by Ivan.")
    again = Consultation.add(by=ivan, system=put.system, verb="retire", reason="Old.")
    again.object(by=mia, note="Not yet.")
    StandIn.objects.valid(TODAY).get(person=ivan).end(by=ivan)
    named(ivan, cast.legal)
    with pytest.raises(Refused, match="This is Ivan Itkin's own"):
        again.overrule(by=cast.legal, note="We must.")


def test_the_deputy_of_whoever_is_accountable_decides_an_objection(put, mia, ivan, cast):
    put.object(by=mia, note="Not yet.")
    named(ivan, cast.legal)
    put.overrule(by=cast.legal, note="We must.")
    assert (put.status, Entry.objects.get(verb="overrule").instead_of) == ("overruled", "Ivan Itkin")


def test_a_confidential_system_is_not_opened_by_standing_in(put, till, mia, mona, cast):
    till.change(by=mona, confidential=True)
    named(mia, cast.legal)
    assert not engine.may(cast.legal, "governance.view_consultation", put)
    with pytest.raises(PermissionDenied):
        put.agree(by=cast.legal)


def test_a_deputy_takes_over_or_declines_but_not_their_own_hand_over(mia, mona, ivan, cast):
    System.add(by=mona, name="Mail", business_owner=mona)
    made = Handover.add(by=mona, person=mona, receiver=mia)
    named(mia, mona)
    with pytest.raises(PermissionDenied):
        made.take_over(by=mona)
    StandIn.objects.get().end(by=mia)
    named(mia, cast.legal)
    also = named(mona, cast.legal)
    with pytest.raises(PermissionDenied):
        made.take_over(by=cast.legal)
    also.end(by=mona)
    made.take_over(by=cast.legal)
    assert System.objects.get().business_owner == mia
    assert Entry.objects.get(verb="take_over").instead_of == "Mia Member"
    other = Handover.add(by=ivan, person=mona, receiver=mia)
    StandIn.objects.valid(TODAY).get().end(by=mia)
    named(mia, ivan)
    with pytest.raises(Refused, match="This is your own: Mia Member answers it"):
        other.decline(by=ivan, note="No.")


def test_a_deputy_confirms_a_record_but_not_their_own_change(mia, mona, ivan, cast):
    mail = System.add(by=mona, name="Mail", business_owner=mia, lifecycle="live")
    mail.verify(by=mia)
    due = ahead(9)
    asked = Attestation.add(by=mona, system=mail, person=mia, due_on=due)
    named(mia, ivan)
    mail.change(by=ivan, user_count=12)
    with pytest.raises(Refused, match="This is your own: Mia Member answers it"):
        asked.confirm(by=ivan)
    StandIn.objects.get().end(by=mia)
    named(mia, cast.legal)
    asked.confirm(by=cast.legal)
    mail.refresh_from_db()
    assert (asked.answered_by, asked.person, mail.verification) == (cast.legal, mia, "verified")


def test_who_leaves_is_no_deputy_and_has_none_from_that_day(put, mia, ada, cast):
    named(mia, cast.legal)
    named(cast.legal, cast.finance, ahead(2), WEEK)
    cast.legal.retire(by=ada)
    ended = StandIn.objects.exclude(retired_at=None).values_list("ended_by_leaving", flat=True)
    assert list(ended) == [True, True]  # neither had counted for a whole day
    notes = list(Entry.objects.filter(kind="governance.standin", verb="end").values_list("note", flat=True))
    assert notes == ["Leo Legal left."] * 2
    assert engine.deputies([mia.pk], "consultations") == {}
    assert Notice.objects.filter(person=mia, kind="governance.standin", sentence__contains="Leo Legal left.").exists()


def test_a_period_that_had_begun_ends_the_day_before_the_leaving(mia, ada, cast):
    made = named(mia, cast.legal)
    cast.legal.retire(by=ada, at=timezone.now() + timedelta(days=2))
    made.refresh_from_db()
    assert (made.to_on, made.retired_at) == (ahead(1), None)


def test_one_place_says_who_stands_in_for_whom(mia, cast):
    named(mia, cast.legal)
    deputies = engine.deputies([mia.pk, cast.finance.pk], "attestations")
    assert {key: one.name for key, one in deputies.items()} == {mia.pk: "Leo Legal"}
    assert {key: one.name for key, one in engine.stood_in_for(cast.legal, "handovers").items()} == {
        mia.pk: "Mia Member"
    }
    assert engine.stood_in_for(cast.legal, "handovers", on=ahead(8)) == {}


def test_home_brings_what_waits_for_the_person_to_the_deputy(put, mia, mona, ivan, cast, client):
    mail = System.add(by=mona, name="Mail", business_owner=mia, lifecycle="live")
    Attestation.add(by=mona, system=mail, person=mia, due_on=ahead(9))
    Handover.add(by=ivan, person=ivan, receiver=mia)
    made = named(mia, cast.legal)
    client.force_login(cast.legal)
    page = client.get("/").content.decode()
    assert f'You stand in for <a href="/people/{mia.pk}/">Mia Member</a> until' in page
    for words in (
        "Mona Marketing asks for an answer in place of Mia Member by",
        "Asked of Mia Member; answer by",
        "Proposed to Mia Member; answer by",
    ):
        assert words in page
    assert "For Mia Member" in client.get("/governance/attestations/mine/").content.decode()
    client.force_login(mia)
    assert "stands in for you until" in client.get("/").content.decode()
    page = client.get("/me/deputies/").content.decode()
    assert made.number in page
    instead = letters.covered(mona, letters.standing_in(mona, TODAY), "consultations")
    assert letters.to_answer(mona, TODAY, instead) == []


def test_a_deputy_is_told_what_the_person_is_asked(till, mia, mona, cast):
    named(mia, cast.legal)
    Consultation.add(by=mona, system=till, verb="retire", reason="Old.")
    told = Notice.objects.filter(kind="governance.consultation").values_list("person__name", flat=True)
    assert sorted(told) == ["Ivan Itkin", "Leo Legal", "Mia Member"]


def test_the_deputy_is_reminded_with_the_person(put, mia, mona, ivan, cast):
    mail = System.add(by=mona, name="Mail", business_owner=mia, lifecycle="live")
    Attestation.add(by=mona, system=mail, person=mia, due_on=ahead(9))
    Handover.add(by=ivan, person=ivan, receiver=mia)
    named(mia, cast.legal)
    at = timezone.now()
    for plan in (tasks.plan_consultation_reminders, tasks.plan_handover_reminders, tasks.attest):
        plan(at)
    told = set(Reminder.objects.values_list("topic", "person__name"))
    topics = (tasks.TOPIC, tasks.ANSWERED, tasks.ATTESTATIONS)
    assert told == {(topic, name) for topic in topics for name in ("Mia Member", "Leo Legal")}


def test_a_period_is_told_as_people_say_it():
    def days(first, last):
        return StandIn(from_on=date.fromisoformat(first), to_on=date.fromisoformat(last)).days

    assert days("2027-05-03", "2027-05-03") == "on 3 May 2027"
    assert days("2027-05-03", "2027-05-09") == "from 3 to 9 May 2027"
    assert days("2027-05-30", "2027-06-02") == "from 30 May to 2 June 2027"
    assert days("2026-12-28", "2027-01-03") == "from 28 December 2026 to 3 January 2027"


def test_rest_says_beside_who_answers_who_stands_in_that_day(till, mia, ada, ivan, cast, client):
    named(ivan, cast.legal)
    named(mia, cast.finance, covers="handovers")
    client.force_login(mia)

    def asked(day):
        told = client.get(f"/api/v1/systems/{till.pk}/answers/?on={day}").json()
        return {one["name"]: one["deputy_name"] for row in told for one in row["people"]}

    assert asked(TODAY) == {"Ivan Itkin": "Leo Legal", "Mia Member": None}
    assert asked(ahead(8)) == {"Ivan Itkin": None, "Mia Member": None}
    cast.legal.retire(by=ada, at=timezone.now() + timedelta(days=3))
    assert engine.deputies([ivan.pk], "everything", on=ahead(1)) == {}


def test_a_deputy_hands_over_to_another_and_not_to_themselves(mona, mia, ivan):
    made = System.add(by=mona, name="Forms", business_owner=mona, lifecycle="live")
    asked = Attestation.add(by=ivan, system=made, person=mona, due_on=ahead(30))
    named(mona, mia, covers="attestations")
    with pytest.raises(Refused, match="in Mona Marketing's place: nobody makes themselves the owner that way"):
        asked.hand_over(by=mia, to=mia, note="Mine now.")
    made.refresh_from_db()
    assert (made.business_owner, engine.may(mia, "inventory.change_system", made)) == (mona, False)
    Attestation.objects.get(pk=asked.pk).hand_over(by=mia, to=ivan, note="Ivan runs it.")
    made.refresh_from_db()
    assert made.business_owner == ivan


def test_a_word_given_before_anybody_could_stand_in_is_the_persons_own(put, mia, cast):
    put.object(by=mia, note="We still need it.")
    put.opinions.filter(person=mia).update(answered_by=None)
    named(mia, cast.legal)
    with pytest.raises(Refused, match="Mia Member has answered already; their own word counts"):
        Consultation.objects.get(pk=put.pk).agree(by=cast.legal)
