"""A receiver of webhooks on this machine: it keeps what it is sent and answers as a test wants."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from martech import outbound
from martech.webhooks import relay


@dataclass
class Receiver:
    """`got` holds (headers, body, instant) of each request; `answer` writes what comes back."""

    url: str = ""
    place: str = ""
    got: list[tuple[dict[str, str], bytes, float]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _, _ in self.got]


def status(code: int, **headers: str) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def slow(seconds: float) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        time.sleep(seconds)
        status(204)(handler)

    return answer


def endless(handler: Any) -> None:
    """A byte of a head now and then, and never an end."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            handler.wfile.write(b"x")
            time.sleep(0.1)
    except OSError:
        return


def huge(handler: Any) -> None:
    """A hundred megabytes."""
    try:
        handler.send_response(200)
        handler.send_header("Content-Length", str(100 * 1024 * 1024))
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x" * 1024 * 1024)
            handler.sent = getattr(handler, "sent", 0) + 1
    except OSError:
        return


TAKEN = status(204)


@contextmanager
def receiver(answer: Callable[[Any], None] = TAKEN, context: Any = None) -> Iterator[Receiver]:
    one = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            one.got.append(({name.lower(): value for name, value in self.headers.items()}, body, time.time()))
            answer(self)
            self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    one.place = f"127.0.0.1:{server.server_address[1]}"
    one.url = f"http{'s' if context is not None else ''}://{one.place}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield one
    server.shutdown()
    server.server_close()


@contextmanager
def counting() -> Iterator[tuple[int, list[Any]]]:
    """A port on loopback that counts who connects."""
    came: list[Any] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        listener.settimeout(0.05)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                try:
                    came.append(listener.accept())
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1], came
        stop.set()
        thread.join()


class Posted(list):
    """Stands where the network is: keeps what is posted and answers with the statuses in turn."""

    def __init__(self, *answers):
        self.answers = list(answers) or [204]

    def __call__(self, url, body, headers):
        self.append((headers, json.loads(body)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, outbound.Answer) else outbound.Answer(answer)

    @property
    def types(self):
        return [body["type"] for _, body in self]

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self]


def sent(*answers, at=None):
    posted = Posted(*answers)
    relay.run(at or datetime.now(UTC), posted)
    return posted
