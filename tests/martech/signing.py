"""Somebody with a password, and the words of signing in, for the tests that sign in."""

import re
from typing import Any

from django.core import mail
from django.test import Client

from martech.accounts import post

PASSWORD = "seven quiet lanterns"
WRONG = "not what it is at all"
MISMATCH = "This e-mail and password do not belong together."


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post("/sign-in/", {"login": email, "password": password}, **extra)


def signed_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def letters() -> list[Any]:
    """Everything posted so far, once it is delivered."""
    post.LETTERS.submit(int).result(timeout=10)
    return mail.outbox


def words(response: Any) -> str:
    """What a page says, without its markup and without what differs from one request to the next."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return " ".join(text.split())
