"""How people and functions are asked."""

from martech import filtering
from martech.accounts import models


class People(filtering.Filters):
    sort = ("name", "email", "function", "created_at", "changed_at")

    class Meta:
        model = models.User
        fields = ("name", "email", "title", "kind", "function", "deputy", "is_active")


class Functions(filtering.Filters):
    sort = ("name", "kind", "created_at", "changed_at")

    class Meta:
        model = models.Function
        fields = ("name", "kind", "parent", "head", "deputy")


class Tokens(filtering.Filters):
    sort = ("created_at", "name", "expires_on", "last_used_at", "changed_at")

    class Meta:
        model = models.Token
        fields = ("name", "user", "write", "expires_on", "last_used_at")
