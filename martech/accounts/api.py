"""The endpoints of people, functions and tokens."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from martech.accounts import filters, models
from martech.errors import Busy
from martech.rest import serializers
from martech.rest.viewsets import RecordViewSet


class People(RecordViewSet):
    model = models.User
    filterset_class = filters.People
    path = "people"


class Functions(RecordViewSet):
    model = models.Function
    filterset_class = filters.Functions
    path = "functions"


class NewToken(serializers.of_record(models.Token)):  # type: ignore[misc]
    """A token, and the password of who makes it: an open window is not enough for a new secret."""

    password = shapes.CharField(write_only=True, help_text="Your own password.")
    secret = shapes.CharField(read_only=True, help_text="The token itself: in this answer and never again.")


class Tokens(RecordViewSet):
    model = models.Token
    filterset_class = filters.Tokens
    path = "tokens"

    @extend_schema(request=NewToken, responses={201: NewToken}, summary="Make a token")
    def create(self, request: Request) -> Response:
        """A new token; `secret` is in this answer and never again. Tokens do not make tokens."""
        self.permitted("add")
        taken: Any = NewToken(data=request.data)
        taken.is_valid(raise_exception=True)
        given = dict(taken.validated_data)
        try:
            proven = get_adapter(request._request).reauthenticate(request.user, given.pop("password"))
        except ValidationError as error:
            raise Busy(" ".join(error.messages)) from None  # counted like a sign-in
        if not proven:
            raise ValidationError({"password": "This is not your password."})
        return self.shown(models.Token.add(by=request.user, **given), 201)
