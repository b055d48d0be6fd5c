"""The page of the REST interface: it draws the document, and a trial goes through the session."""

import pytest

from inventory.models import Vendor
from martech.accounts.models import User

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


def test_it_follows_the_theme_of_the_product_and_fits_a_phone(signed_in, page):
    signed_in("it")
    person = User.objects.get(email="it@interlock.example")
    page.set_viewport_size({"width": 390, "height": 844})
    grounds = {}
    for theme in ("auto", "light", "dark"):
        if User.objects.get(pk=person.pk).theme != theme:
            person.choose_theme(by=person, theme=theme)
        page.goto("/api/v1/docs/")
        page.wait_for_selector("#operations-tag-vendors")
        for system in ("light", "dark"):
            page.emulate_media(color_scheme=system)
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            turned = page.evaluate("getComputedStyle(document.querySelector('.swagger-ui')).filter") != "none"
            grounds[system, theme] = (ground, turned)
            assert page.evaluate("document.documentElement.scrollWidth") == 390
    light, dark = ("rgb(255, 255, 255)", False), ("rgb(20, 22, 26)", True)
    assert grounds == {
        ("light", "auto"): light, ("light", "light"): light, ("light", "dark"): dark,
        ("dark", "auto"): dark, ("dark", "light"): light, ("dark", "dark"): dark,
    }  # fmt: skip
