"""What a form shows of other records, and what it keeps of them."""

import pytest
from django.test import Client

from inventory.models import System, Vendor
from martech.accounts.models import Function
from martech.audit.models import Entry

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


def test_the_story_of_a_record_does_not_name_what_one_may_not_see(mona, ivan):
    secret = System.add(by=ivan, name="Project Hush", confidential=True, business_owner=ivan)
    shown = System.add(by=ivan, name="Shown")
    shown.change(by=ivan, target_system=secret)
    address = f"/inventory/systems/{shown.pk}/"
    assert b"Project Hush" in window(ivan).get(address).content
    told = [window(mona).get(one).content for one in (address, "/trail/", "/", "/api/v1/entries/")]
    assert [b"Hush" in text for text in told] == [False] * 4
    assert b"a record you do not see" in told[0]


def test_the_story_says_which_function_was_added_and_removed(mona, ivan, ada):
    mail, sales = System.add(by=ivan, name="Mail"), Function.add(by=ada, name="Sales")
    mail.share(by=ivan, function=sales, part="uses", purpose="Offers", people=4)
    mail.unshare(by=ivan, function=sales, part="uses")
    changes = (
        Entry.objects.filter(kind="inventory.system", key=mail.pk).order_by("id").values_list("changes", flat=True)
    )
    assert list(changes)[1:] == [
        {"uses": [None, "Sales uses it, 4 people: Offers"]},
        {"uses": ["Sales uses it, 4 people: Offers", None]},
    ]
    assert mail.version == 3
    assert b"Sales uses it, 4 people: Offers" in window(mona).get(f"/inventory/systems/{mail.pk}/").content
