"""How often one may ask: so many in a fixed window, per token, per person, and per address where nobody is known.

Counted in Redis in one round trip. Without Redis, or while it is away, nobody is counted and nobody refused.
"""

import math
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from martech import address

LIMIT, REMAINING, RESET = "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"
"""On every answer that was counted: how many a window takes, how many are left, seconds until the next one."""


class TooMany(APIException):
    status_code = 429
    default_detail = "You ask more often than this installation answers. Wait, then go on."

    def __init__(self, headers: dict[str, str]) -> None:
        super().__init__()
        self.headers, self.wait = headers, int(headers[RESET])


def known(request: Request) -> dict[str, str]:
    """Count a request of somebody known: by token, else by person. The headers to answer with; TooMany beyond."""
    key = f"token:{request.auth.pk}" if request.auth else f"person:{request.user.pk}"
    return counted(key, settings.API_RATE)


def stranger(request: Any) -> dict[str, str]:
    """Count a request without credentials or with wrong ones, by the address it comes from."""
    return counted(f"address:{address.client(request)}", settings.API_RATE_ADDRESS)


def counted(key: str, rate: tuple[int, int] | None) -> dict[str, str]:
    count = getattr(cache, "count", None)
    if rate is None or count is None:
        return {}
    most, seconds = rate
    now = time.time()
    window = int(now // seconds)
    so_far = count(f"rate:{key}:{window}", seconds)
    if so_far is None:
        return {}
    reset = max(1, math.ceil((window + 1) * seconds - now))
    headers = {LIMIT: str(most), REMAINING: str(max(0, most - so_far)), RESET: str(reset)}
    if so_far > most:
        raise TooMany(headers)
    return headers
