"""Choosing and changing a password."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from martech.accounts.models import User
from martech.audit.models import Entry
from tests.martech.signing import (
    PASSWORD,
    WRONG,
    letters,
    sign_in,
    signed_in,
    words,
)

# The password


def link(letter: Any) -> str:
    """The path of the link in a letter."""
    found = re.search(rf"{re.escape(settings.BASE_URL)}(/password/reset/\S+)", letter.body)
    assert found
    return found[1]


def test_asking_for_a_new_password_says_the_same_to_everybody(
    client: Client, mona: User, ada: User, ivan: User
) -> None:
    ivan.retire(by=ada)
    answers = [
        client.post("/password/reset/", {"email": email}) for email in (mona.email, "nemo@x.example", ivan.email)
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/password/reset/sent/")] * 3
    assert [letter.to for letter in letters()] == [[mona.email]]
    assert words(client.get("/password/reset/sent/")).count("If this e-mail belongs to somebody here") == 1


def test_a_service_account_gets_no_letter(client: Client, mona: User) -> None:
    User.objects.filter(pk=mona.pk).update(kind="service")
    client.post("/password/reset/", {"email": mona.email})
    assert letters() == []


def test_the_link_in_the_letter_is_ours_whatever_host_was_asked(client: Client, mona: User) -> None:
    assert client.post("/password/reset/", {"email": mona.email}, headers={"Host": "evil.example"}).status_code == 400
    client.post("/password/reset/", {"email": mona.email}, headers={"Host": "localhost"})
    assert [settings.BASE_URL in letter.body and "evil" not in letter.body for letter in letters()] == [True]


def test_a_new_password_is_chosen_once_with_the_link(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    other = Client()
    other.post("/password/reset/", {"email": mona.email})
    path = link(letters()[0])
    form = other.get(path, follow=True)
    assert form.redirect_chain[-1][0].endswith("-set-password/")
    mail.outbox.clear()
    new = {"password1": "nine new lanterns", "password2": "nine new lanterns"}
    assert other.post(form.redirect_chain[-1][0], new)["Location"] == "/password/reset/done/"
    assert [(letter.subject, letter.to) for letter in letters()] == [
        ("Your Interlock password was changed", [mona.email])
    ]
    assert not signed_in(client), "sessions opened with the old password are over"
    assert not signed_in(other), "the link opens no session"
    assert sign_in(other, mona.email, "nine new lanterns").status_code == 302
    assert Client().get(path, follow=True).status_code == 410


def test_whoever_reset_the_password_is_not_locked_out_by_strangers(client: Client, mona: User) -> None:
    for number in range(6):
        sign_in(client, mona.email, WRONG, REMOTE_ADDR=f"198.51.100.{number}")
    own = Client()
    own.post("/password/reset/", {"email": mona.email})
    form = own.get(link(letters()[0]), follow=True).redirect_chain[-1][0]
    own.post(form, {"password1": "nine new lanterns", "password2": "nine new lanterns"})
    assert sign_in(own, mona.email, "nine new lanterns").status_code == 302


def test_the_link_of_somebody_who_left_meanwhile_does_nothing(client: Client, mona: User, ada: User) -> None:
    client.post("/password/reset/", {"email": mona.email})
    path = link(letters()[0])
    mona.retire(by=ada)
    assert client.get(path, follow=True).status_code == 410


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("short", "short", "too short"),
        ("password1234", "password1234", "too common"),
        ("mona@cast.example", "mona@cast.example", "too similar"),
        ("nine new lanterns", "nine old lanterns", "same password"),
        ("x" * 300, "x" * 300, "256 characters"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_its_reason(
    client: Client, mona: User, first: str, second: str, sentence: str
) -> None:
    sign_in(client, mona.email)
    new = {"oldpassword": PASSWORD, "password1": first, "password2": second}
    response = client.post("/password/change/", new)
    assert response.status_code == 422
    assert sentence in words(response)


def test_changing_the_password_asks_for_the_present_one(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    new = {"oldpassword": WRONG, "password1": "nine new lanterns", "password2": "nine new lanterns"}
    response = client.post("/password/change/", new)
    assert response.status_code == 422
    assert "This is not your present password." in words(response)


def test_changing_the_password_ends_other_sessions_keeps_this_one_and_tells_by_letter(
    client: Client, mona: User
) -> None:
    other = Client()
    sign_in(other, mona.email)
    sign_in(client, mona.email)
    new = {"oldpassword": PASSWORD, "password1": "nine new lanterns", "password2": "nine new lanterns"}
    assert client.post("/password/change/", new)["Location"] == "/me/"
    assert (signed_in(client), signed_in(other)) == (True, False)
    assert [(letter.subject, letter.to) for letter in letters()] == [
        ("Your Interlock password was changed", [mona.email])
    ]
    assert list(Entry.objects.filter(verb="choose_password").values_list("by", "key", "changes")) == [
        (mona.pk, mona.pk, {})
    ]


def test_guessing_the_present_password_of_an_open_session_is_stopped(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    new = {"oldpassword": WRONG, "password1": "nine new lanterns", "password2": "nine new lanterns"}
    assert [client.post("/password/change/", new).status_code for _ in range(6)] == [422] * 5 + [429]


def test_somebody_without_any_role_can_still_choose_a_password(client: Client, oskar: User) -> None:
    oskar.set_password(PASSWORD)
    oskar.save(update_fields=["password"])
    sign_in(client, oskar.email)
    new = {"oldpassword": PASSWORD, "password1": "nine new lanterns", "password2": "nine new lanterns"}
    assert client.post("/password/change/", new).status_code == 302
    assert "You have no role yet" in words(client.get("/me/"))
