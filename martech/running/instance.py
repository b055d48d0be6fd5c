"""What runs on one data folder: the lock that lets one instance in, and the note it leaves for other commands."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

LOCK = "up.lock"
NOTE = "run.json"


class Taken(Exception):
    """Another instance holds the data folder."""


@dataclass(frozen=True)
class Instance:
    """A running `up`: its process, its port and address, and the broker it started itself (empty if it did not)."""

    pid: int
    port: int
    address: str
    redis: str


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Hold the data folder until the block or the process ends; raises Taken where another instance does."""
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken from None
        yield
    finally:
        os.close(descriptor)


def note(data: Path, instance: Instance) -> None:
    unfinished = data / (NOTE + ".new")
    unfinished.write_text(json.dumps(asdict(instance)))
    unfinished.replace(data / NOTE)


def noted(data: Path) -> Instance | None:
    """The instance that last left its note here; it may have been killed since."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return Instance(**json.loads((data / NOTE).read_text()))
    return None


def forget(data: Path) -> None:
    (data / NOTE).unlink(missing_ok=True)
