"""Systems that came in live bring one plan for each owner, with a day, and not a thousand alerts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from governance.models import Activity, Assignment, ClosingPlan, Gap
from governance.tasks import plan_closing_reminders
from inventory.models import System
from martech.audit.context import through
from martech.audit.models import Entry
from martech.notifications.models import Notice, Reminder

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def train():
    """Of all activities two are required: training and support."""
    Activity.objects.exclude(code__in=["train", "support"]).update(required_from="")
    Activity.objects.filter(code__in=["train", "support"]).update(required_from="light", kinds=[])
    return Activity.objects.get(code="train")


@pytest.fixture
def brought(mona):
    """Bring live systems in by a file."""

    def bring(*names, **fields):
        with through("import"):
            return [System.add(by=mona, name=name, lifecycle="live", **fields) for name in names]

    return bring


def answered(system, mona, person):
    for step in Activity.objects.filter(code__in=["train", "support"]):
        for letter in "AR":
            Assignment.add(by=mona, system=system, activity=step, letter=letter, person=person)


def plans():
    return list(ClosingPlan.objects.order_by("pk").values_list("name", "owner", "size", "closed", "status"))


def test_each_owner_has_one_plan_with_a_day_whatever_came_in(brought, ivan, mona):
    brought("Shop", "Mail", business_owner=ivan)
    brought("Chat")
    Gap.sweep(timezone.now())
    assert sorted(plans(), key=lambda plan: plan[1] or 0) == [
        ("Closing plan of systems nobody owns", None, 2, 0, "open"),
        (f"Closing plan of {ivan}", ivan.pk, 4, 0, "open"),
    ]
    assert {plan.due_on for plan in ClosingPlan.objects.all()} == {TODAY() + timedelta(days=30)}
    assert Gap.objects.filter(plan=None, system__isnull=False).count() == 0


def test_what_was_entered_here_has_no_plan(mona, ivan):
    System.add(by=mona, name="Wiki", lifecycle="live", business_owner=ivan)
    Gap.sweep(timezone.now())
    assert (Gap.objects.filter(system__name="Wiki", plan=None).count(), plans()) == (2, [])


def test_a_plan_is_done_when_its_last_gap_is_closed(brought, ivan, mona):
    shop, mail = brought("Shop", "Mail", business_owner=ivan)
    Gap.sweep(timezone.now())
    answered(shop, mona, ivan)
    Gap.sweep(timezone.now())
    assert plans() == [(f"Closing plan of {ivan}", ivan.pk, 4, 2, "open")]
    answered(mail, mona, ivan)
    Gap.sweep(timezone.now())
    assert plans() == [(f"Closing plan of {ivan}", ivan.pk, 4, 4, "done")]
    told = Entry.objects.filter(kind="governance.closingplan").order_by("pk").values_list("verb", flat=True)
    assert list(told) == ["add", "close"]


def test_what_comes_in_later_joins_the_plan_and_moves_its_day_on(brought, ivan, mona):
    brought("Shop", business_owner=ivan)
    Gap.sweep(timezone.now())
    ClosingPlan.objects.update(due_on=TODAY() + timedelta(days=3))
    brought("Mail", business_owner=ivan)
    Gap.sweep(timezone.now())
    assert plans() == [(f"Closing plan of {ivan}", ivan.pk, 4, 0, "open")]
    assert ClosingPlan.objects.get().due_on == TODAY() + timedelta(days=30)


def test_what_breaks_long_after_it_came_in_is_no_part_of_a_plan(brought, ivan, mona):
    (shop,) = brought("Shop", business_owner=ivan)
    answered(shop, mona, ivan)
    Gap.sweep(timezone.now())
    later = timezone.now() + timedelta(days=40)
    for one in Assignment.objects.filter(letter="R"):
        one.end(by=mona, note="Moved on", at=later)
    Gap.sweep(later + timedelta(days=1))
    assert (Gap.objects.filter(rule="no_responsible", plan=None).count(), plans()) == (2, [])


def test_gaps_go_over_to_the_plan_of_the_next_owner(brought, ivan, mia, mona):
    (shop,) = brought("Shop", business_owner=ivan)
    Gap.sweep(timezone.now())
    shop.change(by=mona, business_owner=mia)
    Gap.sweep(timezone.now())
    assert plans() == [
        (f"Closing plan of {ivan}", ivan.pk, 0, 0, "done"),
        (f"Closing plan of {mia}", mia.pk, 2, 0, "open"),
    ]


def test_its_owner_or_it_postpones_a_plan_and_says_why(brought, ivan, mia, oskar):
    brought("Shop", business_owner=mia)
    Gap.sweep(timezone.now())
    plan, later = ClosingPlan.objects.get(), TODAY() + timedelta(days=60)
    with pytest.raises(PermissionDenied):
        plan.postpone(by=oskar, due_on=later, note="Summer")
    with pytest.raises(ValidationError, match="Choose today or a later day"):
        plan.postpone(by=mia, due_on=TODAY() - timedelta(days=1), note="Summer")
    plan.postpone(by=mia, due_on=later, note="After the summer")
    Gap.sweep(timezone.now())
    assert ClosingPlan.objects.get().due_on == later


def test_the_owner_is_reminded_once_for_each_step_however_often_the_job_runs(brought, ivan):
    brought("Shop", business_owner=ivan)
    Gap.sweep(timezone.now())
    for _run in range(2):
        plan_closing_reminders(timezone.now())
    rows = Reminder.objects.filter(topic="governance.closing.due")
    assert sorted(rows.values_list("step", "person")) == [(step, ivan.pk) for step in (0, 1, 7, 14)]


def test_an_owner_is_told_once_however_many_gaps(brought, ivan):
    brought(*(f"S{n}" for n in range(12)), business_owner=ivan)
    Gap.sweep(timezone.now())
    told = Notice.objects.filter(person=ivan, kind="governance.closingplan").values_list("sentence", flat=True)
    assert list(told) == [
        f"Systems you answer for came in live, and something is missing in who does what: Closing plan of {ivan}."
    ]
    assert Notice.objects.filter(kind="governance.gap").count() == 0
