"""A form sent twice, without any script, is done once; the second sending leads where the first one led."""

import os
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from governance.models import Activity, SourcingOption
from inventory.models import System, Vendor
from martech.accounts.models import Token, User
from martech.audit.models import Entry
from martech.files.models import Document
from martech.imports.models import ImportBatch
from martech.records.models import SavedView
from martech.repeats.models import Answer
from tests.house.attacks import signed_in
from tests.martech.signing import PASSWORD, letters

pytestmark = pytest.mark.django_db
ROUNDS = 100 if os.environ.get("FULL") else 10
THREADS = 8
TWICE = "This was sent twice and done once."


def filled(client, address, form="form[method=post]:has([name=form-key])", **values):
    """The form of a page as a browser sends it, with these values typed in."""
    page = BeautifulSoup(client.get(address).content, "html.parser").select_one(form)
    sent = {one["name"]: one.get("value", "") for one in page.select("input[name]") if one.get("type") != "checkbox"}
    for one in page.select("select[name]"):
        chosen = one.select_one("option[selected]")
        sent[one["name"]] = chosen["value"] if chosen else ""
    return {**sent, **values}


@pytest.mark.parametrize(
    ("address", "model"),
    [("/inventory/vendors/new/", Vendor), ("/inventory/systems/new/", System), ("/new/", System)],
)
def test_adding_twice_makes_one_record(ivan, address, model):
    client = signed_in(ivan)
    sent = filled(client, address, name="Heron")
    first, again = client.post(address, sent), client.post(address, sent)
    made = model.objects.get(name="Heron")
    assert (first.status_code, again.status_code) == (302, 302)
    assert again["Location"] == first["Location"] == f"/inventory/{model._meta.verbose_name_plural}/{made.pk}/"
    assert TWICE in client.get(again["Location"]).content.decode()
    assert Entry.objects.filter(kind=model._meta.label_lower).count() == 1


def test_a_cost_paid_once_is_not_taken_for_the_key_of_the_form(ivan):
    client, step = signed_in(ivan), Activity.objects.get(code="train")
    address = "/governance/sourcing-options/new/"
    sent = filled(client, address, activity=step.number, name="Agency", way="outsourced", once="3200", currency="EUR")
    first, again = client.post(address, sent), client.post(address, sent)
    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert list(SourcingOption.objects.values_list("name", "once")) == [("Agency", 3200)]


def test_logging_another_leads_to_the_next_form_both_times(ivan):
    client = signed_in(ivan)
    sent = filled(client, "/new/", name="Heron", another="1")
    first, again = client.post("/new/", sent), client.post("/new/", sent)
    assert again["Location"] == first["Location"]
    assert first["Location"].startswith("/new/?added=")
    assert System.objects.filter(name="Heron").count() == 1


def test_every_form_has_a_key_of_its_own(ivan):
    client = signed_in(ivan)
    for _ in range(2):
        client.post("/new/", filled(client, "/new/", name="Heron"))
    assert System.objects.filter(name="Heron").count() == 2


def test_who_goes_back_and_types_another_name_adds_another_record(ivan):
    client = signed_in(ivan)
    sent = filled(client, "/new/", name="Heron")
    assert [client.post("/new/", {**sent, "name": name}).status_code for name in ("Heron", "Egret")] == [302, 302]
    assert set(System.objects.values_list("name", flat=True)) == {"Heron", "Egret"}


def test_a_refused_form_keeps_its_key_and_may_be_sent_again(ivan):
    Vendor.add(by=ivan, name="Heron")
    client, address = signed_in(ivan), "/inventory/vendors/new/"
    sent = filled(client, address, name="Heron")
    refused = client.post(address, sent)
    redrawn = BeautifulSoup(refused.content, "html.parser").select_one("form.form [name=form-key]")["value"]
    assert (refused.status_code, redrawn, Answer.objects.count()) == (422, sent["form-key"], 0)
    assert client.post(address, {**sent, "name": "Egret"}).status_code == 302


def test_a_key_is_one_person_s(ivan, mona):
    sent = filled(signed_in(ivan), "/new/", name="Heron")
    assert [signed_in(person).post("/new/", sent).status_code for person in (ivan, mona)] == [302, 302]
    assert System.objects.filter(name="Heron").count() == 2


@pytest.mark.parametrize("key", ["", "x", "\x00", "z" * 32, "0" * 33])
def test_a_form_without_a_key_of_ours_is_just_sent(ivan, key):
    client = signed_in(ivan)
    sent = filled(client, "/new/", name="Heron", **{"form-key": key})
    assert [client.post("/new/", sent).status_code for _ in range(2)] == [302, 302]
    assert (System.objects.filter(name="Heron").count(), Answer.objects.count()) == (2, 0)


def test_a_comment_a_move_and_a_file_are_done_once(ivan):
    system, client = System.add(by=ivan, name="Mail"), signed_in(ivan)
    page = f"/inventory/systems/{system.pk}/"
    once = {"form": "form.remark"}
    for address, sent in (
        (f"{page}remark/", filled(client, page, **once, note="Once")),
        (f"{page}approve/", filled(client, f"{page}approve/")),
    ):
        first, again = client.post(address, sent), client.post(address, sent)
        assert (first.status_code, again["Location"]) == (302, first["Location"]), address
    upload = filled(client, page, "form.attach-form")
    for _ in range(2):
        file = SimpleUploadedFile("dpa.txt", b"signed")
        assert client.post(f"{page}documents/", {**upload, "content": file}).status_code == 302
    verbs = Entry.objects.filter(kind="inventory.system", key=system.pk).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["add", "remark", "approve"]
    assert Document.objects.count() == 1


def test_a_file_brought_twice_is_one_import(ivan):
    client, address = signed_in(ivan), "/imports/new/"
    sent = filled(client, address, kind="inventory.vendor")
    told = [
        client.post(address, {**sent, "file": SimpleUploadedFile("v.csv", content)})
        for content in (b"name\nHeron\n", b"name\nHeron\n", b"name\nEgret\n")
    ]
    assert [answer.status_code for answer in told] == [302, 302, 302]
    assert (told[1]["Location"] == told[0]["Location"], told[2]["Location"] == told[0]["Location"]) == (True, False)
    assert ImportBatch.objects.count() == 2


def test_a_change_of_many_is_done_once(ivan):
    systems, client = [System.add(by=ivan, name=name) for name in ("Mail", "Shop")], signed_in(ivan)
    address, keys = "/inventory/systems/bulk/", [system.pk for system in systems]
    sent = {"key": keys, "field": "description", "mode": "set", "description": "Post"}
    preview = BeautifulSoup(client.post(address, sent).content, "html.parser").select_one("form.form-bulk")
    versions = {f"version-{key}": "1" for key in keys}
    sent |= {**versions, "form-key": preview.select_one("[name=form-key]")["value"], "confirm": "1"}
    first, again = client.post(address, sent), client.post(address, sent)
    assert (first.status_code, first["Location"], again["Location"]) == (302, "/inventory/systems/", first["Location"])
    assert TWICE in client.get(again["Location"]).content.decode()
    assert [System.objects.get(pk=key).version for key in keys] == [2, 2]


def test_a_change_of_many_that_is_refused_names_the_record_and_may_be_sent_again(ivan, mona):
    systems, client = [System.add(by=ivan, name=name) for name in ("Mail", "Shop")], signed_in(ivan)
    sent = {"field": "description", "mode": "set", "description": "Post", "confirm": "1", "form-key": "a" * 32}
    sent |= {"key": [system.pk for system in systems], f"version-{systems[0].pk}": "1", f"version-{systems[1].pk}": "1"}
    systems[1].change(by=mona, url="https://shop.example")
    refused = client.post("/inventory/systems/bulk/", sent)
    assert (refused.status_code, f"{systems[1].number}: " in refused.content.decode()) == (409, True)
    assert (System.objects.filter(description="Post").count(), Answer.objects.count()) == (0, 0)
    client.post("/inventory/systems/bulk/", {**sent, f"version-{systems[1].pk}": "2"})
    assert System.objects.filter(description="Post").count() == 2


def test_a_view_is_kept_once_and_taken_away_once(ivan):
    System.add(by=ivan, name="Mail")
    client, base = signed_in(ivan), "/inventory/systems/"
    sent = filled(client, base, "form.menu-form:has([name=shared])", name="Mine")
    told = [client.post(f"{base}views/", sent)["Location"] for _ in range(2)]
    view = SavedView.objects.get()
    remove = {"act": "remove", "view": view.pk, "form-key": "b" * 32}
    assert (told[0] == told[1], [client.post(f"{base}views/", remove).status_code for _ in range(2)]) == (
        True,
        [302, 302],
    )
    verbs = Entry.objects.filter(kind="records.savedview").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["add", "retire"]


def known_by(person):
    """The person signed in, with a password."""
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return signed_in(person)


def test_a_token_is_made_once_and_its_secret_told_once(ivan):
    client, address = known_by(ivan), "/me/tokens/new/"
    day = timezone.localdate() + timedelta(days=30)
    sent = filled(client, address, name="ERP", write="", expires_on=day.isoformat(), password=PASSWORD)
    sent.pop("kinds", None)
    first, again = client.post(address, sent), client.post(address, sent)
    token = Token.objects.get()
    assert (first.status_code, again.status_code, again["Location"]) == (201, 302, "/me/tokens/")
    assert Answer.objects.get().body == ""
    gone = filled(client, f"/me/tokens/{token.pk}/retire/")
    told = [client.post(f"/me/tokens/{token.pk}/retire/", gone) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in told] == [(302, "/me/tokens/")] * 2


def test_a_password_is_changed_once(ivan):
    client, address = known_by(ivan), reverse("account_change_password")
    new = {"password1": "nine new lanterns", "password2": "nine new lanterns"}
    sent = filled(client, address, oldpassword=PASSWORD, **new)
    assert client.post(address, {**sent, "oldpassword": "not it at all"}).status_code == 422
    first, again = client.post(address, sent), client.post(address, sent)
    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert (len(letters()), User.objects.get(pk=ivan.pk).check_password("nine new lanterns")) == (1, True)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_many_times_at_once_makes_one_record(cast):
    ivan = cast.it
    for number in range(ROUNDS):
        clients = [signed_in(ivan) for _ in range(THREADS)]
        sent = filled(clients[0], "/new/", name=f"Heron {number}")
        told, barrier = [], Barrier(THREADS)

        def run(client, sent=sent, told=told, barrier=barrier):
            try:
                barrier.wait(10)
                told.append(client.post("/new/", sent)["Location"])
            finally:
                connections.close_all()

        threads = [Thread(target=run, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        made = System.objects.get(name=f"Heron {number}")
        assert told == [f"/inventory/systems/{made.pk}/"] * THREADS
