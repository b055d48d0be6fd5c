"""The pages of consultations."""

from typing import Any

from django.utils import timezone

from governance import filters, models
from martech.web import links
from martech.web.views import RecordViews


class Consultations(RecordViews):
    model = models.Consultation
    filterset_class = filters.Consultations
    path = "governance/consultations"
    icon = "chat-bubble-left-right"
    lead = "Changes of owner or lifecycle of critical systems, put to those consulted before they are made."
    columns = ("system", "verb", "status", "asked_by", "answer_by_on", "open_until_on")
    facts = ("system", "verb", "answer_by_on", "open_until_on", "asked_by")
    related = ("system", "asked_by", "business_owner", "technical_owner", "owning_function")
    fieldsets = (
        ("What is to be done", ("system", "verb", "reason")),
        ("For a change of owner", ("business_owner", "technical_owner", "owning_function")),
    )

    def sections(self, record: models.Consultation) -> dict[str, Any]:
        system = links.of(record.system)
        return {
            "opinions": list(record.opinions.select_related("person", "answered_by").order_by("person__name", "pk")),
            "possible_now": record.clear_on(timezone.localdate()),
            "open_words": f"Possible until {record.open_until_on:%-d %B %Y}",
            "act_url": f"{system}{record.verb.replace('_', '-')}/",
            "act_words": record.get_verb_display(),
        }
