"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"
"""Where a server behind a socket says nothing."""


def client(request: HttpRequest) -> str:
    """The address of whoever asks.

    `X-Forwarded-For` counts only as far as TRUSTED_PROXIES proxies of ours wrote it: with one, its last entry. What
    stands before was sent by the client and is not believed. A header too short or malformed falls back to the peer.
    """
    asked = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    trusted = settings.TRUSTED_PROXIES
    candidates = [asked[-trusted]] if trusted and len(asked) >= trusted else []
    for candidate in (*candidates, request.META.get("REMOTE_ADDR", "")):
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            continue
    return UNKNOWN
