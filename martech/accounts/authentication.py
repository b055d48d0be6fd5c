"""Who calls the REST interface: the bearer of a token, or the person of a session."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, ParseError
from rest_framework.request import Request

from martech.accounts.models import Token, User, role_names
from martech.prepared import Prepared
from martech.statements import Slot, Statement

SECRET = re.compile(r"ilk_[\w-]{43}")
IN_ADDRESS = frozenset({"access_token", "api_key", "apikey", "token"})
REMEMBER_USE = timedelta(minutes=5)
"""How exactly a token's last use is known: not every call is worth a write."""


class Bearer(BaseAuthentication):
    """`Authorization: Bearer ilk_...`: token, holder and the holder's roles in one statement.

    Unknown, expired or retired tokens and holders who left are one and the same 401. A token in the address is a 400:
    addresses end up in logs.
    """

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        refuse_in_address(request)
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = self.token(secret.strip())
        self.note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="interlock"'

    def token(self, secret: str) -> Token:
        """The working token of a secret; its user carries roles and limits."""
        found = holders().run({"digest": Token.digest_of(secret)}) if SECRET.fullmatch(secret) else []
        token = held(found[0]) if found else None
        if token is None or token.retired_at or token.expires_on < timezone.localdate() or not token.user.present:
            raise AuthenticationFailed("This token does not work: it is unknown, expired or withdrawn.")
        token.user.limits = token
        return token

    def note_use(self, token: Token) -> None:
        now = timezone.now()
        if token.last_used_at is None or token.last_used_at < now - REMEMBER_USE:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
            token.last_used_at = now


OWN = [item.attname for item in Token._meta.concrete_fields]
HOLDERS = [item.attname for item in User._meta.concrete_fields]


@cache
def holders() -> Statement:
    """Token, holder and the names of the holder's roles by the digest of a secret."""
    rows = Token.objects.filter(digest=Slot("digest", Token._meta.get_field("digest")))
    rows = rows.annotate(_roles=role_names("user"))
    return Prepared.of(rows.values_list(*OWN, *(f"user__{name}" for name in HOLDERS), "_roles"))


def held(row: Sequence[Any]) -> Token:
    """The token of a row of `holders`, its user in it with the roles known."""
    token = Token.from_db(connection.alias, OWN, row[: len(OWN)])
    token.user = User.from_db(connection.alias, HOLDERS, row[len(OWN) : -1])
    token.user.__dict__["role_names"] = row[-1]
    return token


class Session(SessionAuthentication):
    """The person signed in to the pages, with the same CSRF rule; roles came with the session's user."""


def refuse_in_address(request: Request) -> None:
    """Raise ParseError where the query string holds a token."""
    for name, values in request.query_params.lists():
        if name.lower() in IN_ADDRESS or any(SECRET.search(value) for value in values):
            raise ParseError("Send the token in the Authorization header; withdraw one that stood in an address.")


class BearerScheme(OpenApiAuthenticationExtension):
    """How the schema describes `Bearer`."""

    target_class = Bearer
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API token, made at /me/tokens/."}


class SessionScheme(OpenApiAuthenticationExtension):
    """How the schema describes `Session`."""

    target_class = Session
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "session", "description": "The session of the pages."}
