"""What a function can carry in a period, compared with the period before and with what the field reports."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from governance import reports, work
from governance.models import ResourceAssessment
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.errors import Refused

pytestmark = pytest.mark.django_db

SPRING = {"from_on": date(2027, 1, 1), "to_on": date(2027, 6, 30)}
AUTUMN = {"from_on": date(2027, 7, 1), "to_on": date(2027, 12, 31)}


@pytest.fixture
def team(ada, mona, mia):
    return Function.add(by=ada, name="Marketing operations", kind="marketing", head=mona, deputy=mia)


def test_time_is_told_beside_what_the_field_reports_and_the_period_before(team, mona):
    ResourceAssessment.add(by=mona, function=team, **SPRING, infrastructure=38, data=20)
    record = ResourceAssessment.add(
        by=mona, function=team, **AUTUMN, people=4, hours=150, infrastructure=55, measurement=20, data=20
    )
    told = reports.assessed(record)
    assert [(one.label, one.share, one.hours, one.compared, one.moved) for one in told["areas"]] == [
        ("Measurement", 20, 30, "", ""),
        ("Planning", None, 0, "", ""),
        ("Infrastructure", 55, 82, "15 points more than the field reports (40 %)", "17 points more than before"),
        ("Data", 20, 30, "", "as before"),
        ("Everything else", None, 0, "", ""),
    ]
    assert told["source"] == work.SOURCE


def test_only_marketing_is_measured_by_what_the_field_reports_of_it(ada, ivan):
    house = Function.add(by=ada, name="IT", kind="it", head=ivan)
    record = ResourceAssessment.add(by=ivan, function=house, **SPRING, infrastructure=70)
    told = reports.assessed(record)
    assert (told["measured"], [one.compared for one in told["areas"]]) == (False, [""] * 5)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (44, "about what the field reports (40 %)"),
        (46, "6 points more than the field reports (40 %)"),
        (10, "30 points less than the field reports (40 %)"),
        (None, ""),
    ],
)
def test_a_share_is_compared_in_points(share, words):
    assert work.compared("infrastructure", share) == words
    assert work.compared("data", share) == ""


def test_what_lies_below_an_area_fits_into_it(team, mona):
    lines = ["measurement: Dashboards  15", "Data: Address lists 5 %"]
    record = ResourceAssessment.add(by=mona, function=team, **SPRING, measurement=20, data=5, below=lines)
    assert record.below == ["Measurement: Dashboards 15 %", "Data: Address lists 5 %"]
    with pytest.raises(ValidationError, match="The parts of measurement come to 25 %, not 20 %"):
        record.change(by=mona, below=[*lines, "Measurement: Attribution 10 %"])
    with pytest.raises(ValidationError, match="write it like “Measurement: Dashboards 15 %”"):
        record.change(by=mona, below=["Dashboards"])


def test_a_function_has_one_assessment_at_a_time(team, mona):
    first = ResourceAssessment.add(by=mona, function=team, **SPRING)
    with pytest.raises(ValidationError, match=f"{first.number} is about this function at that time already"):
        ResourceAssessment.add(by=mona, function=team, from_on=date(2027, 6, 30), to_on=date(2027, 9, 30))
    with pytest.raises(ValidationError, match="The period ends before it begins"):
        ResourceAssessment.add(by=mona, function=team, from_on=date(2028, 2, 1), to_on=date(2028, 1, 1))
    first.retire(by=mona)
    assert ResourceAssessment.add(by=mona, function=team, **SPRING).before() is None


def test_what_is_concluded_no_longer_changes(team, mona):
    record = ResourceAssessment.add(by=mona, function=team, **SPRING)
    with pytest.raises(Refused, match="how many people"):
        record.conclude(by=mona)
    record.change(by=mona, people=4)
    with pytest.raises(Refused, match="what their time goes into"):
        record.conclude(by=mona)
    record.change(by=mona, infrastructure=60, data=30)
    record.conclude(by=mona, note="Agreed with IT.")
    with pytest.raises(Refused, match="is concluded: change is not possible now"):
        record.change(by=mona, data=20)
    record.reopen(by=mona, note="Data was forgotten.")
    record.change(by=mona, data=20)
    verbs = Entry.objects.filter(kind="governance.resourceassessment").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["add", "change", "change", "conclude", "reopen", "change"]


def test_succession_names_who_steps_in_and_whether_they_are_able(team, mona, mia, ada, cast):
    record = ResourceAssessment.add(by=mona, function=team, **SPRING)
    assert reports.stepping_in(record) == reports.SteppingIn(
        mia, False, "muted", "Nobody has said whether they are able"
    )
    record.change(by=mona, successor=cast.legal, successor_able="learning")
    assert reports.stepping_in(record) == reports.SteppingIn(cast.legal, True, "attention", "Learning")
    with pytest.raises(ValidationError, match="is the head: name who steps in for them"):
        record.change(by=mona, successor=mona)
    cast.legal.retire(by=ada)
    record = ResourceAssessment.objects.get(pk=record.pk)
    assert reports.stepping_in(record) == reports.SteppingIn(cast.legal, True, "danger", "Has left")


def test_a_function_is_assessed_by_whoever_leads_it_or_keeps_the_stack(ada, mia, cast):
    led = Function.add(by=ada, name="Sales", head=cast.legal)
    record = ResourceAssessment.add(by=cast.legal, function=led, **SPRING, people=2)
    with pytest.raises(PermissionDenied):
        ResourceAssessment.add(by=mia, function=led, **AUTUMN)
    with pytest.raises(PermissionDenied):
        record.change(by=cast.steering, people=3)


def test_scores_are_compared_with_the_period_before(team, mona):
    ResourceAssessment.add(by=mona, function=team, **SPRING, workflow=2, collaboration=3)
    record = ResourceAssessment.add(by=mona, function=team, **AUTUMN, workflow=4, collaboration_note="Weekly.")
    told = [(one.label, one.value, one.words, one.note, one.moved) for one in reports.assessed(record)["scores"]]
    assert told == [
        ("Workflow", 4, "4, measured", "", "2 more than before"),
        ("Collaboration", None, "Not said", "Weekly.", ""),
    ]
