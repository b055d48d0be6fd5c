"""The endpoints of people, functions and tokens."""

from martech.accounts import filters, models
from martech.rest.viewsets import RecordViewSet


class People(RecordViewSet):
    model = models.User
    filterset_class = filters.People
    path = "people"


class Functions(RecordViewSet):
    model = models.Function
    filterset_class = filters.Functions
    path = "functions"


class Tokens(RecordViewSet):
    model = models.Token
    filterset_class = filters.Tokens
    path = "tokens"
