"""The pages of a webhook in every state of its messages, at both widths, in light and dark."""

from datetime import UTC, datetime

import pytest

from martech.accounts.models import User
from martech.webhooks.models import Message, Webhook
from tests.browser.conftest import grave
from tests.browser.test_pages import wide_and_phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = {"dead": (500, ""), "blocked": (None, "Give a public https address."), "void": (None, "Not to be seen.")}


def filled(by):
    """A webhook that fails, with a message in each state."""
    now = datetime.now(UTC)
    hook = Webhook.add(by=by, name="Warehouse", url="https://93.184.216.34/hook", events=["inventory.system.go_live"])
    for state in Message.State.values:
        status, trouble = SAID.get(state, (204, ""))
        told = {"state": state, "status": status, "trouble": trouble, "tries": 2, "took": 40, "at": now, "due_at": now}
        Message.objects.create(webhook=hook, cause=f"ping:{state}", event="interlock.ping", **told)
    standing = {"failures": 2, "failing_since": now, "trouble": "The answer was 500."}
    type(hook.standing).objects.filter(pk=hook.pk).update(**standing)
    return f"/webhooks/{hook.pk}/"


def test_the_pages_of_a_webhook_are_sound_empty_and_filled(signed_in):
    page = signed_in("it")
    empty = {"/webhooks/": wide_and_phone(page, "/webhooks/")}
    assert empty == {"/webhooks/": []}
    hook = filled(User.objects.get(email="it@interlock.example"))
    log = f"{hook}deliveries/"
    addresses = ("/webhooks/", hook, f"{hook}change/", f"{hook}rotate/", log, f"{log}?state=sent", f"{log}?state=void")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        faults = {address: found for address in addresses if (found := wide_and_phone(page, address))}
        assert (scheme, faults) == (scheme, {})


def test_the_page_that_shows_a_secret_is_sound_in_light_and_dark(signed_in):
    page = signed_in("it")
    page.goto("/webhooks/new/")
    page.get_by_label("Name", exact=True).fill("Warehouse")
    page.get_by_label("Address", exact=True).fill("https://93.184.216.34/hook")
    page.get_by_role("button", name="Add webhook").click()
    assert page.get_by_label("The signing secret").input_value().startswith("whsec_")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(400)  # colours fade
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (scheme, width, over, grave(page)) == (scheme, width, 0, [])
