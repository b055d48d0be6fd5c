"""The one way out: every request that Interlock makes of itself goes through `post`, to public addresses only.

The name is resolved once, every address it has must be public, and the connection is made to that very address while
the name stays for TLS and Host: a name that changes in between changes nothing. No redirects, no proxies, no cookies;
one limit for the whole of it in time and bytes. What went wrong is told without anything of the other side.
"""

import http.client
import io
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

WITHIN = 15.0  # seconds for everything: name, connection, TLS, request, answer
MOST = 64 * 1024  # bytes of an answer that are looked at, its head included
LOOK_UP = 4.0  # seconds for the name
LINGER = 1.0  # seconds for the rest of an answer whose status is known
ADDRESSES = 3  # of a name that are tried
LONGEST = 2000
PORTS = {"https": 443, "http": 80}
NOT_PUBLIC = "Give a public https address: this one leads nowhere that may be called."
"""The one sentence for every address that is refused, whatever is or is not behind it."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Lookup = Callable[[str, int], list[str]]
"""From a name and a port to the addresses behind it; OSError where there are none."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
NEVER = tuple(
    ipaddress.ip_network(each) for each in ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "::/96", "fec0::/10")
)
"""Not public, though `is_global` says so of some of them in some versions."""
NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


class Blocked(Exception):
    """Interlock does not call there."""


class Unanswered(Exception):
    """No usable answer; carries a sentence without anything of the other side."""


@dataclass(frozen=True)
class Target:
    """An address taken apart: `host` is ASCII and lower case, `path` the query included."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    """The status, and in how many seconds to come back where the answer says so."""

    status: int
    retry_after: float | None = None


def resolve(host: str, port: int) -> list[str]:
    """The system's own answer."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def judge(url: str, lookup: Lookup = resolve) -> None:
    """Raise Blocked for an address that cannot be called. A name that nobody knows yet may become one: it passes."""
    target = parse(url)
    try:
        addresses = _asked(target, lookup)
    except OSError:
        return
    _open(target, addresses, lookup)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    lookup: Lookup = resolve,
    within: float = WITHIN,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Send the body and give the answer's status. Raises Blocked or Unanswered, and nothing else."""
    until = time.monotonic() + within
    target = parse(url)
    try:
        addresses = _asked(target, lookup)
        _open(target, addresses, lookup)
        with _connected(target, addresses, until, context) as sock:
            return _exchange(sock, target, body, headers, until)
    except TimeoutError:
        raise Unanswered(f"No answer within {within:.0f} seconds.") from None
    except ssl.SSLError:
        raise Unanswered("No secure connection: the certificate or the protocol is not right.") from None
    except OSError:
        raise Unanswered("No connection.") from None
    except (http.client.HTTPException, ValueError):
        raise Unanswered("What came back is no answer.") from None


def parse(url: str) -> Target:
    """The parts of an address; Blocked where its shape is not that of one."""
    if len(url) > LONGEST or not url.isprintable() or any(letter in url for letter in ' \\#"<>'):
        raise Blocked(NOT_PUBLIC)
    try:
        parts = urlsplit(url)
        port, name = parts.port, parts.hostname or ""
        host = name if ":" in name else name.encode("idna").decode("ascii").lower()
        host = host.removesuffix(".")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        path.encode("ascii")
    except ValueError:  # a broken port, bracket or name
        raise Blocked(NOT_PUBLIC) from None
    if parts.scheme not in PORTS or "@" in parts.netloc or not _named(host):
        raise Blocked(NOT_PUBLIC)
    target = Target(parts.scheme, host, PORTS[parts.scheme] if port is None else port, path)
    literal = _literal(host)
    listed = _listed_name(target) or (literal is not None and _listed(target, literal))
    if (target.scheme, target.port) != ("https", 443) and not listed:
        raise Blocked(NOT_PUBLIC)
    return target


def public(address: Address) -> bool:
    """Whether anybody in the world may be meant by the address; the address inside another counts as well."""
    if isinstance(address, ipaddress.IPv6Address):
        inner: list[Address] = [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
        inner += address.teredo or ()
        if address in NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(public(each) for each in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    if any(address.version == network.version and address in network for network in NEVER):
        return False
    closed = address.is_multicast or address.is_reserved or address.is_private or address.is_unspecified
    return address.is_global and not closed


def allowance(word: str) -> tuple[str, int | None]:
    """An entry of WEBHOOK_ALLOW as (name or network, port); ValueError where it is neither."""
    bracketed = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::(\d{1,5}))?", word)
    plain = re.fullmatch(r"([^:\[\]]+)(?::(\d{1,5}))?", word)
    match = bracketed or plain
    what, port = (match[1], match[2]) if match else (word, None)
    if port is not None and not 0 < int(port) < 65536:
        raise ValueError(word)
    try:
        what = str(ipaddress.ip_network(what))
    except ValueError:
        if "/" in what or not NAME.fullmatch(what.lower()) or _numeric(what.lower()):
            raise ValueError(word) from None
    return what.lower(), int(port) if port else None


def _named(host: str) -> bool:
    """A name, or an address as everybody writes it: what only resolvers take for an address is neither."""
    if _literal(host) is not None:
        return True
    return len(host) < 254 and NAME.fullmatch(host) is not None and not _numeric(host)


def _numeric(host: str) -> bool:
    return NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]) is not None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _asked(target: Target, lookup: Lookup) -> list[Address]:
    """Every address behind the target, asked for once; OSError where there is none or it takes too long."""
    literal = _literal(target.host)
    if literal is not None:
        return [literal]
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(lookup(target.host, target.port))
        except Exception as error:  # told to whoever waits
            found.append(error)

    thread = threading.Thread(target=ask, name="outbound-name", daemon=True)
    thread.start()
    thread.join(LOOK_UP)
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise OSError from found[0]
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in dict.fromkeys(found[0])]
    if not addresses:
        raise OSError
    return addresses


def _open(target: Target, addresses: list[Address], lookup: Lookup) -> None:
    """Raise Blocked unless every address may be called."""
    if _listed_name(target):
        return
    names, own = _own(lookup)
    for address in addresses:
        if not _listed(target, address) and (target.host in names or address in own or not public(address)):
            raise Blocked(NOT_PUBLIC)


def _own(lookup: Lookup) -> tuple[set[str], set[Address]]:
    """The names and addresses of this installation: its own, its database's and its broker's."""
    base = urlsplit(settings.BASE_URL).hostname or ""
    served = {base, *(host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*")}
    broker = urlsplit(str(settings.BROKER_URL or "")).hostname or ""
    asked = {base, socket.gethostname(), broker, *(str(d.get("HOST") or "") for d in settings.DATABASES.values())}
    addresses: set[Address] = set()
    for name in sorted(asked):
        if name and not name.startswith("/"):
            try:
                addresses.update(_asked(Target("https", name.strip("[]"), 443, "/"), lookup))
            except OSError:
                continue
    return {name.lower() for name in served | asked if name}, addresses


def _allowances() -> Iterator[tuple[str, int | None]]:
    return (allowance(word) for word in settings.WEBHOOK_ALLOW)


def _listed_name(target: Target) -> bool:
    return any(what == target.host and port in (None, target.port) for what, port in _allowances())


def _listed(target: Target, address: Address) -> bool:
    for what, port in _allowances():
        if port in (None, target.port) and "/" in what and address in ipaddress.ip_network(what):
            return True
    return False


def _connected(
    target: Target, addresses: list[Address], until: float, context: ssl.SSLContext | None
) -> socket.socket | ssl.SSLSocket:
    """A connection to one of the addresses, and under https with whom the name belongs to."""
    failed: OSError = OSError()
    for address in addresses[:ADDRESSES]:
        try:
            sock = socket.create_connection((str(address), target.port), timeout=_left(until))
            break
        except TimeoutError:
            raise
        except OSError as error:
            failed = error
    else:
        raise failed
    if target.scheme == "http":
        return sock
    try:
        sock.settimeout(_left(until))
        return (context or ssl.create_default_context()).wrap_socket(sock, server_hostname=target.host)
    except BaseException:
        sock.close()
        raise


def _exchange(
    sock: socket.socket | ssl.SSLSocket, target: Target, body: bytes, headers: Mapping[str, str], until: float
) -> Answer:
    host = f"[{target.host}]" if ":" in target.host else target.host
    named = host if target.port == PORTS[target.scheme] else f"{host}:{target.port}"
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    sock.settimeout(_left(until))
    connection.request("POST", target.path, body, {"Host": named, "Connection": "close", **headers})
    measured = _Measured(sock, until)
    response = http.client.HTTPResponse(measured, method="POST")  # type: ignore[arg-type]
    response.begin()
    if measured.most <= 0:
        raise http.client.LineTooLong("head")
    answer = Answer(response.status, _seconds(response.headers.get("Retry-After", "")))
    measured.until = min(until, time.monotonic() + LINGER)
    with suppress(OSError, http.client.HTTPException, ValueError):
        response.read(MOST)  # so that the other side is not cut off; what it says is not looked at
    return answer


class _Measured(io.RawIOBase):
    """What the other side sends, within the limits of the whole answer: beyond them it has ended."""

    def __init__(self, sock: socket.socket | ssl.SSLSocket, until: float) -> None:
        self.sock, self.until, self.most = sock, until, MOST

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.most <= 0:
            return 0
        self.sock.settimeout(_left(self.until))
        count = self.sock.recv_into(buffer, min(len(buffer), self.most))
        self.most -= count
        return count


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _seconds(text: str) -> float | None:
    """Retry-After in seconds, given as such or as a date; None where it is neither."""
    if re.fullmatch(r"\d{1,9}", text.strip()):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
