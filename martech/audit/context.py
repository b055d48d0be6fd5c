"""Through which door a change came: page, REST, import, task or command, and the request it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Door:
    """`name` is one of DOORS; `request_id` ties entries to log lines; `origin` names the token, batch or source."""

    name: str = "command"
    request_id: str = ""
    origin: str = ""


DOORS = ("page", "api", "import", "sync", "task", "command", "demo")
COMMAND = Door()
_current: ContextVar[Door] = ContextVar("door", default=COMMAND)


def current() -> Door:
    return _current.get()


@contextmanager
def through(name: str, request_id: str = "", origin: str = "") -> Iterator[Door]:
    """Everything recorded inside came through this door."""
    door = Door(name, request_id or current().request_id, origin[:120])
    token = _current.set(door)
    try:
        yield door
    finally:
        _current.reset(token)
