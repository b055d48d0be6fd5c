"""The page of the REST interface: it draws the document, and a trial goes through the session."""

import pytest

from inventory.models import Vendor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_operation_is_tried_with_the_session(signed_in, page):
    signed_in("it")
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto("/api/v1/docs/")
    assert page.title() == "REST · Interlock"
    page.click("#operations-tag-vendors")
    page.click("#operations-vendors-vendors_create .opblock-summary-control")
    operation = page.locator("#operations-vendors-vendors_create")
    operation.locator("button.try-out__btn").click()
    operation.locator("textarea.body-param__text").fill('{"name": "Tried Out"}')
    operation.locator("button.execute").click()
    operation.locator(".live-responses-table .response-col_status").first.wait_for()
    assert operation.locator(".live-responses-table tbody .response-col_status").first.inner_text().startswith("201")
    assert Vendor.objects.filter(name="Tried Out").count() == 1
    assert faults == []
    page.click(".api-head a")
    page.wait_for_url("**/")
