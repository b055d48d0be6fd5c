"""Views people keep of a list: kept, brought up to date, renamed, shared and taken away from the list itself."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from martech.permissions import engine
from martech.records.models import SavedView
from martech.web import sending
from martech.web.listing import saved_address

if TYPE_CHECKING:
    from martech.web.views import RecordViews

ACTS = frozenset({"keep", "update", "rename", "share", "unshare", "remove", "restore"})
LONGEST = 2000


def answer(views: "RecordViews") -> HttpResponse:
    """Do what `act` says (keep where it says nothing) to the view of that key; back to the list as it then stands."""
    asked = {**views.request.GET.dict(), **views.request.POST.dict()}
    act, query = asked.get("act") or "keep", asked.get("query", "")[:LONGEST]
    if act not in ACTS:
        raise Http404
    view = None if act == "keep" else _the(views, asked.get("view", ""))

    def act_on() -> HttpResponse:
        made = keep(views, asked, query) if view is None else done(views, view, act, asked, query)
        return redirect(views.base if act == "remove" else saved_address(views.base, made))

    try:
        return sending.done_once(views.request, act_on)
    except ValidationError as error:
        messages.error(
            views.request, "The view needs a name." if not asked.get("name", "").strip() else " ".join(error.messages)
        )
        return redirect(f"{views.base}?{query}" if view is None else saved_address(views.base, view))


def keep(views: "RecordViews", asked: dict[str, str], query: str) -> SavedView:
    """A new view of this list, the person's own."""
    name, shared = asked.get("name", "").strip(), bool(asked.get("shared"))
    view = SavedView.add(by=views.user, name=name, page=views.label, query=query, owner=views.user, shared=shared)
    messages.success(views.request, f"Kept as “{view.name}”.")
    return view


def done(views: "RecordViews", view: SavedView, act: str, asked: dict[str, str], query: str) -> SavedView:
    """One act on a view that is there."""
    by, undo = views.user, ""
    if act == "update":
        view.change(by=by, query=query)
        told = f"“{view.name}” now shows the list as it is here."
    elif act == "rename":
        view.change(by=by, name=asked.get("name", "").strip())
        told = f"The view is called “{view.name}” now."
    elif act in {"share", "unshare"}:
        view.change(by=by, shared=act == "share")
        told = f"Everybody sees “{view.name}” now." if view.shared else f"Only you see “{view.name}” now."
    elif act == "remove":
        view.retire(by=by)
        told, undo = f"“{view.name}” is off the list.", f"{views.base}views/?act=restore&view={view.pk}"
    else:
        view.restore(by=by)
        told = f"“{view.name}” is back."
    messages.success(views.request, told, extra_tags=undo)
    return view


def _the(views: "RecordViews", key: str) -> Any:
    """The view of this list that the person sees; anything else is not there."""
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return engine.get(views.user, SavedView.objects.filter(page=views.label), int(key))
