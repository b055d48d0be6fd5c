"""Browsers: which of them somebody has signed in from before, and what to call them.

A browser that signed in keeps a signed cookie. Wrong passwords tried from there are counted apart, so that strangers
who use up an account's attempts do not lock its owner out (OWASP, "device cookies").
"""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-device" if settings.SECURE else "device"
SALT = "interlock.device"
LIFE = 365 * 24 * 3600
PEOPLE = 5
"""So many people may share a browser and still be known on it."""


def known(request: HttpRequest, email: str) -> str:
    """The browser's own name where this person has signed in from it before, else empty."""
    name, people = _read(request)
    return name if _mark(email) in people else ""


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Note on the browser that this person signed in from it."""
    name, people = _read(request)
    mark = _mark(email)
    people = [mark, *(other for other in people if other != mark)][:PEOPLE]
    response.set_signed_cookie(
        COOKIE,
        ".".join([name or secrets.token_urlsafe(12), *people]),
        salt=SALT,
        max_age=LIFE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    name, *people = (request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFE) or "").split(".")
    return name, people


def _mark(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:16]


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python", "Python"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def words(user_agent: str) -> str:
    """A user agent as people say it: "Firefox on Linux"; "Unknown browser" where it says nothing known."""
    browser = next((name for sign, name in BROWSERS if sign.lower() in user_agent.lower()), "Unknown browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
