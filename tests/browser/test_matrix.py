"""The matrix of a system used by keyboard alone, and the same on paper."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from governance.models import Activity, Assignment
from inventory.models import System
from martech.accounts.models import User
from tests.browser.conftest import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bench(signed_in):
    """The matrix of a system that has two letters of its keeper, and the parts of the test that name its cells."""
    page = signed_in("marketing_ops")
    keeper = User.objects.get(email="marketing_ops@interlock.example")
    system = System.objects.get(name="Chirrupline")
    steps = list(Activity.objects.current()[:2])
    ours = f"person-{keeper.pk}"
    Assignment.arrange(system, {(steps[0].pk, ours): "R", (steps[1].pk, ours): "C"}, by=keeper, note="As it is.")
    page.goto(f"/inventory/systems/{system.pk}/raci/")

    def cell(name, step):
        return page.get_by_label(f"{name}, {step.name}", exact=True)

    return page, keeper, system, steps, cell


def letters_of(system, step):
    held = Assignment.held(system, timezone.localdate())
    return sorted((one.holder, one.letter) for one in held if one.activity == step.pk)


def test_letters_are_given_moved_over_undone_and_kept_by_keyboard_alone(bench):
    page, keeper, system, (step, below), cell = bench
    told = page.locator(".matrix-said")
    assert grave(page) == []

    page.keyboard.press("Tab")  # the first stop: past the navigation to what the page is about
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "matrix-select":
            break
    page.keyboard.press("End")
    expect(cell("Priya Raman", step)).to_be_focused()
    page.keyboard.press("a")
    expect(cell("Priya Raman", step)).to_have_value("RA")
    expect(told).to_have_text("1 cell changed, not saved yet.")
    page.keyboard.press("ArrowDown")
    expect(cell("Priya Raman", below)).to_be_focused()
    page.keyboard.press("Delete")
    expect(cell("Priya Raman", below)).to_have_value("")

    page.keyboard.press("ArrowLeft")
    other = cell("Mette Kjær", below)
    expect(other).to_be_focused()
    page.keyboard.press("i")
    expect(told).to_have_text("3 cells changed, not saved yet.")
    page.keyboard.press("Escape")
    expect(other).to_have_value("")
    expect(told).to_have_text("Undone. 2 cells changed, not saved yet.")

    page.keyboard.press("ArrowUp")
    page.keyboard.press("a")
    expect(told).to_have_text("Mette Kjær follows Priya Raman as accountable. 2 cells changed, not saved yet.")
    expect(cell("Priya Raman", step)).to_have_value("R")
    page.keyboard.press("Escape")
    expect(told).to_have_text("Undone. 1 cell changed, not saved yet.")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/matrix.png", full_page=True)
        page.pdf(path=f"{folder}/matrix.pdf")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("2 letters changed.")).to_be_visible()
    ours = f"person-{keeper.pk}"
    assert (letters_of(system, step), letters_of(system, below)) == ([(ours, "A"), (ours, "R")], [])


def test_a_function_is_never_accountable_and_what_changed_meanwhile_is_told(bench):
    page, keeper, system, (step, below), cell = bench
    told = page.locator(".matrix-said")
    page.get_by_label("Another person or function").select_option(label="Web team")
    page.get_by_role("button", name="Add a column").click()
    web = cell("Web team", step)
    web.focus()
    page.keyboard.press("a")
    expect(told).to_have_text("Web team is a function: accountable is always a person. Nothing changed.")
    page.keyboard.press("r")
    expect(web).to_have_value("R")

    mine = cell("Priya Raman", below)
    mine.focus()
    page.keyboard.press("i")
    ours = f"person-{keeper.pk}"
    Assignment.arrange(system, {(below.pk, ours): ""}, by=keeper, note="Another window.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed these letters meanwhile.")
    marked = page.get_by_label(f"Priya Raman, {below.name}, changed meanwhile to nothing")
    expect(marked).to_have_value("I")
    expect(cell("Web team", step)).to_have_value("R")
    page.get_by_role("button", name="Save the letters").press("Enter")
    expect(page.get_by_text("2 letters changed.")).to_be_visible()
    assert letters_of(system, below) == [(ours, "I")]


def test_another_day_is_read_and_a_model_is_looked_at_before_it_is_applied(bench):
    page, _, _, _, _ = bench
    crm = System.objects.get(name="Ostrelle CRM")
    yesterday = timezone.localdate() - timedelta(1)
    page.goto(f"/inventory/systems/{crm.pk}/raci/?on={yesterday}")
    expect(page.locator(".matrix-select")).to_have_count(0)
    page.get_by_role("link", name="Show today").press("Enter")
    before = page.locator(".matrix-select").evaluate_all("all => all.map(one => one.value).join()")
    page.locator("summary", has_text="Operating model").press("Enter")
    page.get_by_role("link", name="Led by IT").press("Enter")
    expect(page.get_by_text("Rajiv Menon becomes accountable for the system as a whole")).to_be_visible()
    assert grave(page) == []
    page.get_by_role("button", name="Apply to Ostrelle CRM").press("Enter")
    expect(page.get_by_text("letters changed.")).to_be_visible()
    assert page.locator(".matrix-select").evaluate_all("all => all.map(one => one.value).join()") != before
