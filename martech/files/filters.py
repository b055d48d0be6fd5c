"""How documents are asked."""

from martech.files import models
from martech.filtering import Filters


class Documents(Filters):
    sort = ("created_at", "name", "size", "changed_at")

    class Meta:
        model = models.Document
        fields = ("name", "kind", "key", "media_type", "size", "note")
