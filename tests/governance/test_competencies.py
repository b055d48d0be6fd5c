"""What people are able to do: said by themselves, confirmed by somebody else, out of date after a year."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from governance import reports
from governance.models import Activity, Assignment, Competency, ResourceAssessment
from governance.models.competency import expire
from inventory.models import System
from martech.accounts.models import Function, job_account
from martech.errors import Refused
from martech.operations import acting

pytestmark = pytest.mark.django_db

SPOKE = datetime(2026, 2, 28, 9, tzinfo=UTC)


@pytest.fixture
def train():
    return Activity.objects.get(code="train")


@pytest.fixture
def team(ada, cast):
    """Led by Leo; Mia and Fay work in it."""
    made = Function.add(by=ada, name="Sales", kind="sales", head=cast.legal)
    for person in (cast.legal, cast.member, cast.finance):
        person.change(by=ada, function=made)
    return made


def test_a_person_says_their_level_and_somebody_else_confirms_it(team, train, mia, cast):
    record = Competency.add(by=mia, at=SPOKE, person=mia, activity=train, level=4, evidence="Trained the dealers.")
    assert (record.status, record.rated_on, record.valid_until) == ("self", date(2026, 2, 28), date(2027, 2, 28))
    with pytest.raises(PermissionDenied):
        record.confirm(by=mia)
    record.confirm(by=cast.legal, at=datetime(2026, 6, 30, 9, tzinfo=UTC))
    assert (record.status, record.valid_until) == ("confirmed", date(2027, 6, 28))
    record.rate(by=mia, level=5)
    assert (record.status, record.level) == ("self", 5)


def test_nobody_says_it_of_somebody_they_neither_are_nor_lead(team, train, mia, cast):
    with pytest.raises(PermissionDenied):
        Competency.add(by=mia, person=cast.finance, activity=train, level=2)
    assert Competency.add(by=cast.legal, person=mia, activity=train, level=2).status == "self"


def test_a_level_is_one_of_seven_and_there_is_one_for_each_activity(team, train, mia):
    with pytest.raises(ValidationError, match="8"):
        Competency.add(by=mia, person=mia, activity=train, level=8)
    record = Competency.add(by=mia, person=mia, activity=train, level=2)
    with pytest.raises(ValidationError, match="on record already"):
        Competency.add(by=mia, person=mia, activity=train, level=3)
    with pytest.raises(ValidationError, match="own actions only"):
        record.change(by=mia, level=3)


def test_whoever_left_has_no_level(team, train, mona, mia, ada):
    mia.retire(by=ada)
    with pytest.raises(ValidationError, match="is retired"):
        Competency.add(by=mona, person=mia, activity=train, level=2)


def test_what_nobody_looked_at_for_a_year_is_out_of_date_once(team, train, mia):
    record = Competency.add(by=mia, at=SPOKE, person=mia, activity=train, level=4)
    assert expire(datetime(2027, 2, 28, 20, tzinfo=UTC), job_account()) == 0
    assert expire(datetime(2027, 3, 1, 9, tzinfo=UTC), job_account()) == 1
    assert expire(datetime(2027, 3, 1, 9, tzinfo=UTC), job_account()) == 0
    record.refresh_from_db()
    assert record.status == "expired"


@pytest.fixture
def assessed(team, train, cast, mona):
    System.add(by=mona, name="Till", owning_function=team, criticality="operational")
    Competency.add(by=mona, person=cast.member, activity=train, level=4)
    Competency.add(by=mona, person=cast.finance, activity=train, level=2)
    period = {"from_on": date(2027, 1, 1), "to_on": date(2027, 6, 30)}
    return ResourceAssessment.add(by=mona, function=team, people=3, data=40, **period)


def covered(record):
    told = reports.skilled(record, reports.group_of(record))["covered"]
    return {
        one.cover.duty.name: ([(able.name, able.words) for able in one.able], [near.name for near in one.near])
        for one in told
    }


def test_an_assessment_tells_who_covers_what_the_systems_need(assessed, cast):
    told = covered(assessed)
    assert told["Train people"] == ([("Mia Member", "4, not confirmed")], ["Fay Finance"])
    assert told["Operate the system"] == ([], [])


def test_a_concluded_assessment_keeps_the_skills_of_its_time(assessed, mona, mia, train, ada):
    assessed.conclude(by=mona)
    Competency.objects.get(person=mia).rate(by=mia, level=1)
    train.change(by=mona, level=7)
    mia.change(by=ada, function=None)
    assert covered(ResourceAssessment.objects.get(pk=assessed.pk))["Train people"] == (
        [("Mia Member", "4, not confirmed")],
        ["Fay Finance"],
    )
    assessed.reopen(by=mona, note="Somebody has left.")
    assert covered(ResourceAssessment.objects.get(pk=assessed.pk))["Train people"] == ([], ["Fay Finance"])


def test_the_pictures_say_what_the_tables_say(assessed):
    told = reports.skilled(assessed, reports.group_of(assessed))
    line = next(one for one in told["heat"]["lines"] if one.name == "Train people")
    assert [(one.words, one.below, one.strong) for one in line.cells] == [
        ("Fay Finance, Train people: level 2, said by themselves", True, False),
        ("Mia Member, Train people: level 4, said by themselves", False, False),
    ]
    assert told["radar"]["words"].startswith(
        "Level reached of level needed, by phase: Implement 4 of 3; Integrate 0 of"
    )
    assert told["unskilled"] == ["Leo Legal"]


def test_what_stands_out_is_told_with_its_reason(assessed, mona):
    known = reports.group_of(assessed)
    on = date(2027, 2, 1)
    told = {one.title: one.reason for one in reports.findings(assessed, known, reports.stepping_in(assessed), on)}
    assert told["Mia Member alone is able"] == ("Train people – Fay Finance is nearest. Let a second person learn it.")
    assert told["Nobody of Sales is able: 8 of 9 activities"].startswith("Integrate with other systems (level 3), ")
    assert told["Succession: nobody is named"] == "Name a deputy who is able, or the work waits for the head."


def test_who_becomes_responsible_below_the_level_is_told_and_not_held_up(team, train, mona, mia, cast):
    till = System.add(by=mona, name="Till", owning_function=team)
    Competency.add(by=mona, person=mia, activity=train, level=2)
    wanted = {(train.pk, f"person-{mia.pk}"): "RA", (train.pk, f"person-{cast.finance.pk}"): "R"}
    plan = Assignment.planned(till, wanted, timezone.localdate())
    told = ["Mia Member is at level 2 for “Train people”, 3 is needed."]
    assert (reports.lacking(plan, mona), reports.lacking(plan, mia), reports.lacking(plan, cast.finance)) == (
        told,
        told,
        [],
    )
    accountable = Assignment.planned(till, {(train.pk, f"person-{mia.pk}"): "A"}, timezone.localdate())
    assert reports.lacking(accountable, mona) == []


def test_what_counts_still_does_not_expire(team, train, mia):
    record = Competency.add(by=mia, at=SPOKE, person=mia, activity=train, level=4)
    by, last = job_account(), datetime(2027, 2, 28, 9, tzinfo=UTC)
    with pytest.raises(Refused, match="It counts until 28 February 2027"), acting(by, last) as act, act.deeper():
        record.expire(by=by)
    assert (expire(last, by), expire(datetime(2027, 3, 1, 9, tzinfo=UTC), by)) == (0, 1)
