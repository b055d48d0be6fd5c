"""How webhooks are asked."""

from martech.filtering import Filters
from martech.webhooks import models


class Webhooks(Filters):
    sort = ("name", "status", "created_at", "changed_at")

    class Meta:
        model = models.Webhook
        fields = ("name", "url", "status", "owner")
