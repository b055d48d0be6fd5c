"""How the list of operating models is asked."""

from governance import models
from martech import filtering


class OperatingModels(filtering.Filters):
    sort = ("name", "code", "created_at", "changed_at")

    class Meta:
        model = models.OperatingModel
        fields = ("name", "code")
