"""The process model: its steps, which tier requires which, and its published versions."""

import pytest
from django.core.exceptions import ValidationError

from governance import tiers
from governance.models import Activity, ProcessVersion
from martech.errors import Refused

pytestmark = pytest.mark.django_db


def test_the_starter_model_goes_from_plan_to_retire():
    phases = [one.phase for one in Activity.objects.current()]
    assert list(dict.fromkeys(phases)) == Activity.Phase.values
    assert len(phases) == 20


@pytest.mark.parametrize(
    ("criticality", "codes"),
    [
        ("administrative", ["operate", "administer_users", "decide_renewal"]),
        (
            "",
            [
                *("train", "integrate", "operate", "administer_users", "support", "own_data_quality"),
                *("drive_adoption", "measure", "decide_renewal"),
            ],
        ),
    ],
)
def test_a_tier_requires_its_own_and_those_below(criticality, codes):
    assert [one.code for one in Activity.objects.required(criticality, "saas")] == codes


def test_a_critical_system_needs_every_activity():
    assert len(Activity.objects.required("mission", "")) == 20


def test_some_activities_are_for_some_kinds_only(mona):
    Activity.objects.get(code="train").change(by=mona, kinds=["saas"])
    assert not tiers.requires("standard", ["saas"], "critical", "home_grown")
    assert "train" not in {one.code for one in Activity.objects.required("critical", "home_grown")}
    assert "train" in {one.code for one in Activity.objects.required("critical", "saas")}


def test_a_code_is_given_once_and_stays(mona):
    with pytest.raises(ValidationError, match="There is an activity of this code already"):
        Activity.add(by=mona, name="Train more", code="train", phase="operate")
    with pytest.raises(ValidationError, match="Small letters"):
        Activity.add(by=mona, name="Train more", code="Train!", phase="operate")
    with pytest.raises(ValidationError):
        Activity.objects.get(code="train").change(by=mona, code="teach")


def test_what_the_product_reads_by_its_code_is_kept(mona):
    with pytest.raises(Refused, match="decides whom the product asks"):
        Activity.objects.get(code="operate").retire(by=mona)
    Activity.objects.get(code="train").retire(by=mona)
    assert not Activity.objects.current().filter(code="train").exists()


def test_a_version_keeps_the_model_as_it_was(mona):
    first = ProcessVersion.add(by=mona, name="As we began")
    Activity.objects.get(code="train").change(by=mona, name="Teach people", phase="plan", position=1)
    second = ProcessVersion.add(by=mona, name="Teaching comes first")
    assert [step["name"] for step in first.steps][:1] == ["Gather requirements"]
    assert [step["name"] for step in second.steps][:1] == ["Teach people"]
