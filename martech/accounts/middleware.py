"""Sign-in before everything, and when a session was last used."""

import hashlib
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

Respond = Callable[[HttpRequest], HttpResponse]
REMEMBER_USE = 300
"""Seconds for which a session's last use stays as noted: not every page is worth a write."""


class SignInFirst(LoginRequiredMiddleware):
    """Every page asks for sign-in unless its view is marked `login_not_required`; REST answers for itself.

    htmx follows an `HX-Redirect` anywhere, so it is told this one fixed path.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})
        response: HttpResponse = super().handle_no_permission(request, view_func)
        return response


class LastUse:
    """Notes on the list of sessions when this one was last used, and from where."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        session = request.session
        if session.session_key and session.accessed and session.get("since"):
            key = "last-use:" + hashlib.sha256(session.session_key.encode()).hexdigest()
            if cache.add(key, 1, REMEMBER_USE):
                UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())
        return response
