"""The pages of gaps: the list, how they came and went week by week, and the plans that close them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from governance import filters, models, reports
from martech.filtering import Question
from martech.permissions import engine
from martech.web.listing import Listing
from martech.web.views import RecordViews

TREND = "governance/gaps/trend/"


class Narrowed(Listing):
    """The list of gaps as it is asked; the picture leaves out in which state they are now."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, models.Gap, filters.Gaps, ())
        self.path = f"/{TREND}"

    def _read(self) -> tuple[Question, list[Any]]:
        for name in ("status", "weeks", "columns", "ordering"):
            self.kept.pop(name, None)
        return super()._read()


class Gaps(RecordViews):
    model = models.Gap
    filterset_class = filters.Gaps
    path = "governance/gaps"
    icon = "exclamation-triangle"
    lead = "What is missing in who answers for what: found by the product, closed as soon as it is mended."
    columns = ("status", "mender", "since")
    facts = (
        "rule",
        "system",
        "activity",
        "person",
        "function",
        "stage",
        "step",
        "mender",
        "since",
        "closed_at",
        "plan",
        "tolerated_until",
    )
    related = ("system", "activity", "person", "function", "stage", "step__process", "mender", "plan")

    @classmethod
    def more(cls) -> list[URLPattern]:
        return [path(TREND, cls.view("trend", ("GET", "HEAD")), name="gaps-trend")]

    def trend(self) -> HttpResponse:
        """Opened, closed and open by week, of the gaps that the list's filters ask for."""
        if not engine.possible(self.user, "governance.view_gap"):
            raise Http404
        weeks = reports.weeks_asked(self.request.GET.get("weeks", ""))
        asked = Narrowed(self.request)
        seen = reports.trend(asked.rows_asked, timezone.localdate(), weeks)
        context = {
            "asked": asked,
            "seen": seen,
            "spans": [(each, asked.address(weeks=each), each == weeks) for each in reports.SPANS],
            "list_url": asked.address().replace(f"/{TREND}", f"/{self.path}/"),
            "page_title": "Gaps by week",
        }
        return self.render("trend", context, 422 if asked.errors else 200)

    def sections(self, record: models.Gap) -> dict[str, Any]:
        return {"mending": reports.mending(record)}


class ClosingPlans(RecordViews):
    model = models.ClosingPlan
    filterset_class = filters.ClosingPlans
    path = "governance/closing-plans"
    icon = "flag"
    lead = "What systems that came in live still lack: one plan for each owner, with a day by which it is closed."
    columns = ("owner", "status", "due_on", "size", "closed")
    facts = ("owner", "due_on", "size", "closed", "done_at")
    related = ("owner",)

    def sections(self, record: models.ClosingPlan) -> dict[str, Any]:
        return reports.closing_plan(record, self.user)
