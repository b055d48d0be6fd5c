"""The matrix of a system by keyboard alone."""

import os

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import User
from tests.browser.conftest import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_letters_are_given_moved_over_and_cleared_by_keyboard(signed_in):
    page = signed_in("marketing_ops")
    keeper = User.objects.get(email="marketing_ops@interlock.example")
    system = System.objects.filter(retired_at=None).order_by("pk").first()
    step, below = Activity.objects.current()[:2]
    ours = f"person-{keeper.pk}"
    Assignment.arrange(system, {(step.pk, ours): "R", (below.pk, ours): "C"}, by=keeper, note="As it is.")
    page.goto(f"/inventory/systems/{system.pk}/raci/")
    assert grave(page) == []

    cell = page.get_by_label(f"{keeper.name}, {step.name}", exact=True)
    cell.focus()
    page.keyboard.press("a")
    expect(cell).to_have_value("RA")
    page.keyboard.press("ArrowDown")
    lower = page.get_by_label(f"{keeper.name}, {below.name}", exact=True)
    expect(lower).to_be_focused()
    expect(lower).to_have_value("C")
    page.keyboard.press("Delete")
    expect(lower).to_have_value("")
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/matrix.png", full_page=True)
        page.pdf(path=f"{folder}/matrix.pdf")
    page.get_by_role("button", name="Save the letters").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 letters changed.")).to_be_visible()

    held = {(one.activity, one.holder, one.letter) for one in Assignment.held(system, timezone.localdate())}
    assert {(step.pk, ours, "R"), (step.pk, ours, "A")} <= held
    assert not {cell for cell in held if cell[:2] == (below.pk, ours)}
