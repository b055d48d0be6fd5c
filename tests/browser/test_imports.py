"""An import in the browser, from the file to the undo, looked at by axe on the way."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from inventory.models import System, Vendor
from martech.imports import applying
from tests.browser.conftest import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = """Standard Name,Status,Vendor,Deployment Type,Due,Cost centre
Harbour,Live,Northlight,SaaS,2027-03,4711
Postbell,Approved - Preferred,Quill & Co,Desktop,2026-11,4711
Lantern,Denied,Northlight,SaaS,-,
Lantern,Denied,Northlight,SaaS,-,
"""


def shoot(page: Any, name: str) -> None:
    """Nothing grave for axe; pictures where SHOTS names a folder for them."""
    assert (name, grave(page)) == (name, [])
    folder = os.environ.get("SHOTS", "")
    if not folder:
        return
    for theme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
        page.set_viewport_size({"width": width, "height": 900 if width > 400 else 844})
        page.emulate_media(color_scheme=theme)
        page.wait_for_timeout(400)
        page.screenshot(path=str(Path(folder) / f"{name}-{theme}-{width}.png"), full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")


def test_a_list_of_systems_comes_in_and_goes_out_again(page: Any, ivan: Any, tmp_path: Path) -> None:
    client = Client()
    client.force_login(ivan)
    page.context.add_cookies(
        [
            {
                "name": "session",
                "value": client.cookies["session"].value,
                "url": page.context._impl_obj._options["baseURL"],
            }
        ]
    )
    vendor = Vendor.add(by=ivan, name="Northlight")
    System.add(by=ivan, name="Harbour", lifecycle="live", description="Newsletter")
    file = tmp_path / "standards.csv"
    file.write_text(FILE)
    page.goto("/imports/")
    shoot(page, "1-list-empty")
    page.get_by_role("link", name="Import a file").first.click()
    shoot(page, "2-new")
    page.get_by_label("Systems").check()
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="Read the file").click()
    page.get_by_label("Due", exact=True).select_option("target_on")
    shoot(page, "3-columns")
    page.get_by_role("button", name="Preview the changes").click()
    shoot(page, "4-questions")
    page.get_by_label("“Approved - Preferred”").select_option("live")
    page.get_by_label("“Denied”").select_option("rejected")
    page.get_by_label("“Desktop”").select_option("on_premises")
    page.get_by_label("A month without a day").select_option("last")
    page.get_by_text("Add vendors that are named").click()
    page.get_by_role("button", name="Preview the changes").click()
    page.get_by_role("heading", name="This is what would happen").wait_for()
    shoot(page, "5-preview")
    page.get_by_role("button", name="Add 2 and change 1").click()
    page.get_by_text("Waiting for the worker").wait_for()
    shoot(page, "6-progress")
    applying.resume()
    page.get_by_role("heading", name="Imported", exact=True).wait_for()
    shoot(page, "7-result")
    assert set(System.objects.values_list("name", "lifecycle", "vendor__name")) == {
        ("Harbour", "live", "Northlight"), ("Postbell", "live", "Quill & Co"), ("Lantern", "rejected", "Northlight"),
    }  # fmt: skip
    page.get_by_role("link", name="Undo all of it").click()
    shoot(page, "8-ask")
    page.get_by_role("button", name="Undo all of it").click()
    page.get_by_text("Taking everything back").wait_for()
    applying.resume()
    page.get_by_role("heading", name="Taken back").wait_for()
    shoot(page, "9-undone")
    assert list(System.objects.current().values_list("name", "vendor")) == [("Harbour", None)]
    assert list(Vendor.objects.current()) == [vendor]
    page.goto("/imports/")
    shoot(page, "10-list")
