"""The environment, read once and strictly: a missing or bad setting is one clear sentence."""

import os
import secrets
import zoneinfo
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from martech import outbound
from martech.running import instance, valkey


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def number(name: str, default: int, least: int, most: int) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


WINDOWS = {"s": 1, "min": 60, "h": 3600}


def rate(name: str, default: str) -> tuple[int, int] | None:
    """How many in how many seconds, written as 1200/min; None where it is `off`."""
    value = text(name, default)
    if value == "off":
        return None
    count, _, window = value.partition("/")
    if not (count.isascii() and count.isdigit() and 0 < int(count[:10]) < 1_000_000) or window not in WINDOWS:
        raise ImproperlyConfigured(f"{name} must look like 1200/min, 20/s or 5000/h, or be off, not {value!r}.")
    return int(count), WINDOWS[window]


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in {"1", "0", "yes", "no", "true", "false", "on", "off"}:
        raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")
    return value in {"1", "yes", "true", "on"}


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} must be an IANA time zone such as Europe/Berlin, not {value!r}.") from None
    return value


def currency(name: str, default: str) -> str:
    value = text(name, default)
    if not (len(value) == 3 and value.isascii() and value.isalpha() and value.isupper()):
        raise ImproperlyConfigured(f"{name} must be an ISO 4217 code such as EUR, not {value!r}.")
    return value


def one_of(name: str, default: str, known: tuple[str, ...]) -> str:
    value = text(name, default).upper()
    if value not in known:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}, not {value!r}.")
    return value


def targets(name: str) -> list[str]:
    """Names and networks, each with a port or without, that outgoing requests may reach besides the public."""
    found = words(name)
    for word in found:
        try:
            outbound.allowance(word)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} must name hosts or networks such as 10.0.0.0/8 or hooks.internal:8443, not {word!r}."
            ) from None
    return found


def split(name: str, value: str) -> SplitResult:
    """The parts of an address. What is wrong with it is told without it: it may hold a password."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no address: its host or port cannot be read.") from None
    return parts


def address(name: str, default: str) -> str:
    """An http(s) origin without a path, e.g. https://interlock.example."""
    value = text(name, default).rstrip("/")
    parts = split(name, value)
    beyond = parts.path or parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond:
        raise ImproperlyConfigured(f"{name} must be an address such as https://interlock.example, not {value!r}.")
    return value


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be made ({error.strerror}).") from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name}: the folder {path} cannot be written to.")
    return path


def secret(name: str, kept_in: Path) -> str:
    """The named secret; where none is given, one is made once and kept in the data folder."""
    value = text(name)
    if value:
        if len(value) < 32:
            raise ImproperlyConfigured(f"{name} must have at least 32 characters, not {len(value)}.")
        return value
    try:
        with open(os.open(kept_in, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return kept_in.read_text().strip()


SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    },
}


def database(name: str, data: Path) -> dict[str, Any]:
    """DATABASE_URL as Django wants it: empty means SQLite in the data folder."""
    value = text(name)
    if not value:
        return {**SQLITE, "NAME": str(data / "interlock.sqlite3")}
    parts = split(name, value)
    if parts.scheme == "sqlite":
        return {**SQLITE, "NAME": unquote(parts.path)[1:] or ":memory:"}
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must look like postgresql://user:password@host:5432/name or sqlite:////path/to/file."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "martech.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 120,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def redis(name: str, data: Path) -> tuple[str, str]:
    """REDIS_URL as (Celery broker, Django cache); else the server of the `up` on this data folder; else both empty.

    Broker and cache use two databases of the same server: 0 and 1.
    """
    value = text(name) or running(data)
    if not value:
        return "", ""
    parts = split(name, value)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=0", f"unix://{parts.path}?db=1"
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like redis://host:6379 or unix:///path/to/socket.")
    base = f"{parts.scheme}://{parts.netloc}"
    return f"{base}/0", f"{base}/1"


def running(data: Path) -> str:
    """The address of the broker that the `up` on this data folder started, if it is there."""
    noted = instance.noted(data)
    return noted.redis if noted and noted.redis and valkey.answers(noted.redis) else ""


def email(name: str, data: Path) -> dict[str, Any]:
    """EMAIL_URL as Django settings: empty keeps every mail as a file in the data folder."""
    value = text(name)
    if not value:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data / "mail"),
        }
    parts = split(name, value)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must look like smtp+tls://user:password@host:587.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }
