"""The pages of sourcing options: each beside the others of its question, and all questions on one page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from governance import filters, models, reports
from martech.permissions import engine
from martech.web.shown import may_add
from martech.web.views import RecordViews

ACROSS = "governance/sourcing/"


class SourcingOptions(RecordViews):
    model = models.SourcingOption
    filterset_class = filters.SourcingOptions
    path = "governance/sourcing-options"
    icon = "scale"
    lead = "Who else could do it: in-house, shared or outsourced, with cost, capacity and what was chosen."
    columns = ("activity", "function", "way", "status", "yearly", "hours")
    facts = ("activity", "way", "hours", "owner")
    related = ("activity", "function", "system", "provider", "vendor", "owner")
    fieldsets = (
        ("The question", ("activity", "function", "system")),
        ("The way", ("name", "way", "provider", "vendor", "owner")),
        ("Cost and capacity", ("once", "yearly", "currency", "hours", "ready_on")),
        ("Weighed", ("advantages", "drawbacks")),
    )

    def sections(self, record: models.SourcingOption) -> dict[str, Any]:
        return {
            "questions": reports.ways_beside(self.user, record),
            "across": f"/{ACROSS}",
            "add_url": may_add(self.user, models.SourcingOption),
        }


@login_required
@require_safe
def across(request: HttpRequest) -> HttpResponse:
    """Every question with its options side by side."""
    user: Any = request.user
    if not engine.possible(user, "governance.view_sourcingoption"):
        raise Http404
    context = {
        "questions": reports.ways(user, models.SourcingOption.objects.all()),
        "add_url": may_add(user, models.SourcingOption),
        "page_title": "Who else could do it",
        "crumbs": [{"label": "Sourcing options", "url": f"/{SourcingOptions.path}/"}],
    }
    return render(request, "governance/sourcing.html", context)


def urls() -> list[URLPattern]:
    return [path(ACROSS, across, name="sourcing")]
