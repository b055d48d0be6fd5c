"""What a form shows of other records, and what it keeps of them."""

import pytest
from django.test import Client

from inventory.models import System, Vendor

pytestmark = pytest.mark.django_db


def window(person):
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def fields(response):
    """A form as the browser would send it back."""
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, [])}


def test_a_reference_one_may_not_see_is_neither_shown_nor_lost(cast, mona, ivan):
    secret = System.add(by=ivan, name="Project Hush", confidential=True, business_owner=ivan)
    shown = System.add(by=ivan, name="Shown", target_system=secret)
    page = window(mona).get(f"/inventory/systems/{shown.pk}/change/")
    assert b"Project Hush" not in page.content
    assert (
        window(mona).post(f"/inventory/systems/{shown.pk}/change/", {**fields(page), "description": "x"}).status_code
        == 302
    )
    shown.refresh_from_db()
    assert (shown.description, shown.target_system) == ("x", secret)
    assert b"Project Hush" in window(ivan).get(f"/inventory/systems/{shown.pk}/change/").content


def test_a_record_keeps_what_was_retired_since_and_cannot_newly_choose_it(mona, ivan):
    acme = Vendor.add(by=ivan, name="Acme")
    mail, shop = System.add(by=ivan, name="Mail", vendor=acme), System.add(by=ivan, name="Shop")
    acme.retire(by=ivan)
    client = window(mona)
    page = client.get(f"/inventory/systems/{mail.pk}/change/")
    assert (
        client.post(
            f"/inventory/systems/{mail.pk}/change/", {**fields(page), "vendor": acme.number, "description": "x"}
        ).status_code
        == 302
    )
    mail.refresh_from_db()
    assert (mail.description, mail.vendor) == ("x", acme)
    other = client.get(f"/inventory/systems/{shop.pk}/change/")
    refused = client.post(f"/inventory/systems/{shop.pk}/change/", {**fields(other), "vendor": acme.number})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["vendor"])


def test_a_form_with_an_error_keeps_what_was_typed(mona):
    answer = window(mona).post(
        "/inventory/systems/new/", {"name": "", "description": "Typed at length", "url": "no address"}
    )
    assert answer.status_code == 422
    assert b"Typed at length" in answer.content
    assert b"no address" in answer.content
