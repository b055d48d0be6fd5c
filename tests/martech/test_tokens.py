"""One's own API tokens: on the pages and by command. What they let through is in test_authentication."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from martech.accounts.models import Token, User
from martech.audit.models import Entry

PASSWORD = "seven quiet lanterns"


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mona(mona: User, client: Client) -> User:
    """Marketing operations, signed in."""
    mona.set_password(PASSWORD)
    mona.save(update_fields=["password"])
    client.force_login(mona)
    return mona


def wanted(**fields: Any) -> dict[str, Any]:
    in_a_month = (timezone.localdate() + timedelta(days=30)).isoformat()
    return {"name": "ERP sync", "write": "", "expires_on": in_a_month, "password": PASSWORD, **fields}


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


# On the pages


def test_a_token_is_made_and_shown_once(client: Client, mona: User) -> None:
    response = client.post("/me/tokens/new/", wanted(write="yes", kinds=["inventory.vendor", "inventory.system"]))
    token = Token.objects.get()
    assert response.status_code == 201
    secret = re.search(r"ilk_[\w-]{43}", words(response))
    assert secret
    assert (token.user, token.name, token.write, token.digest) == (mona, "ERP sync", True, Token.digest_of(secret[0]))
    assert token.kinds == ["inventory.vendor", "inventory.system"]
    assert "no-store" in response["Cache-Control"]
    assert secret[0] not in words(client.get("/me/tokens/"))
    assert token.prefix in words(client.get("/me/tokens/"))
    assert list(Entry.objects.filter(kind="accounts.token").values_list("verb", "by")) == [("add", mona.pk)]


def test_making_a_token_asks_for_the_password_again_and_keeps_what_was_typed(client: Client, mona: User) -> None:
    response = client.post("/me/tokens/new/", wanted(name="Night sync", write="yes", password="not it at all"))
    assert response.status_code == 422
    assert "This is not your password." in words(response)
    assert 'value="Night sync"' in words(response)
    assert "not it at all" not in words(response)
    assert Token.objects.count() == 0


def test_the_password_cannot_be_guessed_at_the_token_form(client: Client, mona: User) -> None:
    answers = [client.post("/me/tokens/new/", wanted(password="not it at all")).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "This field is required."),
        ("expires_on", "2020-01-01", "This day is past; choose one from today on."),
        ("expires_on", "2099-01-01", "A token lives at most 366 days."),
        ("expires_on", "tomorrow", "Enter a valid date."),
        ("kinds", ["accounts.token"], "accounts.token is not one of the available choices."),
        ("name", "a\x00b", "Null characters are not allowed."),
        ("write", "everything", "everything is not one of the available choices."),
    ],
)
def test_what_is_wrong_with_a_token_is_said_at_its_field(
    client: Client, mona: User, field: str, value: Any, sentence: str
) -> None:
    response = client.post("/me/tokens/new/", wanted(**{field: value}))
    assert response.status_code == 422
    assert [sentence in error for error in response.context["form"].errors[field]] == [True]
    assert Token.objects.count() == 0


def test_somebody_without_a_role_can_make_no_token(client: Client, oskar: User) -> None:
    oskar.set_password(PASSWORD)
    oskar.save(update_fields=["password"])
    client.force_login(oskar)
    assert client.post("/me/tokens/new/", wanted()).status_code == 403
    assert "New token" not in words(client.get("/me/tokens/"))


def test_a_token_is_withdrawn_after_a_question_and_only_once(client: Client, mona: User) -> None:
    token = Token.add(by=mona, name="ERP sync")
    path = reverse("me_retire_token", args=[token.pk])
    assert "Withdraw ERP sync?" in words(client.get(path))
    token.refresh_from_db()
    assert token.retired_at is None
    assert client.post(path)["Location"] == "/me/tokens/"
    token.refresh_from_db()
    assert token.retired_at is not None
    again = client.post(path)
    assert (again.status_code, "ERP sync is withdrawn already." in words(again)) == (409, True)


def test_somebody_elses_token_is_not_there(client: Client, mona: User, ivan: User, ada: User) -> None:
    token = Token.add(by=ivan, name="Ivan's own")
    for person in (mona, ada):
        client.force_login(person)
        assert "Ivan" not in words(client.get("/me/tokens/")).replace("Ivan Itkin", "")
        assert client.post(reverse("me_retire_token", args=[token.pk])).status_code == 404
        assert client.post(reverse("me_retire_token", args=[token.pk + 1000])).status_code == 404
    token.refresh_from_db()
    assert token.retired_at is None


def test_the_list_tells_working_expired_and_withdrawn_apart(client: Client, mona: User) -> None:
    _, expired, gone = (Token.add(by=mona, name=name) for name in ("Works", "Expired", "Gone"))
    Token.objects.filter(pk=expired.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    gone.retire(by=mona)
    rows = client.get("/me/tokens/").context["rows"]
    assert [(row["token"].name, row["state"]) for row in rows] == [
        ("Expired", "expired"),
        ("Works", "works"),
        ("Gone", "withdrawn"),
    ]


# By command


def run(*arguments: str) -> tuple[str, str]:
    """What a command prints on stdout and on stderr."""
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_the_secret_alone(db: None) -> None:
    ivan = User.objects.create_user("ivan@cast.example", name="Ivan Itkin")
    ivan.grant(by=an_administrator(), role="it")
    out, err = run(
        "create_token", " Ivan@cast.example", "--name", "Sync", "--days", "10", "--kinds", "inventory.vendor"
    )
    token = Token.objects.get()
    assert re.fullmatch(r"ilk_[\w-]{43}\n", out)
    assert Token.digest_of(out.strip()) == token.digest
    assert (token.user, token.write, token.kinds) == (ivan, True, ["inventory.vendor"])
    assert token.expires_on == timezone.localdate() + timedelta(days=10)
    assert out.strip() not in err
    assert "acts as Ivan Itkin" in err
    assert Entry.objects.get(kind="accounts.token").door == "command"


def test_the_command_makes_a_reading_token(mona: User) -> None:
    run("create_token", mona.email, "--name", "Look", "--read-only")
    assert Token.objects.get().write is False


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nemo@cast.example"], "There is nobody with the e-mail nemo@cast.example."),
        (["mona@cast.example", "--days", "400"], "--days must be from 1 to 366, not 400."),
        (["mona@cast.example", "--days", "0"], "--days must be from 1 to 366, not 0."),
        (["mona@cast.example", "--kinds", "inventory.vendro"], "Name kinds of record such as inventory.vendor."),
        (["oskar@cast.example"], "Oskar Outsider has no role yet, so a token could do nothing."),
    ],
)
def test_the_command_refuses_in_one_sentence(mona: User, oskar: User, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        run("create_token", *arguments)
    assert str(refused.value) == sentence
    assert Token.objects.count() == 0


def test_nobody_gets_a_token_for_somebody_who_left(mona: User, ada: User) -> None:
    mona.retire(by=ada)
    with pytest.raises(CommandError) as refused:
        run("create_token", mona.email)
    assert str(refused.value) == "Mona Marketing has left and can have no token."


def an_administrator() -> User:
    run("create_person", "first@cast.example", "--name", "First One", "--role", "administrator")
    return User.objects.get(email="first@cast.example")


def test_a_company_makes_its_first_administrator_who_chooses_a_password(db: None, client: Client) -> None:
    out, err = run(
        "create_person", "Ada@Company.example", "--name", "Ada  Admin", "--role", "administrator", "--role", "it"
    )
    ada = User.objects.get(email="ada@company.example")
    assert (ada.name, ada.roles) == ("Ada Admin", {"administrator", "it"})
    assert out.startswith(f"{settings.BASE_URL}/password/reset/")
    assert "can sign in (administrator, it)" in err
    form = client.get(out.strip().removeprefix(settings.BASE_URL), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert client.post("/sign-in/", {"login": "ada@company.example", "password": PASSWORD}).status_code == 302
    entry = Entry.objects.get(kind="accounts.user", key=ada.pk, verb="add")
    assert (entry.door, entry.changes["roles"]) == ("command", [None, ["administrator", "it"]])


def test_a_service_account_gets_no_link(db: None) -> None:
    out, err = run("create_person", "erp@service.example", "--name", "ERP", "--role", "procurement", "--service")
    assert (out, User.objects.get(email="erp@service.example").kind) == ("", "service")
    assert "is a service account" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["mona@cast.example", "--name", "Mona"], "mona@cast.example is taken."),
        (["new@cast.example", "--name", "New", "--role", "boss"], "There is no role 'boss';"),
        (["nonsense", "--name", "New"], "Enter a valid email address."),
        (["new@cast.example", "--name", " "], "This field cannot be blank."),
    ],
)
def test_a_person_is_refused_in_one_sentence(mona: User, arguments: list[str], sentence: str) -> None:
    people = User.objects.count()
    with pytest.raises(CommandError) as refused:
        run("create_person", *arguments)
    assert str(refused.value).startswith(sentence)
    assert User.objects.count() == people


def test_a_token_is_made_over_rest_with_the_password_only(client: Client, mona: User) -> None:
    mona.set_password("seven quiet lanterns")
    mona.save(update_fields=["password"])
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    told = {}
    for password in (None, "wrong", "seven quiet lanterns"):
        body = {"name": "ERP"} | ({"password": password} if password else {})
        told[password] = client.post("/api/v1/tokens/", body, content_type="application/json")
    assert [answer.status_code for answer in told.values()] == [400, 400, 201]
    made = told["seven quiet lanterns"].json()
    assert made["secret"].startswith("ilk_")
    assert "secret" not in client.get(f"/api/v1/tokens/{made['id']}/").json()


def test_the_password_cannot_be_guessed_over_rest(client: Client, mona: User) -> None:
    """Whoever finds an open window has as many tries as at the sign-in."""

    def guess(password: str) -> Any:
        body = json.dumps({"name": "ERP", "password": password})
        return client.post("/api/v1/tokens/", body, content_type="application/json")

    assert [guess("not it at all").status_code for _ in range(6)] == [400, 400, 400, 400, 400, 429]
    refused = guess(PASSWORD)
    assert (refused.status_code, refused.json()["type"], Token.objects.count()) == (429, "/problems/too-many", 0)
