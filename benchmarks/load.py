"""A client that asks one thing over and over on one kept connection, and says how long each answer took.

It does as little as it can between two requests: what it costs itself is added to both sides of every ratio.
"""

import itertools
import json
import os
import random
import socket
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ENDS = b"\r\n\r\n"
PATIENCE = 180  # seconds for one answer
_number = itertools.count(1)


@dataclass(frozen=True)
class Ask:
    """One request, again and again: `{id}` in the path is a key out of `keys`, `{uid}` in texts is never the same."""

    path: str
    method: str = "GET"
    body: Any = None
    items: int = 0
    """0: the body is sent as it is; else so many copies of it, as a list."""
    around: Mapping[str, Any] = field(default_factory=dict)
    """What stands around such a list, under whose `items` it is sent; nothing: the list itself is."""
    most: int = 10**9
    """Requests in one turn."""


@dataclass(frozen=True)
class Target:
    """A server and the headers it wants."""

    name: str
    port: int
    headers: Mapping[str, str]


@dataclass
class Turn:
    """What one turn gave: seconds of each good answer, and how many others by status or error."""

    times: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    size: int = 0


class Connection:
    """HTTP/1.1 on one socket, opened anew only where the server closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.buffer = bytearray(1 << 18)

    def ask(self, request: bytes) -> tuple[int, int]:
        """Status and length of the answer; OSError where there is none. Asked twice where a kept one had gone."""
        kept = self.socket is not None
        try:
            return self._ask(request)
        except OSError:
            self.close()
            if not kept:
                raise
            return self._ask(request)

    def _ask(self, request: bytes) -> tuple[int, int]:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        got = b""
        while (end := got.find(ENDS)) < 0:
            got += self._more()
        head, body = got[:end].lower(), len(got) - end - len(ENDS)
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if b"content-length" in headers:
            while body < int(headers[b"content-length"]):
                body += len(self._more())
        elif headers.get(b"transfer-encoding") == b"chunked":
            tail = got[-5:]
            while tail != b"0\r\n\r\n":
                more = self._more()
                body += len(more)
                tail = (tail + more)[-5:]
        if headers.get(b"connection") == b"close":
            self.close()
        return int(head[9:12]), body

    def _more(self) -> bytes:
        assert self.socket is not None
        length = self.socket.recv_into(self.buffer)
        if not length:
            raise ConnectionError("closed")
        return bytes(self.buffer[:length])

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None


def turn(target: Target, ask: Ask, keys: tuple[int, int], seconds: float, least: int = 3) -> Turn:
    """Ask for so many seconds, at least `least` times and at most as often as the request allows."""
    connection, chance, made = Connection(target.port), random.Random(), Turn()
    head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **target.headers}.items())
    began = time.perf_counter()
    for count in range(1, ask.most + 1):
        request = _request(ask, head, chance.randint(*keys))
        asked = time.perf_counter()
        try:
            status, made.size = connection.ask(request)
        except OSError as error:
            made.errors[type(error).__name__] += 1
            connection.close()
        else:
            if 200 <= status < 300:
                made.times.append(time.perf_counter() - asked)
            else:
                made.errors[str(status)] += 1
        if count >= least and time.perf_counter() - began >= seconds:
            break
    connection.close()
    return made


def _request(ask: Ask, head: str, key: int) -> bytes:
    body = b""
    if ask.body is not None:
        bodies = [_unique(ask.body) for _ in range(ask.items or 1)]
        whole: Any = bodies if ask.items else bodies[0]
        body = json.dumps({**ask.around, "items": whole} if ask.around else whole).encode()
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{ask.method} {ask.path.replace('{id}', str(key))} HTTP/1.1\r\n{head}\r\n".encode() + body


def _unique(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("{uid}", f"{os.getpid()}-{next(_number)}") if "{uid}" in value else value
    if isinstance(value, dict):
        return {name: _unique(inner) for name, inner in value.items()}
    return value
