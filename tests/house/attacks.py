"""What attackers send, and how one sees whether it did anything."""

import hashlib
import re
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver

BOOKKEEPING = {"sessions.session", "usersessions.usersession"}
UNTOLD = {"last_used_at", "last_seen_at"}
"""When a session or token was last used: the one thing that reading may write."""

NAUGHTY = (
    "",
    "-",
    ".",
    "/",
    "\\",
    "'",
    "`",
    "%",
    "%s%n",
    "%(x)s",
    "{0.__class__}",
    "{{ settings.SECRET_KEY }}",
    "${7*7}",
    "null",
    "NaN",
    "1e400",
    "-1",
    "1.0",
    "\u0661\u0662",
    "\u00b2",
    "\u2460",
    "9" * 18,
    "9" * 19,
    "9" * 400,
    "-9223372036854775809",
    "2147483648",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "-9999m",
    "=1+1",
    "\uff1d1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "' OR 1=1 --",
    "../../etc/passwd",
    "file:///etc/passwd",
    "https://[::1",
    "\x00",
    "a\x00b",
    "\x01\x1b[31m",
    "\x7f\x85",
    "\u2028\u2029",
    "\ufeff",
    "\u202egnp.exe",
    "\u200b",
    "مرحبا",
    "ﷺ",
    "👩‍👩‍👧‍👦",
    "İi\u0307",
    "ﬃ",
    "\U0010ffff",
    "\ufdd0",
    "a" * 201,
    "x" * 5000,
    "😀" * 300,
    "\n" * 300,
    "a\n" * 300,
    "SYS-0",
    "SYS-\u00b2",
    "x (SYS-\u00b2)",
    "VEN-" + "9" * 25,
    "(VEN-1)",
    ",,,",
    "%_%_%_%",
    "a & b | !c:*",
    "(" * 200,
    "a@b",
    "\r\nSet-Cookie: a=b",
    "//evil.example",
    "on",
    "[]",
    '{"a": 1}',
    "me",
    "\ufffd",
)
WORST = tuple(
    text
    for text in NAUGHTY
    if "\0" in text
    or text
    in {
        "\u00b2",
        "9" * 18,
        "9" * 19,
        "9" * 400,
        "0001-01-01",
        "9999-12-31",
        "=1+1",
        "x (SYS-\u00b2)",
        "😀" * 300,
        "-9999m",
        "[]",
        "\u2028\u2029",
    }
)
"""The few that have ever gone further than a refusal; the rest goes into every field at once."""
SHARP = ("a\x00b", "\u00b2", "9" * 19, "9999-12-31")
"""What a field alone is tried with: each has broken one somewhere."""
VALUES = (
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**30,
    1.5,
    [],
    {},
    [None],
    [2**63],
    ["x"] * 201,
    [[1]],
    {"a": 1},
    [{}],
    "\ud800",
    ["\ud800"],
    "\x00",
    "\u00b2",
    "9" * 400,
    "x" * 5000,
    "0001-01-01",
    "9999-12-31",
)


def signed_in(person, **extra):
    client = Client(raise_request_exception=False, **extra)
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def tables():
    """A hash of the rows of every table, but for the bookkeeping of sessions."""
    made = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label_lower in BOOKKEEPING or not model._meta.managed:
            continue
        names = [item.attname for item in model._meta.concrete_fields if item.name not in UNTOLD]
        rows = list(model._base_manager.order_by("pk").values_list(*names))
        made[model._meta.label_lower] = hashlib.sha256(repr(rows).encode(errors="backslashreplace")).hexdigest()
    return made


@contextmanager
def undone():
    """Whatever happens inside is taken back, also where the database itself refused a statement."""
    with transaction.atomic():
        yield
        connection.needs_rollback = True


def status(client, method, address, *args, **kwargs):
    """What it answers; what it did is taken back."""
    with undone():
        return getattr(client, method)(address, *args, **kwargs).status_code


class Faults(list):
    """Every request that was answered by a server error: (method, address, what was sent)."""

    def ask(self, client, method, address, *args, **kwargs):
        found = status(client, method, address, *args, **kwargs)
        if found >= 500:
            self.append((method, address, str(args)[:160]))
        return found


def routes(resolver=None, prefix="/"):
    """Every address pattern with its view."""
    for route in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(route.pattern)
        if hasattr(route, "url_patterns"):
            yield from routes(route, pattern)
        else:
            yield pattern, route.callback


def kinds():
    """(page views, REST views) of every kind of record, by label; None where it has no such door."""
    found = {}
    for _, callback in routes():
        for place, views in enumerate((getattr(callback, "record_views", None), getattr(callback, "cls", None))):
            model = getattr(views, "model", None)
            if model is not None:
                found.setdefault(model._meta.label_lower, [None, None])[place] = views
    return found


def addresses(world):
    """One real address for every route."""
    keys = {
        "/documents/": world["files.document"].pk,
        "/me/tokens/": world["accounts.token"].pk,
        "/imports/": world["imports.importbatch"].pk,
        "/api/v1/imports/": world["imports.importbatch"].pk,
    }
    for pattern, callback in routes():
        views = getattr(callback, "record_views", None) or getattr(callback, "cls", None)
        label = views.model._meta.label_lower if hasattr(views, "model") else ""
        key = world[label].pk if label else next((k for start, k in keys.items() if pattern.startswith(start)), 1)
        if not pattern.startswith("/^"):
            address = re.sub(r"<(record|int):key>", str(key), pattern)
            yield address.replace("<str:kind>", "inventory.system").replace("<slug:act>", "read")
