"""How saved views are asked."""

from martech.filtering import Filters
from martech.records import models


class SavedViews(Filters):
    sort = ("name", "created_at", "changed_at")

    class Meta:
        model = models.SavedView
        fields = ("name", "page", "shared", "owner")
