"""The pages of standing in: every period, and one's own deputies among one's settings."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from governance import filters, models, reports
from martech.web.views import RecordViews


class StandIns(RecordViews):
    model = models.StandIn
    filterset_class = filters.StandIns
    path = "governance/stand-ins"
    icon = "user-plus"
    lead = "Who answers and decides in whose place, from a day to a day."
    columns = ("person", "deputy", "covers", "from_on", "to_on")
    facts = ("person", "deputy", "covers", "from_on", "to_on")
    related = ("person", "deputy")
    fieldsets = (("The period", ("person", "deputy", "covers", "from_on", "to_on", "reason")),)

    @classmethod
    def more(cls) -> list[URLPattern]:
        return [path("me/deputies/", cls.view("mine", ("GET", "HEAD")), name="me_deputies")]

    def mine(self) -> HttpResponse:
        """Who stands in for the reader, for whom they stand in, and the form to name somebody."""
        context: dict[str, Any] = {
            **reports.deputies_of(self.user, timezone.localdate()),
            "page_title": "Deputies",
            "tab": "deputies",
            "crumbs": [{"label": "Your settings", "url": "/me/"}],
        }
        return render(self.request, "me/deputies.html", context)
