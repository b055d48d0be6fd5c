"""Business processes: steps in lanes, hand-overs between functions, versions; and the process model end to end."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from governance import reports
from governance.models import Activity, Assignment, BusinessProcess, JourneyStage, ProcessStep, ProcessVersion
from governance.models.process import passings
from inventory.models import System
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def leads(mona, ada):
    """Marketing scores, sales calls twice, finance bills; nobody answers for the way to sales yet."""
    functions = {name: Function.add(by=ada, name=name, kind=name.lower()) for name in ("Marketing", "Sales", "Finance")}
    process = BusinessProcess.add(by=mona, name="Lead management", owner=mona)
    mail = System.add(by=mona, name="Mail")
    steps = (("Score", "Marketing"), ("Call", "Sales"), ("Meet", "Sales"), ("Bill", "Finance"))
    for place, (name, function) in enumerate(steps, start=1):
        ProcessStep.add(
            by=mona, process=process, name=name, position=place * 10, function=functions[function], system=mail
        )
    return process


def test_work_is_handed_over_where_the_function_changes(leads, mona):
    steps = leads.current_steps()
    told = [(one.before.name, one.after.name, one.accountable) for one in passings(steps)]
    assert told == [("Score", "Call", None), ("Meet", "Bill", None)]
    steps[0].change(by=mona, handover_accountable=mona)
    assert [one.accountable for one in passings(leads.current_steps())] == [mona, None]


def test_whoever_left_answers_for_no_hand_over(leads, mona, mia, ada):
    leads.current_steps()[0].change(by=mona, handover_accountable=mia)
    mia.retire(by=ada)
    assert [one.accountable for one in passings(leads.current_steps())] == [None, None]


def test_a_version_keeps_the_steps_and_says_what_is_new(leads, mona):
    leads.publish(by=mona, note="As agreed in May.")
    with pytest.raises(Refused, match="Version 1 has the same steps"):
        leads.publish(by=mona, note="Again.")
    score, call, *_ = leads.current_steps()
    call.change(by=mona, function=score.function)
    ProcessStep.add(by=mona, process=leads, name="Thank", position=99)
    leads.publish(by=mona, note="Marketing calls.")
    told = [(one.number, one.note, one.count, one.changes) for one in reports.editions(leads, mona)]
    assert told == [
        (2, "Marketing calls.", 5, ("“Thank” is new", "“Call”: done by Marketing instead of Sales")),
        (1, "As agreed in May.", 4, ()),
    ]
    assert Entry.objects.filter(verb="publish").latest("pk").changes == {
        "edition": [1, 2],
        "editions": [None, "version 2, 5 steps"],
    }


def test_nothing_is_published_of_nothing(mona):
    with pytest.raises(Refused, match="There is no step to publish"):
        BusinessProcess.add(by=mona, name="Opt-out").publish(by=mona, note="Empty.")


def test_lanes_tell_who_does_what_in_order(leads, mona):
    told = reports.lanes(leads, mona)
    rows = [(lane.name, [box.step.name if box else "" for box in lane.cells]) for lane in told["lanes"]]
    assert rows == [
        ("Marketing", ["Score", "", "", ""]),
        ("Sales", ["", "Call", "Meet", ""]),
        ("Finance", ["", "", "", "Bill"]),
    ]


def test_the_system_of_a_step_is_told_to_whoever_sees_it(leads, mona, mia, client):
    hidden = System.add(by=mona, name="Kestrel", confidential=True, business_owner=mona)
    leads.current_steps()[0].change(by=mona, system=hidden)
    leads.publish(by=mona, note="With a secret.")
    client.force_login(mia, backend="martech.permissions.backend.TableBackend")
    for page in (f"/governance/business-processes/{leads.pk}/", "/governance/process-steps/", "/trail/"):
        assert "Kestrel" not in client.get(page).content.decode()


def test_a_step_belongs_to_a_process_in_use(leads, mona):
    leads.retire(by=mona)
    with pytest.raises(ValidationError, match=r"BPR-\d+ is retired"):
        ProcessStep.add(by=mona, process=leads, name="Late")


def test_every_stage_of_the_journey_has_one_record(mona):
    assert set(JourneyStage.objects.values_list("code", flat=True)) == {
        "aware",
        "consider",
        "buy",
        "onboard",
        "use",
        "stay",
    }
    with pytest.raises(ValidationError, match="This stage is there already"):
        JourneyStage.add(by=mona, code="buy")


def test_the_process_end_to_end_tells_who_does_it_and_where_nobody_answers(mona, ivan):
    train = Activity.objects.get(code="train")
    systems = [System.add(by=mona, name=name, lifecycle="live") for name in ("Mail", "Shop")]
    System.add(by=mona, name="Later", lifecycle="proposed")
    System.add(by=mona, name="Small", lifecycle="live", criticality="administrative")
    Assignment.add(by=mona, system=systems[0], activity=train, person=ivan, letter="A", from_on=date(2026, 1, 1))
    for system in systems:
        Assignment.add(by=mona, system=system, activity=train, person=mona, letter="R", from_on=date(2026, 1, 1))
    today = timezone.localdate()
    doing = {one.activity.code: one for phase in reports.end_to_end(mona, today) for one in phase.steps}
    told = doing["train"]
    assert (told.needed, told.answered) == (2, 1)
    assert [(one.name, one.systems) for one in (*told.accountable, *told.responsible)] == [
        ("Ivan Itkin", 1),
        ("Mona Marketing", 2),
    ]
    assert (doing["operate"].needed, doing["customize"].needed) == (3, 0)
    here = {one.activity.code: one for phase in reports.end_to_end(mona, today, systems[1]) for one in phase.steps}
    assert (here["train"].needed, here["train"].answered, here["train"].accountable) == (1, 0, ())


def test_versions_of_the_model_are_compared(mona):
    ProcessVersion.add(by=mona, name="First")
    Activity.objects.get(code="train").change(by=mona, name="Teach people", phase="plan")
    Activity.objects.get(code="measure").retire(by=mona)
    Activity.add(by=mona, name="Celebrate", code="celebrate", phase="improve")
    told = reports.compared(ProcessVersion.add(by=mona, name="Second"))
    assert told["changed"] == {"train": "changed: name, phase", "celebrate": "new"}
    assert [step["code"] for step in told["gone"]] == ["measure"]


def test_a_step_stays_in_its_process(leads, mona, mia):
    other = BusinessProcess.add(by=mona, name="Opt-out", owner=mia)
    theirs = ProcessStep.add(by=mia, process=other, name="Record it")
    with pytest.raises(ValidationError, match="moves by the record's own actions only"):
        theirs.change(by=mia, process=leads)


def test_the_process_names_nobody_whose_letter_is_hidden(mona, ivan, mia, client):
    operate = Activity.objects.get(code="operate")
    hidden = System.add(by=mona, name="Kestrel", lifecycle="live")
    Assignment.add(by=mona, system=hidden, activity=operate, person=ivan, letter="A")
    Assignment.add(by=mona, system=hidden, activity=operate, person=mia, letter="I")
    System.objects.filter(pk=hidden.pk).update(confidential=True)
    told = {one.activity.code: one for phase in reports.end_to_end(mia, timezone.localdate()) for one in phase.steps}
    assert (told["operate"].answered, told["operate"].accountable) == (1, ())
