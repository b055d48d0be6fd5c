"""How the installation is: two addresses for machines, one page for administrators."""

from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from martech.notifications import clock
from martech.notifications import health as reminders
from martech.notifications.models import Delivery, Untold
from martech.permissions import engine
from martech.webhooks import health as webhooks

PATIENCE = 1.0
"""Seconds that the broker has to answer."""


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether work can be done: 503 where the database is away or behind. A broker that is away only makes us later."""
    state = {**database(), "broker": broker()}
    return JsonResponse(state, status=200 if state["database"] == state["migrations"] == "ok" else 503)


def database() -> dict[str, str]:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return {"database": "away", "migrations": "unknown"}
    return {"database": "ok", "migrations": "ok" if known_migrations() <= applied.keys() else "behind"}


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """What the code wants of the database, read once a process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def broker() -> str:
    """`ok`, `away`, or `files` where there is none but the folder."""
    if not settings.CACHE_URL:
        return "files"
    server = redis.Redis.from_url(settings.CACHE_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    try:
        server.ping()
    except redis.RedisError:
        return "away"
    finally:
        server.close()
    return "ok"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest) -> HttpResponse:
    """Reminders and mail: how late the oldest is, what was given up, whether the clock can be believed."""
    if engine.condition(request.user, "notifications.view_delivery") is False:
        raise Http404
    now = timezone.now()
    if request.method == "POST":
        if engine.condition(request.user, "notifications.retry_delivery") is False:
            raise PermissionDenied
        return mended(request, now)
    context: dict[str, Any] = {
        "health": reminders.health(now),
        "webhooks": webhooks.health(now),
        "untold": Untold.objects.given_up()[:50],
        "dead": Delivery.objects.dead()[:50],
        "broker": broker(),
        "may_mend": engine.condition(request.user, "notifications.retry_delivery") is not False,
        "page_title": "Health",
    }
    return render(request, "home/health.html", context)


def mended(request: HttpRequest, now: Any) -> HttpResponse:
    if request.POST.get("act") == "believe":
        clock.believe()
        messages.success(request, "The clock is believed; mail goes out again.")
    elif request.POST.get("act") == "tell":
        count = Untold.objects.retry(now)
        messages.success(request, f"{count} act{'s are' if count != 1 else ' is'} told again.")
    else:
        count = Delivery.objects.retry(now)
        messages.success(request, f"{count} mail{'s go' if count != 1 else ' goes'} out again.")
    return redirect("health")
