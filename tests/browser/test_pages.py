"""Every page in Chromium: no script error, no policy violation (the window sees to that), nothing serious for axe."""

import re

import pytest

from inventory.models import System
from martech import checks
from tests.browser.conftest import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/inbox/",
    "/new/",
    "/search/?q=mail",
    "/trail/",
    "/styleguide/",
    "/me/",
    "/me/deputies/",
    "/me/sessions/",
    "/me/tokens/",
    "/imports/",
    "/inventory/systems/",
    "/inventory/systems/?lifecycle=live&business_owner__isnull=true",
    "/inventory/systems/?q=nothing+like+this",
    "/inventory/systems/?level=bronze,silver&columns=level,completeness",
    "/inventory/systems/new/",
    "/inventory/systems/<SYS>/",
    "/inventory/systems/<SYS>/change/",
    "/inventory/systems/<SYS>/phase-out/",
    "/inventory/systems/<SYS>/raci/",
    "/inventory/systems/<POOR>/",
    "/inventory/vendors/",
    "/inventory/vendors/<VEN>/",
    "/inventory/capabilities/",
    "/inventory/capabilities/<CAP>/",
    "/inventory/integrations/",
    "/inventory/integrations/<INT>/",
    "/inventory/data-objects/",
    "/inventory/data-objects/<DOB>/",
    "/inventory/data-sources/",
    "/inventory/data-sources/<DSO>/",
    "/inventory/assurances/",
    "/inventory/assurances/<ASR>/",
    "/inventory/contracts/",
    "/inventory/contracts/<CON>/",
    "/inventory/meetings/",
    "/governance/matrix/",
    "/governance/matrix/import/",
    "/governance/process/",
    "/governance/operating-models/<OPM>/apply/?system=<SYS>",
    "/governance/gaps/?status=open",
    "/governance/gaps/trend/?weeks=52",
    "/governance/gaps/<GAP>/",
    "/governance/closing-plans/",
    "/governance/closing-plans/<CLP>/",
    "/governance/stand-ins/",
    "/governance/stand-ins/new/",
    "/governance/stand-ins/<STI>/",
    "/governance/attestations/mine/",
    "/governance/assessments/",
    "/governance/assessments/<ASM>/",
    "/governance/competencies/",
    "/governance/letter-proposals/<PRL>/",
    "/governance/sourcing/",
    "/governance/sourcing-options/<SRC>/",
    "/functions/",
    "/functions/<FUN>/",
    "/people/",
    "/people/<PER>/",
    "/calendars/",
    "/calendars/<CAL>/",
    "/webhooks/",
    "/webhooks/new/",
    "/nothing/here/",
)


def addresses():
    """PAGES with the first record of each kind, and a system of which little is known."""
    first = {model.PREFIX: model._base_manager.order_by("pk").first() for model in checks.records()}
    poor = System.objects.filter(lifecycle="discovered").order_by("pk").first()
    numbers = {prefix: record.number for prefix, record in first.items() if record} | {"POOR": poor.number}
    return [re.sub(r"<(\w+)>", lambda match: numbers[match[1]], address) for address in PAGES]


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
    assert {address: faults for address in addresses() if (faults := wide_and_phone(page, address))} == {}


def test_nothing_serious_in_the_dark_either(signed_in):
    page = signed_in("it")
    page.emulate_media(color_scheme="dark")
    chosen = addresses()[::3]
    assert {address: faults for address in chosen if (faults := wide_and_phone(page, address))} == {}


def test_signing_in_and_an_empty_company(page, transactional_db):
    page.goto("/sign-in/")
    assert grave(page) == []
