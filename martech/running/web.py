"""How gunicorn serves Interlock; `-c python:martech.running.web`. Options on its command line come first."""

import ctypes
import gc
import os
import platform
from typing import Any

from martech.running import lifeline

bind = f"127.0.0.1:{os.environ.get('PORT', '').strip() or 8000}"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # loaded once, shared by the workers
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
accesslog = "-"
errorlog = "-"


BETWEEN_COLLECTIONS = 20_000
"""Objects made before the collector looks at the young ones: a long page of a list makes ten thousand, none a cycle."""


ARENAS, MMAP_FROM, TRIM_FROM = (-8, 2), (-3, 128 << 10), (-1, 128 << 10)
"""What is told to glibc's mallopt: few heaps for the threads, and large blocks given back once they are free."""


def when_ready(_server: Any) -> None:
    """What is loaded stays: workers share its memory, and the collector no longer walks over it."""
    if platform.libc_ver()[0] == "glibc":
        for option, value in (ARENAS, MMAP_FROM, TRIM_FROM):
            ctypes.CDLL(None).mallopt(option, value)
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN_COLLECTIONS, 10, 10)


def post_fork(_server: Any, worker: Any) -> None:
    """A worker whose master is killed leaves with it, so that the port is free for the next."""
    if lifeline.KERNEL_WATCHES:
        lifeline.tie_self(worker.ppid)
