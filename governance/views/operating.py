"""The pages of operating models, and of applying one to a system."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path

from governance import filters, models, reports
from governance.days import day_given, day_shown
from inventory.models import System
from martech import keys, locking
from martech.errors import Refused, said
from martech.permissions import engine
from martech.web import links, sending
from martech.web.views import RecordViews


class OperatingModels(RecordViews):
    model = models.OperatingModel
    filterset_class = filters.OperatingModels
    path = "governance/operating-models"
    icon = "adjustments-horizontal"
    lead = (
        "How marketing and IT share the work of a system: who is what, by role. Applied to a system it becomes letters."
    )
    columns = ("code", "description")
    facts = ("code",)
    fieldsets = (("The model", ("name", "code", "description", "lines")),)

    def sections(self, record: models.OperatingModel) -> dict[str, Any]:
        may = not record.retired_at and engine.possible(self.user, "inventory.change_system")
        return {
            "apply_url": f"{links.of(record)}apply/" if may else "",
            "shares": reports.shares(record),
        }

    @classmethod
    def more(cls) -> list[URLPattern]:
        both = cls.view("apply", ("GET", "HEAD", "POST"))
        return [path(f"{cls.path}/<record:key>/apply/", both, name="operating-model-apply")]

    def apply(self, key: tuple[str, int]) -> HttpResponse:
        """A model for a system: the preview of each cell, and doing it."""
        model = self.get(key)
        if not engine.possible(self.user, "inventory.change_system"):
            raise PermissionDenied
        given = self.request.POST if self.request.method == "POST" else self.request.GET
        number = keys.numbered(given.get("system", ""), System.PREFIX)
        system: Any = locking.found(System, number, self.user) if number is not None else None
        on = day_shown(given.get("on", ""))
        if system is None:
            return self._page(model, None, on)
        if not engine.may(self.user, "inventory.change_system", system):
            raise PermissionDenied
        if self.request.method == "POST":
            try:
                return sending.done_once(self.request, lambda: self._applied(model, system))
            except (ValidationError, Refused) as error:
                return self._page(model, system, on, refusal=said(error))
        return self._page(model, system, on)

    def _applied(self, model: models.OperatingModel, system: System) -> HttpResponse:
        given = self.request.POST
        on, note = day_given(given.get("on", "")), given.get("note", "").replace("\0", "")
        done = model.apply(system, by=self.user, on=on, note=note)
        messages.success(self.request, reports.changed(done.plan))
        return redirect(f"{links.of(system)}raci/")

    def _page(
        self, model: models.OperatingModel, system: System | None, on: date, *, refusal: str = ""
    ) -> HttpResponse:
        seen = None
        if system is not None and not refusal:
            try:
                seen = reports.preview(model, system, self.user, on)
            except (ValidationError, Refused) as error:
                refusal = said(error)
        systems = engine.scope(self.user, System.objects.current(), "inventory.change_system").order_by("name", "pk")
        title = f"{model} for {system}" if system else f"Apply “{model}” to a system"
        context = {
            "record": model,
            "system": system,
            "on": on,
            "seen": seen,
            "systems": list(systems.values_list("pk", "name")),
            "refusal": refusal,
            "note": self.request.POST.get("note", ""),
            "once": sending.key(self.request),
            "page_title": title,
            "crumbs": [{"label": self.title, "url": self.base}, {"label": str(model), "url": links.of(model)}],
        }
        return render(self.request, "governance/operating_apply.html", context, status=422 if refusal else 200)
