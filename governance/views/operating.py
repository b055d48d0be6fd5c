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
from governance.forms import system_named
from inventory.models import System
from martech.errors import Refused, Stale, said
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
        on = day_shown(given.get("on", ""))
        try:
            system = system_named(given.get("system", ""), self.user)
        except ValidationError as error:
            return self._page(model, None, on, refusal=said(error))
        if system is None:
            return self._page(model, None, on)
        if not engine.may(self.user, "inventory.change_system", system):
            return self._page(model, None, on, refusal=f"You may not give letters for {system}.", status=403)
        if self.request.method == "POST":
            try:
                return sending.done_once(self.request, lambda: self._applied(model, system))
            except Stale as error:
                return self._page(model, system, on, told=f"{error} Look again, then apply.", status=409)
            except (ValidationError, Refused) as error:
                return self._page(model, system, on, refusal=said(error))
        return self._page(model, system, on)

    def _applied(self, model: models.OperatingModel, system: System) -> HttpResponse:
        given = self.request.POST
        on, note = day_given(given.get("on", "")), given.get("note", "").replace("\0", "")
        done = model.apply(system, by=self.user, on=on, note=note, mark=given.get("mark", ""))
        messages.success(self.request, reports.changed(done.plan))
        return redirect(f"{links.of(system)}raci/")

    def _page(
        self,
        model: models.OperatingModel,
        system: System | None,
        on: date,
        *,
        refusal: str = "",
        told: str = "",
        status: int = 422,
    ) -> HttpResponse:
        """The form, and below it what would change; `refusal` stands in its place, `told` above it."""
        seen = None
        if system is not None and not refusal:
            try:
                seen = reports.preview(model, system, self.user, on)
            except (ValidationError, Refused) as error:
                refusal = said(error)
        given = self.request.POST or self.request.GET
        refusal = refusal or told
        title = f"{model} for {system}" if system else f"Apply “{model}” to a system"
        context = {
            "record": model,
            "system": system,
            "on": on,
            "seen": seen,
            "typed": f"{system} ({system.number})" if system else given.get("system", ""),
            "refusal": refusal,
            "note": self.request.POST.get("note", ""),
            "once": sending.key(self.request),
            "page_title": title,
            "crumbs": [{"label": self.title, "url": self.base}, {"label": str(model), "url": links.of(model)}],
        }
        return render(self.request, "governance/operating_apply.html", context, status=status if refusal else 200)
