"""Every page in Chromium: no script error, no policy violation (the window sees to that), nothing serious for axe."""

import pytest

from tests.browser.conftest import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PAGES = (
    "/",
    "/inbox/",
    "/new/",
    "/search/?q=mail",
    "/trail/",
    "/styleguide/",
    "/me/",
    "/me/sessions/",
    "/me/tokens/",
    "/imports/",
    "/inventory/systems/",
    "/inventory/systems/?lifecycle=live&business_owner__isnull=true",
    "/inventory/systems/?q=nothing+like+this",
    "/inventory/systems/new/",
    "/inventory/systems/SYS-1/",
    "/inventory/systems/SYS-1/change/",
    "/inventory/systems/SYS-1/phase-out/",
    "/inventory/systems/SYS-58/",
    "/inventory/vendors/",
    "/inventory/vendors/VEN-1/",
    "/inventory/capabilities/",
    "/inventory/capabilities/CAP-2/",
    "/inventory/integrations/",
    "/inventory/integrations/INT-1/",
    "/inventory/data-objects/",
    "/inventory/data-objects/DOB-1/",
    "/inventory/data-sources/",
    "/inventory/data-sources/DSO-1/",
    "/inventory/assurances/",
    "/inventory/assurances/ASR-1/",
    "/inventory/meetings/",
    "/functions/",
    "/functions/FUN-1/",
    "/people/",
    "/people/PER-3/",
    "/calendars/",
    "/calendars/CAL-1/",
    "/nothing/here/",
)


def wide_and_phone(page, address):
    """Faults of a page at both widths."""
    faults = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{width}: scrolls sideways by {over}"] if over > 0 else []
        faults += [f"{width}: {fault}" for fault in grave(page)]
    return faults


def test_nothing_serious_on_any_page_in_light(signed_in):
    page = signed_in("marketing_ops")
    assert {address: faults for address in PAGES if (faults := wide_and_phone(page, address))} == {}


def test_nothing_serious_in_the_dark_either(signed_in):
    page = signed_in("it")
    page.emulate_media(color_scheme="dark")
    chosen = PAGES[::3]
    assert {address: faults for address in chosen if (faults := wide_and_phone(page, address))} == {}


def test_signing_in_and_an_empty_company(page, transactional_db, django_db_serialized_rollback):
    page.goto("/sign-in/")
    assert grave(page) == []
