"""A marketing-operations lead's morning, with the keyboard and with the pointer."""

import re

import pytest
from playwright.sync_api import expect

from inventory.models import System
from martech.accounts.models import User
from tests.browser.conftest import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_tool_is_logged_found_and_talked_about(signed_in):
    page = signed_in("marketing_ops")

    # She presses n, types a name that exists already, and is told so while typing.
    page.keyboard.press("n")
    page.wait_for_url("**/new/**")
    known = System.objects.order_by("pk").first()
    page.get_by_label("Name", exact=True).press_sequentially(known.name, delay=5)
    expect(page.get_by_role("link", name=known.name).first).to_be_visible()

    # It is another tool: a name is enough.
    page.get_by_label("Name", exact=True).fill("Petal Planner")
    page.get_by_role("button", name=re.compile("^(Add|Log)")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Petal Planner")
    logged = System.objects.get(name="Petal Planner")

    # She finds it again by its number from anywhere.
    page.goto("/inventory/vendors/")
    page.keyboard.press("/")
    page.keyboard.type(logged.number)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Petal Planner")

    # She says something, and it stands in the timeline.
    page.get_by_label("Your comment").fill("The agency pays for it <b>today</b>.")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_text("The agency pays for it <b>today</b>.")).to_be_visible()
    assert grave(page) == []

    # She filters the list by what is missing and keeps the view.
    page.goto("/inventory/systems/?lifecycle=live&technical_owner__isnull=true")
    expect(page.get_by_text("Petal Planner")).to_be_visible()
    assert grave(page) == []


def test_the_same_field_changed_twice_shows_both_values(signed_in, company):
    page = signed_in("marketing_ops")
    one = System.objects.get(name="Postwren")
    page.goto(f"/inventory/systems/{one.number}/change/")
    one.change(by=person("it"), description="Changed by IT meanwhile")
    page.get_by_label("What it is for").fill("Changed by marketing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Changed by IT meanwhile").first).to_be_visible()
    expect(page.get_by_label("What it is for")).to_have_value("Changed by marketing")
    one.refresh_from_db()
    assert one.description == "Changed by IT meanwhile"
    assert grave(page) == []


def test_it_all_works_without_script(signed_in, browser, live_server):
    signed_in("marketing_ops")
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill("marketing_ops@interlock.example")
    page.get_by_label("Password", exact=True).fill("interlock-demo-2026")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/new/")
    page.get_by_label("Name", exact=True).fill("Paper Only")
    page.get_by_role("button", name=re.compile("^(Add|Log)")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Paper Only")
    page.goto("/inventory/systems/?q=paper+only")
    expect(page.get_by_role("link", name="Paper Only")).to_be_visible()
    context.close()


def person(role):
    return User.objects.get(email=f"{role}@interlock.example")
