"""The pages of operating models, and of applying one to a system."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from governance import filters, models, reports
from inventory.models import System
from martech import locking
from martech.errors import Refused
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
    columns = ("name", "code", "description")
    facts = ("code",)
    fieldsets = (("The model", ("name", "code", "description", "lines")),)

    def sections(self, record: models.OperatingModel) -> dict[str, Any]:
        may = not record.retired_at and engine.possible(self.user, "inventory.change_system")
        return {
            "apply_url": f"{links.of(record)}apply/" if may else "",
            "shares": reports.shares(record),
        }


@login_required
@require_http_methods(("GET", "HEAD", "POST"))
def apply(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """A model for a system: the preview of each cell, and doing it."""
    user: Any = request.user
    fits = key[0] in {"", models.OperatingModel.PREFIX}
    model: Any = locking.found(models.OperatingModel, key[1], user) if fits else None
    if model is None or model.retired_at:
        raise Http404
    if not engine.possible(user, "inventory.change_system"):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    text = given.get("system", "").removeprefix("SYS-")
    system: Any = (
        locking.found(System, int(text), user) if text.isascii() and text.isdigit() and len(text) < 19 else None
    )
    try:
        on = date.fromisoformat(given.get("on", ""))
    except ValueError:
        on = timezone.localdate()
    if system is None:
        return _page(request, model, None, on)
    if not engine.may(user, "inventory.change_system", system):
        raise PermissionDenied
    if request.method == "POST":
        return sending.done_once(request, lambda: _applied(request, model, system, on))
    return _page(request, model, system, on)


def _applied(request: HttpRequest, model: models.OperatingModel, system: System, on: date) -> HttpResponse:
    note = request.POST.get("note", "").replace("\0", "")
    try:
        plan = model.apply(system, by=request.user, on=on, note=note)  # type: ignore[arg-type]
    except (ValidationError, Refused) as error:
        return _page(request, model, system, on, refusal=_said(error), status=422)
    many = len(plan.changes)
    messages.success(request, f"{many} letter{'' if many == 1 else 's'} changed." if many else "Nothing to change.")
    return redirect(f"{links.of(system)}raci/")


def _page(
    request: HttpRequest,
    model: models.OperatingModel,
    system: System | None,
    on: date,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    seen = None
    if system is not None and not refusal:
        try:
            seen = reports.preview(model, system, user, on)
        except (ValidationError, Refused) as error:
            refusal = _said(error)
    systems = engine.scope(user, System.objects.current(), "inventory.change_system").order_by("name", "pk")
    title = f"{model} for {system}" if system else f"Apply “{model}” to a system"
    context = {
        "record": model,
        "system": system,
        "on": on,
        "seen": seen,
        "systems": list(systems.values_list("pk", "name")),
        "refusal": refusal,
        "note": request.POST.get("note", ""),
        "once": sending.key(request),
        "page_title": title,
        "crumbs": [
            {"label": "Operating models", "url": "/governance/operating-models/"},
            {"label": str(model), "url": links.of(model)},
        ],
    }
    return render(request, "governance/operating_apply.html", context, status=status)


def _said(error: ValidationError | Refused) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def urls() -> list[URLPattern]:
    return [path("governance/operating-models/<record:key>/apply/", apply, name="operating-model-apply")]
