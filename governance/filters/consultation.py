"""How lists are asked: consultations."""

from governance import models
from martech import filtering

WHEN = ("created_at", "changed_at")


class Consultations(filtering.Filters):
    sort = ("answer_by_on", "system", "status", *WHEN)

    class Meta:
        model = models.Consultation
        fields = ("system", "verb", "status", "asked_by", "answer_by_on", "open_until_on", "reason")
