"""Signing in and out, and the list of sessions."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from martech import address
from martech.accounts import devices
from martech.accounts.adapter import own_path
from martech.accounts.models import User
from martech.web import cache as soft
from tests.martech.signing import (
    MISMATCH,
    PASSWORD,
    WRONG,
    sign_in,
    signed_in,
    words,
)

# In and out


def test_somebody_signs_in_with_their_email_in_any_case_and_lands_at_the_start(client: Client, mona: User) -> None:
    response = sign_in(client, " MONA@cast.example ")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


def test_a_wrong_password_and_an_unknown_person_get_the_same_words_and_keep_the_email(
    client: Client, mona: User
) -> None:
    wrong = sign_in(client, mona.email, WRONG)
    unknown = sign_in(client, "nemo@cast.example", WRONG)
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert MISMATCH in words(wrong)
    assert f'value="{mona.email}"' in words(wrong)
    assert words(wrong).replace(mona.email, "X") == words(unknown).replace("nemo@cast.example", "X")


@pytest.mark.parametrize("why", ["retired", "inactive", "service"])
def test_whoever_may_not_sign_in_hears_what_a_wrong_password_hears(
    client: Client, mona: User, ada: User, why: str
) -> None:
    if why == "retired":
        mona.retire(by=ada)
    else:
        User.objects.filter(pk=mona.pk).update(**({"is_active": False} if why == "inactive" else {"kind": "service"}))
    response = sign_in(client, mona.email)
    assert response.status_code == 422
    assert MISMATCH in words(response)


def test_the_session_gets_a_new_key_at_sign_in(client: Client, mona: User) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    sign_in(client, mona.email)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != session.session_key


def test_the_session_cookie_is_kept_from_scripts_and_from_other_sites(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value
    response = client.post("/sign-out/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies[settings.SESSION_COOKIE_NAME] = old
    assert not signed_in(client)


def test_signing_out_is_never_a_get(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    assert client.get("/sign-out/").status_code == 405
    assert signed_in(client)


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-out/", "/password/reset/", "/me/theme/", "/me/tokens/new/"])
def test_another_site_cannot_post_for_somebody(mona: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mona)
    response = client.post(path, {"login": mona.email, "password": PASSWORD, "theme": "dark"})
    assert response.status_code == 403


def test_nobody_makes_their_own_account(client: Client) -> None:
    assert [client.get(path).status_code for path in ("/signup/", "/sign-up/", "/accounts/signup/")] == [404, 404, 404]


def test_who_is_not_signed_in_is_sent_to_sign_in_and_htmx_to_one_fixed_path(client: Client) -> None:
    assert client.get("/me/?a=1")["Location"] == "/sign-in/?next=/me/%3Fa%3D1"
    response = client.get("/me/?a=1", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (401, "/sign-in/")


# Case 22: where to go afterwards

ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "///evil.example",
    "https:///evil.example",
    "https://evil.example/me/",
    "http://testserver/me/",
    "javascript:alert(1)",
    "/ok\r\nSet-Cookie: a=b",
    "/ok\x00",
    "\t//evil.example",
    "/\t/evil.example",
    "me/",
    "/sign-out/",
    "",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_sign_in_leads_nowhere_but_to_a_path_of_our_own(client: Client, mona: User, wanted: str) -> None:
    response = client.post("/sign-in/", {"login": mona.email, "password": PASSWORD, "next": wanted})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_sign_in_leads_back_to_the_page_that_was_asked_for(client: Client, mona: User) -> None:
    response = client.post("/sign-in/", {"login": mona.email, "password": PASSWORD, "next": "/me/?tab=1&b=ü"})
    assert response["Location"] == "/me/?tab=1&b=%C3%BC"
    assert own_path("/inventory/systems/?q=a%20b")


# Cases 20 and 21: guessing


def test_guessing_one_persons_password_is_stopped_whether_they_exist_or_not(client: Client, mona: User) -> None:
    told = {}
    for email in (mona.email, "nemo@cast.example"):
        cache.clear()
        told[email] = [sign_in(client, email, WRONG).status_code for _ in range(6)]
    assert told == dict.fromkeys((mona.email, "nemo@cast.example"), [422] * 5 + [429])


def test_the_right_password_does_not_help_a_stranger_who_guessed_too_often(client: Client, mona: User) -> None:
    for _ in range(5):
        sign_in(client, mona.email, WRONG)
    response = sign_in(client, mona.email)
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Wait five minutes" in words(response)


def test_strangers_do_not_lock_somebody_out_of_a_browser_they_know(client: Client, mona: User) -> None:
    own = Client()
    sign_in(own, mona.email)
    own.post("/sign-out/")
    for number in range(8):
        sign_in(client, mona.email, WRONG, REMOTE_ADDR=f"198.51.100.{number}")
    assert sign_in(client, mona.email, REMOTE_ADDR="198.51.100.99").status_code == 429
    assert sign_in(own, mona.email).status_code == 302


def test_a_known_browser_is_no_licence_to_guess(mona: User) -> None:
    own = Client()
    sign_in(own, mona.email)
    own.post("/sign-out/")
    assert [sign_in(own, mona.email, WRONG).status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_known_browser_says_nothing_about_other_people(mona: User, ivan: User) -> None:
    own = Client()
    sign_in(own, mona.email)
    own.post("/sign-out/")
    for number in range(5):
        sign_in(Client(), ivan.email, WRONG, REMOTE_ADDR=f"198.51.100.{number}")
    assert sign_in(own, ivan.email, WRONG).status_code == 429


def test_a_made_up_device_cookie_counts_for_nothing(client: Client, mona: User) -> None:
    for number in range(6):
        client.cookies[devices.COOKIE] = f"made-up-{number}:abc:def"
        status = sign_in(client, mona.email, WRONG, REMOTE_ADDR=f"198.51.100.{number}").status_code
    assert status == 429


def test_one_password_tried_on_many_people_is_stopped_by_address(client: Client, db: None) -> None:
    answers = [sign_in(client, f"somebody{number}@cast.example", WRONG).status_code for number in range(11)]
    assert answers == [422] * 10 + [429]
    assert sign_in(client, "other@cast.example", WRONG, REMOTE_ADDR="198.51.100.7").status_code == 422


def test_a_forged_forwarded_for_gives_no_fresh_attempts(client: Client, db: None) -> None:
    answers = [
        sign_in(
            client, f"p{number}@cast.example", WRONG, headers={"X-Forwarded-For": f"203.0.113.{number}"}
        ).status_code
        for number in range(11)
    ]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(
    ("proxies", "header", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (2, "1.2.3.4, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_say_where_somebody_comes_from(
    rf: Any, settings: Any, proxies: int, header: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address.client(rf.get("/", headers={"X-Forwarded-For": header}, REMOTE_ADDR="10.0.0.1")) == expected


REDIS_IS_AWAY = {
    "default": {"BACKEND": "martech.web.cache.SoftRedisCache", "LOCATION": "unix:///nowhere/redis.sock?db=1"}
}


def test_signing_in_and_its_limits_work_while_redis_is_away(
    client: Client, mona: User, settings: Any, caplog: Any, monkeypatch: Any
) -> None:
    for name in ("_asked_again_at", "_told_at"):
        monkeypatch.setattr(soft, name, float("-inf"))
    settings.CACHES = REDIS_IS_AWAY
    assert sign_in(client, mona.email).status_code == 302
    assert signed_in(client)
    other = Client()
    assert [sign_in(other, mona.email, WRONG).status_code for _ in range(6)] == [422] * 5 + [429]
    assert [line.name for line in caplog.records if "cache does not answer" in line.message] == ["martech.web.cache"]


# Cases 14 and 24: what ends a session


def test_a_session_ends_with_the_next_request_when_its_person_leaves(client: Client, mona: User, ada: User) -> None:
    sign_in(client, mona.email)
    mona.retire(by=ada)
    assert not signed_in(client)


def test_a_session_ends_with_the_next_request_when_its_person_is_deactivated(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    User.objects.filter(pk=mona.pk).update(is_active=False)
    assert not signed_in(client)


def test_a_role_taken_away_counts_from_the_next_request(client: Client, mona: User, ada: User) -> None:
    sign_in(client, mona.email)
    assert "Marketing operations" in words(client.get("/me/"))
    mona.revoke(by=ada, role="marketing_ops")
    assert "Marketing operations" not in words(client.get("/me/"))


def test_a_person_and_their_roles_cost_one_statement(
    client: Client, mona: User, django_assert_num_queries: Any, rf: Any
) -> None:
    client.force_login(mona)
    request = rf.get("/")
    request.session = client.session
    request.session.get("_auth_user_id")
    with django_assert_num_queries(1):
        person = get_user(request)
        assert person.standing == {"marketing_ops", "member"}


# The list of sessions


def test_the_list_shows_each_browser_and_marks_this_one(client: Client, mona: User) -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"
    sign_in(Client(), mona.email, headers={"User-Agent": phone}, REMOTE_ADDR="198.51.100.5")
    sign_in(client, mona.email, headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    response = client.get("/me/sessions/")
    assert [(row.device, row.address, row.here) for row in response.context["sessions"]] == [
        ("Firefox on Linux", "127.0.0.1", True),
        ("Safari on iPhone", "198.51.100.5", False),
    ]


def test_one_session_is_ended_from_the_list(client: Client, mona: User) -> None:
    other = Client()
    sign_in(other, mona.email)
    sign_in(client, mona.email)
    row = next(row for row in client.get("/me/sessions/").context["sessions"] if not row.here)
    client.post(reverse("me_end_session", args=[row.key]))
    assert (signed_in(client), signed_in(other)) == (True, False)


def test_ending_the_present_session_signs_out(client: Client, mona: User) -> None:
    sign_in(client, mona.email)
    row = client.get("/me/sessions/").context["sessions"][0]
    assert client.post(reverse("me_end_session", args=[row.key]))["Location"] == "/sign-in/"
    assert not signed_in(client)


def test_all_other_sessions_end_at_once(client: Client, mona: User) -> None:
    others = [Client(), Client()]
    for other in (*others, client):
        sign_in(other, mona.email)
    client.post("/me/sessions/end-others/")
    assert [signed_in(one) for one in (*others, client)] == [False, False, True]


def test_the_session_of_somebody_else_is_not_there(client: Client, mona: User, ivan: User) -> None:
    other = Client()
    sign_in(other, mona.email)
    row = other.get("/me/sessions/").context["sessions"][0]
    client.force_login(ivan)
    assert client.post(reverse("me_end_session", args=[row.key])).status_code == 404
    assert client.post(reverse("me_end_session", args=[row.key + 1000])).status_code == 404
    assert signed_in(other)


# One's own page


def test_my_page_says_who_i_am_and_what_my_roles_mean(client: Client, mona: User) -> None:
    client.force_login(mona)
    text = words(client.get("/me/"))
    assert "Mona Marketing" in text
    assert "Logs and keeps systems, contracts, costs and integrations" in text
    assert "Sees the stack, follows records, raises requests" in text


def test_the_theme_is_kept_for_a_form_and_for_a_script(client: Client, mona: User) -> None:
    client.force_login(mona)
    by_form = client.post("/me/theme/", {"theme": "dark"}, headers={"Referer": "http://testserver/me/tokens/?a=1"})
    assert by_form["Location"] == "/me/tokens/?a=1"
    by_script = client.post("/me/theme/", {"theme": "light"}, headers={"X-Requested-With": "fetch"})
    assert by_script.status_code == 204
    mona.refresh_from_db()
    assert mona.theme == "light"
    assert client.post("/me/theme/", {"theme": "neon"}).status_code == 400
    elsewhere = client.post("/me/theme/", {"theme": "auto"}, headers={"Referer": "http://evil.example/x"})
    assert elsewhere["Location"] == "/me/"
