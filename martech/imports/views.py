"""The pages of imports: bring a file, settle its columns, look at the preview, confirm, watch, and take it back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from martech.errors import Refused, by_field, said
from martech.imports import preview, rejects, shown
from martech.imports.forms import UploadForm, settle
from martech.imports.models import ImportBatch
from martech.imports.table import Table, Unreadable
from martech.permissions import engine
from martech.web import sending

PAGE = 200  # rows of a preview
LISTED = 50  # imports on a page
Status = ImportBatch.Status


def get(request: HttpRequest, key: tuple[str, int]) -> ImportBatch:
    """The import in the hand; hidden, missing and numbered for another kind are the same 404."""
    prefix, number = key
    rows = ImportBatch.objects.select_related("uploaded_by")
    user: Any = request.user
    return engine.get(user, rows if prefix in {"", ImportBatch.PREFIX} else rows.none(), number)


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """My imports, the latest first; an auditor sees everybody's."""
    user: Any = request.user
    rows = engine.scope(user, ImportBatch.objects.filter(retired_at=None)).select_related("uploaded_by").order_by("-pk")
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = {
        "page_title": "Imports",
        "page": page,
        "batches": [shown.Summary(batch) for batch in page],
        "others": any(batch.uploaded_by_id != user.pk for batch in page),
        "can_add": engine.condition(user, "imports.add_importbatch") is not False,
    }
    return render(request, "imports/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Bring a file."""
    user: Any = request.user
    if engine.condition(user, "imports.add_importbatch") is False:
        raise PermissionDenied
    given = request.POST if request.method == "POST" else None
    form = UploadForm(given, request.FILES or None, actor=user, initial={"kind": request.GET.get("kind", "")})
    if getattr(request, "upload_refused", False):
        form.refuse()
    elif given is not None and form.is_valid():
        try:
            return sending.done_once(
                request, lambda: redirect("import", key=ImportBatch.add(by=user, **form.values()).number)
            )
        except ValidationError as error:
            for name, sentences in by_field(error).items():
                form.add_error({"content": "file"}.get(name, name if name in form.fields else None), sentences)
    context = {
        "page_title": "Import a file",
        "form": form,
        "crumbs": CRUMBS,
        "steps": shown.steps(None),
        "once": sending.key(request),
    }
    return render(request, "imports/new.html", context, status=200 if given is None else 422)


CRUMBS = [{"label": "Imports", "url": "/imports/"}]


def page(request: HttpRequest, batch: ImportBatch, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of one import, with its steps and what may be done."""
    user: Any = request.user
    full = {
        "batch": batch,
        "page_title": batch.file_name,
        "crumbs": [*CRUMBS, {"label": batch.number, "url": f"/imports/{batch.number}/"}],
        "steps": shown.steps(batch),
        "summary": shown.Summary(batch),
        "verbs": batch.verbs(user),
        "mine": batch.uploaded_by_id == user.pk,
        **context,
    }
    return render(request, template, full, status=status)


@login_required
@require_GET
def detail(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """Where the import stands."""
    return show(request, get(request, key))


def show(request: HttpRequest, batch: ImportBatch, status: int = 200, **extra: Any) -> HttpResponse:
    if batch.status == Status.UPLOADED:
        return columns_page(request, batch, status, **extra)
    if batch.status in ImportBatch.WORKING:
        return page(request, batch, "imports/progress.html", status, **extra)
    rows = (
        batch.rows.filter(outcome="error") if batch.status not in {Status.PREVIEWED, Status.CANCELLED} else batch.rows
    )
    outcome = request.GET.get("outcome", "")
    if outcome in preview.OUTCOMES:
        rows = rows.filter(outcome=outcome)
    found = Paginator(rows.order_by("position"), PAGE).get_page(request.GET.get("page"))
    template = "imports/preview.html" if batch.status == Status.PREVIEWED else "imports/result.html"
    context = {
        "page": found,
        "rows": [shown.Line(row, batch) for row in found],
        "outcome": outcome,
        "tabs": shown.tabs(batch, outcome),
        "query": f"outcome={outcome}&" if outcome else "",
    }
    return page(request, batch, template, status, **context, **extra)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """Settle how the file is read and where its columns go; then the preview."""
    batch = get(request, key)
    if request.method != "POST":
        if batch.status not in {Status.UPLOADED, Status.PREVIEWED}:
            return redirect("import", key=batch.number)
        return columns_page(request, batch)
    user: Any = request.user
    try:
        table = batch.table()
        before = list(table.header)
        fields = settle(batch, table, request.POST, user)
        batch = batch.change(by=user, **fields)
        if list(batch.header) != before:
            messages.info(request, "The file is read in another way now: look at its columns again.")
            return redirect("import-columns", key=batch.number)
        open_points = preview.unsettled(batch, user, batch.table())
        if request.POST.get("action") != "preview":
            return redirect("import-columns", key=batch.number)
        if open_points:
            return columns_page(request, batch, 422, problems=open_points)
        batch = batch.preview(by=user)
    except ValidationError as error:
        return columns_page(request, get(request, key), 422, problems=error.messages)
    except Refused as error:
        return show(request, get(request, key), 409, refusal=str(error))
    return redirect("import", key=batch.number)


def columns_page(request: HttpRequest, batch: ImportBatch, status: int = 200, **extra: Any) -> HttpResponse:
    user: Any = request.user
    try:
        table: Table = batch.table()
    except (Unreadable, FileNotFoundError) as error:
        reason = getattr(error, "reason", "The file is no longer there: bring it again.")
        return page(request, batch, "imports/columns.html", 422, unreadable=reason)
    return page(request, batch, "imports/columns.html", status, sheet=shown.ColumnsPage(batch, table, user), **extra)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, key: tuple[str, int], verb: str) -> HttpResponse:
    """Confirm, cancel or undo; said a second time it does nothing. A GET asks whether it is meant."""
    user: Any = request.user
    batch = get(request, key)
    if batch.status in REACHED[verb]:
        return redirect("import", key=batch.number)
    try:
        if request.method != "POST":
            batch.guard(verb)
            return page(request, batch, "imports/ask.html", verb=verb) if verb != "confirm" else show(request, batch)
        batch = getattr(batch, verb)(by=user)
    except Refused as error:
        fresh = get(request, key)
        return (
            redirect("import", key=batch.number)
            if fresh.status in REACHED[verb]
            else show(request, fresh, 409, refusal=str(error))
        )
    return redirect("import", key=batch.number)


REACHED: dict[str, set[str]] = {
    "confirm": {Status.QUEUED, Status.RUNNING, Status.DONE, Status.FAILED, Status.UNDOING, Status.UNDONE},
    "cancel": {Status.CANCELLED, Status.DONE, Status.FAILED, Status.UNDOING, Status.UNDONE},
    "undo": {Status.UNDOING, Status.UNDONE},
}


@login_required
@require_POST
def again(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """A new preview of the same mapping."""
    batch = get(request, key)
    try:
        batch.preview(by=request.user)  # type: ignore[arg-type]
    except (Refused, ValidationError) as error:
        return show(request, get(request, key), 409, refusal=said(error))
    return redirect("import", key=batch.number)


@login_required
@require_GET
def progress(request: HttpRequest, key: tuple[str, int]) -> HttpResponse:
    """How far it is: a part of the page that asks again by itself, until there is a result to show."""
    batch = get(request, key)
    if batch.status not in ImportBatch.WORKING:
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": f"/imports/{batch.number}/"})
        return redirect("import", key=batch.number)
    return render(request, "imports/progress.html#bar", {"batch": batch, "summary": shown.Summary(batch)})


@login_required
@require_GET
def errors(request: HttpRequest, key: tuple[str, int]) -> HttpResponseBase:
    """The rows that were not imported, as the file had them, with the reason."""
    batch = get(request, key)
    name = rejects.file_name(batch)
    if name.endswith(".xlsx"):
        return FileResponse(rejects.as_xlsx(batch), as_attachment=True, filename=name)
    answer = StreamingHttpResponse(rejects.as_csv(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
