"""The pages of the process model."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from governance import filters, models, reports
from inventory.models import System
from martech import keys
from martech.permissions import engine
from martech.web.views import RecordViews


class Activities(RecordViews):
    model = models.Activity
    filterset_class = filters.Activities
    path = "governance/activities"
    icon = "queue-list"
    lead = "The steps of the process, from the wish to the end, and which of them need somebody."
    columns = ("phase", "position", "required_from", "kinds", "code")
    facts = ("phase", "required_from", "kinds", "level", "code")
    fieldsets = (
        ("The step", ("name", "code", "phase", "position", "description")),
        ("Who must answer for it", ("required_from", "kinds", "level")),
    )

    @classmethod
    def more(cls) -> list[URLPattern]:
        return [path("governance/process/", cls.view("process", ("GET", "HEAD")), name="process")]

    def process(self) -> HttpResponse:
        """The process end to end, with who does each step: over all live systems, or on one."""
        seen = engine.scope(self.user, System.objects.current())
        key = keys.key(self.request.GET.get("system", ""))
        choices = list(seen.order_by("name").values_list("pk", "name", "lifecycle"))
        system = seen.filter(pk=key).first() if key else None
        context = {
            "phases": reports.end_to_end(self.user, timezone.localdate(), system),
            "system": system,
            "live": sum(state == System.Lifecycle.LIVE for *_, state in choices),
            "choices": [(pk, name) for pk, name, _ in choices],
            "may_publish": engine.standing(self.user, "governance.add_processversion"),
            "page_title": "Process model",
        }
        return render(self.request, "governance/process.html", context)


class ProcessVersions(RecordViews):
    model = models.ProcessVersion
    filterset_class = filters.ProcessVersions
    path = "governance/process-versions"
    icon = "bookmark"
    lead = "The process model as it was published, each time it was."
    columns = ("published_on", "created_at")
    facts = ("published_on",)
    fieldsets = (("The version", ("name",)),)

    def sections(self, record: models.ProcessVersion) -> dict[str, Any]:
        return {"phases": reports.steps_of(record), **reports.compared(record)}
