"""Signing in and out, and the password: allauth's steps with the house's answers."""

from typing import Any

from allauth.account import views as allauth
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from martech.accounts import devices
from martech.web import sending

WAIT = 300
"""Seconds after which somebody who tried too often may try again: the period of ACCOUNT_RATE_LIMITS."""


class Redrawn:
    """A form with an error comes back as 422, and as 429 where it was an attempt too many."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
            response.status_code, response["Retry-After"] = 429, str(WAIT)
        return response


class SignIn(Redrawn, allauth.LoginView):
    extra_context = {"page_title": "Sign in"}


@login_not_required
@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept of our pages."""
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()
    logout(request)
    messages.info(request, "You are signed out.")
    response = redirect("account_login")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@method_decorator([login_not_required, never_cache], name="dispatch")
class AskReset(Redrawn, allauth.PasswordResetView):
    extra_context = {"page_title": "Forgotten your password?"}


class ResetAsked(allauth.PasswordResetDoneView):
    extra_context = {"page_title": "Look into your mail"}


@method_decorator(never_cache, name="dispatch")
class SetPassword(Redrawn, allauth.PasswordResetFromKeyView):
    extra_context = {"page_title": "Choose a new password"}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if context.get("token_fail"):
            context["page_title"], kwargs["status"] = "This link no longer works", 410
        response: HttpResponse = super().render_to_response(context, **kwargs)
        return response

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Who could read the letter is known on this browser from now on: strangers' attempts do not lock them out."""
        response: HttpResponse = super().form_valid(form)
        devices.remember(self.request, response, self.reset_user.email)
        return response


class PasswordSet(allauth.PasswordResetFromKeyDoneView):
    extra_context = {"page_title": "Your password is set"}


@method_decorator([login_required, never_cache], name="dispatch")
class ChangePassword(Redrawn, allauth.PasswordChangeView):
    extra_context = {"page_title": "Change your password", "tab": "password"}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("account_reset_password")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "once": sending.key(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sent twice, the second time leads where the first one did: the old password is not asked for again."""
        change = super().post
        return sending.done_once(request, lambda: change(request, *args, **kwargs))
