"""The inbox: what I am told, read or put off."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from martech.keys import key as key_of
from martech.notifications.models import Notice, Preference

PAGE = 50


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread first, then what was read; a page at a time."""
    now = timezone.now()
    mine = Notice.objects.for_(request.user).showing(now)
    before = key_of(request.GET.get("before", ""))
    if before is not None:
        mine = mine.filter(pk__lt=before)
    notices = list(mine.select_related("reminder")[: PAGE + 1])
    context = {
        "page_title": "Inbox",
        "unread": [notice for notice in notices[:PAGE] if notice.read_at is None],
        "read": [notice for notice in notices[:PAGE] if notice.read_at is not None],
        "older": notices[PAGE - 1].pk if len(notices) > PAGE else None,
        "tomorrow": timezone.localdate() + timedelta(days=1),
        "email": Preference.of([request.user.pk])[request.user.pk],
        "emails": Preference.Email.choices,
    }
    return render(request, "home/inbox.html", context)


@login_required
@require_POST
def act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """Read one, put one off, read all (key 0), or choose how mail comes."""
    now = timezone.now()
    if act == "read-all":
        Notice.objects.for_(request.user).read(now)
        return redirect("inbox")
    if act == "email":
        try:
            Preference.choose(request.user, request.POST.get("email", ""))
            messages.success(request, "Kept.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("inbox")
    notice = Notice.objects.filter(person=request.user, pk=key).select_related("reminder", "person__calendar").first()
    if notice is None or act not in {"read", "snooze", "open"}:
        raise Http404
    if act == "snooze":
        until = day(request.POST.get("until", ""))
        try:
            if until is None:
                raise ValidationError("Choose a day.")
            notice.snooze(until, now)
            messages.success(request, f"Put off until {until:%-d %B %Y}.")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return redirect("inbox")
    notice.mark_read(now)
    return redirect(notice.link if act == "open" and notice.link.startswith("/") else "inbox")


def day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
