"""Who calls REST: tokens and sessions, read in one statement and never trusted further than their person."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied as NotAllowed
from django.db import connection
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, ParseError, PermissionDenied
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from inventory.models import Vendor
from martech.accounts.authentication import Bearer, Session
from martech.accounts.models import Token, User
from martech.audit.models import Entry
from martech.permissions import engine

rf = RequestFactory()


def call(token: Token | str = "", path: str = "/api/v1/vendors/", scheme: str = "Bearer") -> Request:
    secret = token.secret if isinstance(token, Token) else token
    return Request(rf.get(path, headers={"Authorization": f"{scheme} {secret}"} if secret else {}))


def token_of(user: User, **fields: Any) -> Token:
    return Token.add(by=user, name="ERP sync", **fields)


def test_a_token_says_who_calls_and_narrows_their_rights(mona: User) -> None:
    token = token_of(mona, write=True)
    user, auth = Bearer().authenticate(call(token))
    assert (user, auth, user.limits) == (mona, token, token)
    assert user.standing == {"marketing_ops", "member"}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(mona: User, scheme: str) -> None:
    assert Bearer().authenticate(call(token_of(mona), scheme=scheme))[0] == mona


def test_token_holder_and_roles_cost_one_statement_once_the_use_is_noted(
    mona: User, django_assert_num_queries: Any
) -> None:
    request = call(token_of(mona))
    with django_assert_num_queries(2):
        Bearer().authenticate(request)
    with django_assert_num_queries(1):
        user, _ = Bearer().authenticate(request)
        assert user.standing == {"marketing_ops", "member"}


def test_a_holder_without_roles_has_no_standing(ada: User, mona: User) -> None:
    request = call(token_of(mona))
    mona.revoke(by=ada, role="marketing_ops")
    assert Bearer().authenticate(request)[0].standing == frozenset()


def test_a_role_taken_away_counts_for_the_next_call(ada: User, mona: User) -> None:
    request = call(token_of(mona, write=True))
    assert engine.condition(Bearer().authenticate(request)[0], "inventory.add_vendor") is True
    mona.revoke(by=ada, role="marketing_ops")
    mona.grant(by=ada, role="auditor")
    assert engine.condition(Bearer().authenticate(request)[0], "inventory.add_vendor") is False


def test_the_last_use_is_noted_at_most_every_five_minutes_and_not_in_the_trail(mona: User) -> None:
    token = token_of(mona)
    told = Entry.objects.count()
    before = timezone.now()
    Bearer().authenticate(call(token))
    first = Token.objects.get(pk=token.pk).last_used_at
    assert before <= first <= timezone.now()
    Bearer().authenticate(call(token))
    assert Token.objects.get(pk=token.pk).last_used_at == first
    Token.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(minutes=6))
    Bearer().authenticate(call(token))
    assert Token.objects.get(pk=token.pk).last_used_at >= first
    assert Entry.objects.count() == told


def test_whatever_is_wrong_with_a_token_is_told_in_the_same_words(mona: User, ada: User, ivan: User) -> None:
    expired, retired, left = token_of(mona), token_of(mona), token_of(ivan)
    Token.objects.filter(pk=expired.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    retired.retire(by=mona)
    ivan.retire(by=ada)
    secrets = [expired.secret, retired.secret, left.secret, "ilk_" + "x" * 43, "ilk_short", "x", "ilk_\x00" + "x" * 42]
    told = []
    for secret in secrets:
        with pytest.raises(AuthenticationFailed) as refused:
            Bearer().authenticate(Request(rf.get("/", HTTP_AUTHORIZATION=f"Bearer {secret}")))
        told.append(str(refused.value.detail))
    assert told == ["This token does not work: it is unknown, expired or withdrawn."] * 7


def test_a_token_works_through_its_last_day(mona: User) -> None:
    token = token_of(mona)
    Token.objects.filter(pk=token.pk).update(expires_on=timezone.localdate())
    assert Bearer().authenticate(call(token))[0] == mona


def test_an_inactive_holder_is_nobody(mona: User) -> None:
    token = token_of(mona)
    User.objects.filter(pk=mona.pk).update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        Bearer().authenticate(call(token))


@pytest.mark.parametrize("query", ["token={}", "access_token=x", "api_key=x", "q={}", "name=a&Token=x", "a={}&a=b"])
def test_a_token_in_the_address_is_refused(mona: User, query: str) -> None:
    token = token_of(mona)
    with pytest.raises(ParseError) as refused:
        Bearer().authenticate(call(token, path="/api/v1/vendors/?" + query.format(token.secret)))
    assert token.secret not in str(refused.value.detail)


def test_without_a_token_the_next_way_is_tried(mona: User) -> None:
    assert Bearer().authenticate(call()) is None
    assert Bearer().authenticate(call("dXNlcjpwdw==", scheme="Basic")) is None
    assert Bearer().authenticate_header(call()) == 'Bearer realm="interlock"'


def test_only_a_hash_of_the_token_is_kept(mona: User) -> None:
    token = token_of(mona)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_token")
        rows = str(cursor.fetchall())
    assert token.secret not in rows
    assert token.secret not in str(list(Entry.objects.values()))
    assert token.digest not in str(list(Entry.objects.values()))


# What a token may


def test_a_reading_token_reads_and_changes_nothing(ivan: User) -> None:
    Vendor.add(by=ivan, name="Northlight")
    user, _ = Bearer().authenticate(call(token_of(ivan)))
    assert [str(vendor) for vendor in engine.scope(user, Vendor.objects.all())] == ["Northlight"]
    with pytest.raises(NotAllowed):
        Vendor.add(by=user, name="Southlight")
    assert Vendor.objects.count() == 1


def test_a_writing_token_never_exceeds_its_holder(mia: User) -> None:
    user, _ = Bearer().authenticate(call(token_of(mia, write=True)))
    assert engine.condition(user, "inventory.add_vendor") is False
    assert engine.condition(user, "inventory.view_vendor") is True


def test_a_token_for_one_kind_of_record_knows_no_other(ivan: User) -> None:
    user, _ = Bearer().authenticate(call(token_of(ivan, write=True, kinds=["inventory.vendor"])))
    vendor = Vendor.add(by=user, name="Northlight")
    assert vendor.change(by=user, description="Lamps").version == 2
    assert engine.condition(user, "inventory.view_system") is False


def test_a_token_makes_and_withdraws_no_tokens(ada: User) -> None:
    token = token_of(ada, write=True)
    user, _ = Bearer().authenticate(call(token))
    for verb in ("add", "change", "retire", "remark"):
        assert engine.condition(user, f"accounts.{verb}_token") is False


# Sessions


def test_a_session_calls_rest_with_the_csrf_token_and_not_without(mona: User) -> None:
    reading = rf.get("/")
    reading.user = mona
    assert Session().authenticate(Request(reading)) == (mona, None)
    writing = rf.post("/", "{}", content_type="text/plain")
    writing.user = mona
    with pytest.raises(PermissionDenied):
        Session().authenticate(Request(writing))
    key = get_token(rf.get("/"))
    writing = rf.post("/", "{}", content_type="application/json", headers={"X-CSRFToken": key})
    writing.COOKIES["csrf"] = key
    writing.user = mona
    assert Session().authenticate(Request(writing, parsers=[JSONParser()])) == (mona, None)


def test_nobody_signed_in_is_nobody(db: None) -> None:
    reading = rf.get("/")
    reading.user = AnonymousUser()
    assert Session().authenticate(Request(reading)) is None
