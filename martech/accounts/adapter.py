"""What allauth asks the house about: where to go after sign-in, whom to count attempts for, what letters say."""

import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from martech import address
from martech.accounts import devices, post
from martech.accounts.models import User

NOT_AFTER_SIGN_IN = ("/sign-in/", "/sign-out/")


def own_path(url: str) -> bool:
    """Whether the text is a path of this site and nothing else: no host, no scheme, no control character."""
    return (
        url.startswith("/")
        and "\\" not in url
        and not any(unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"} for character in url)
        and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        and not url.startswith(NOT_AFTER_SIGN_IN)
    )


class Adapter(DefaultAccountAdapter):
    """allauth in the house's words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This e-mail and password do not belong together.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes and try again, or set a new password.",
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your password.",
        "rate_limited": "Too many attempts. Wait a few minutes and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Forms are answered with pages, whatever a request's headers say."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and own_path(str(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        return address.client(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Whose attempts are counted: an account's, apart for each browser its owner has signed in from."""
        email = unicodedata.normalize("NFKC", str(credentials.get("email", ""))).strip().lower()
        return f"{email}:{devices.known(request, email)}"

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether the person signed in can say their password again; counted like a sign-in."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def set_password(self, user: User, password: str) -> None:
        user.choose_password(by=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me")

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        devices.remember(request, response, user.email)
        return response

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Built on BASE_URL: a forged `Host` never gets into a letter."""
        uid, _, proof = key.partition("-")
        return settings.BASE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": proof})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letter: EmailMessage = self.render_mail(template_prefix, email, {"site": settings.BASE_URL, **context})
        post.send(letter)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """A letter to the person's one address about something that happened to the account."""
        facts = {
            "person": user,
            "at": timezone.localtime(),
            "address": address.client(self.request),
            "device": devices.words(self.request.headers.get("User-Agent", "")),
        }
        self.send_mail(template_prefix, email or user.email, {**facts, **(context or {})})
