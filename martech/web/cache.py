"""The shared cache, which may go away without anybody noticing more than its absence."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE = 0.25
"""Seconds that one call waits for Redis."""
REST = 5.0
"""Seconds after a failure during which Redis is not asked again, so that a hanging one costs a page once."""
SILENCE = 60.0
"""Seconds between two lines in the log about the same outage."""


class SoftRedisCache(RedisCache):
    """Django's Redis cache; while Redis is away each process answers from a memory of its own."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._options = {
            "socket_timeout": PATIENCE,
            "socket_connect_timeout": PATIENCE,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        self._own = LocMemCache(f"instead of {server}", params)

    def count(self, key: str, seconds: int) -> int | None:
        """One more under this key, which goes after so many seconds: in one round trip. None while Redis is away."""
        made = self.make_and_validate_key(key)

        def ask() -> int:
            pipe = self._cache.get_client(made, write=True).pipeline(transaction=False)
            pipe.incr(made)
            pipe.expire(made, seconds)
            return int(pipe.execute()[0])

        return _patiently(ask, lambda: None)


_asked_again_at = 0.0
_told_at = float("-inf")


def _patiently(ask: Callable[[], Any], instead: Callable[[], Any]) -> Any:
    """What Redis says; what is said instead while it is away."""
    global _asked_again_at  # Django makes one cache object per thread; an outage is the process's
    if time.monotonic() >= _asked_again_at:
        try:
            return ask()
        except (RedisError, OSError) as error:
            _asked_again_at = time.monotonic() + REST
            _tell(error)
    return instead()


def _softly(name: str) -> Callable[..., Any]:
    def call(self: SoftRedisCache, *args: Any, **kwargs: Any) -> Any:
        return _patiently(
            lambda: getattr(RedisCache, name)(self, *args, **kwargs),
            lambda: getattr(self._own, name)(*args, **kwargs),
        )

    call.__name__ = name
    call.__doc__ = getattr(BaseCache, name).__doc__
    return call


def _tell(error: Exception) -> None:
    global _told_at
    if time.monotonic() - _told_at >= SILENCE:
        _told_at = time.monotonic()
        logger.warning("The cache does not answer (%s); each process uses its own memory.", type(error).__name__)


_CALLS = "add get set touch delete get_many has_key incr set_many delete_many clear"
for _name in _CALLS.split():
    setattr(SoftRedisCache, _name, _softly(_name))
