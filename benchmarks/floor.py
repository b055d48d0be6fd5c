"""The floor: a bare WSGI application, psycopg2, and one SQL statement for each request on the product's own rows.

No sign-in, no permission, no check of anything; lists and records as JSON made by PostgreSQL, pages as one f-string.
It is what is possible here, not what is advisable. Served by gunicorn as the product is: see benchmarks/stand.py.
"""

import html
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import psycopg2

_mine = threading.local()
NOT_SHOWN = ("lookup", "name_key", "names", "retired_from")
NAMES = {
    "vendor": "inventory_vendor",
    "owning_function": "accounts_function",
    "business_owner": "accounts_user",
    "technical_owner": "accounts_user",
    "primary_capability": "inventory_capability",
    "target_system": "inventory_system",
}


def cursor() -> Any:
    """A cursor on this thread's own connection, which stays open."""
    if getattr(_mine, "connection", None) is None:
        _mine.connection = psycopg2.connect(os.environ["FLOOR_DATABASE_URL"])
        _mine.connection.autocommit = True
    return _mine.connection.cursor()


def shown() -> list[str]:
    """The columns of a system that the product shows."""
    with cursor() as asked:
        asked.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'inventory_system' "
            "AND NOT column_name = ANY(%s) ORDER BY ordinal_position",
            [list(NOT_SHOWN)],
        )
        return [name for (name,) in asked.fetchall()]


FIELDS = shown()
_mine.connection.close()
_mine.connection = None  # workers open their own
COLUMNS = ", ".join([*(f"s.{name}" for name in FIELDS), *(f"{name}.name AS {name}_name" for name in NAMES)])
JOINS = " ".join(f"LEFT JOIN {table} {name} ON {name}.id = s.{name}_id" for name, table in NAMES.items())
WRITTEN = "name, description, lifecycle, vendor_id, owning_function_id, business_owner_id"
KINDS = "name text, description text, lifecycle text, vendor bigint, owning_function bigint, business_owner bigint"
PLAIN = [name for name in FIELDS if name not in {"id", *WRITTEN.split(", ")}]
DEFAULTS = ", ".join([*PLAIN, *NOT_SHOWN])


def page(asked: dict[str, list[str]]) -> tuple[str, list[Any]]:
    """The page's rows in their order, without what is joined, and its parameters."""
    held, values = ["retired_at IS NULL"], []
    for name in ("lifecycle", "criticality"):
        if name in asked:
            held.append(f"{name} = %s")
            values.append(asked[name][0])
    if "q" in asked:
        held.append("lookup LIKE %s")
        values.append(f"%{asked['q'][0]}%")
    return " AND ".join(held), values


def listed(asked: dict[str, list[str]]) -> bytes:
    held, values = page(asked)
    limit, offset = int(asked.get("limit", ["50"])[0]), int(asked.get("offset", ["0"])[0])
    counted = "NULL" if "count" in asked else f"(SELECT count(*) FROM inventory_system WHERE {held})"
    with cursor() as made:
        made.execute(
            f"SELECT json_build_object('count', {counted}, 'results', coalesce(json_agg(x), '[]'))::text FROM "
            f"(SELECT {COLUMNS} FROM (SELECT * FROM inventory_system WHERE {held} ORDER BY name, id "
            f"LIMIT %s OFFSET %s) s {JOINS} ORDER BY s.name, s.id) x",
            [*([] if "count" in asked else values), *values, limit, offset],
        )
        return str(made.fetchone()[0]).encode()


def detail(key: int) -> bytes:
    with cursor() as made:
        made.execute(
            f"SELECT row_to_json(x)::text FROM (SELECT {COLUMNS} FROM inventory_system s {JOINS} WHERE s.id = %s) x",
            [key],
        )
        return str(made.fetchone()[0]).encode()


def created(body: str) -> bytes:
    """One system or many, each with a row in a table like the trail. What was not sent is as in one that is there."""
    if not body.lstrip().startswith("["):
        body = f"[{body}]"
    with cursor() as made:
        made.execute(
            f"WITH t AS (SELECT {DEFAULTS} FROM inventory_system ORDER BY id LIMIT 1), "
            f"s AS (INSERT INTO inventory_system ({WRITTEN}, {DEFAULTS}) "
            "SELECT x.name, coalesce(x.description, ''), coalesce(x.lifecycle, 'live'), x.vendor, x.owning_function, "
            f"x.business_owner, t.* FROM json_to_recordset(%s) AS x({KINDS}), t RETURNING *), "
            "a AS (INSERT INTO bench_trail (key, verb, changes) SELECT id, 'add', to_jsonb(s) FROM s) "
            f"SELECT json_agg(x)::text FROM (SELECT {COLUMNS} FROM s {JOINS}) x",
            [body],
        )
        return str(made.fetchone()[0]).encode()


def changed(key: int, body: str) -> bytes:
    with cursor() as made:
        made.execute(
            "WITH s AS (UPDATE inventory_system SET description = %s::json->>'description', changed_at = now(), "
            "version = version + 1 WHERE id = %s RETURNING *), "
            "a AS (INSERT INTO bench_trail (key, verb, changes) SELECT id, 'change', %s::jsonb FROM s) "
            f"SELECT row_to_json(x)::text FROM (SELECT {COLUMNS} FROM s {JOINS}) x",
            [body, key, body],
        )
        return str(made.fetchone()[0]).encode()


def exported() -> bytes:
    buffer = Buffer()
    with cursor() as made:
        made.copy_expert(
            f"COPY (SELECT {COLUMNS} FROM inventory_system s {JOINS} WHERE s.retired_at IS NULL) TO STDOUT CSV HEADER",
            buffer,
        )
    return b"".join(buffer.parts)


class Buffer:
    """What COPY writes into."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, part: bytes) -> None:
        self.parts.append(part)


HEAD = "<!doctype html><title>Systems</title><nav>" + "".join(f'<a href="/{n}">Part {n}</a>' for n in range(40))


def listed_page(asked: dict[str, list[str]]) -> bytes:
    held, values = page(asked)
    with cursor() as made:
        made.execute(
            "SELECT s.id, s.name, s.lifecycle, vendor.name, owning_function.name, business_owner.name, "
            f"technical_owner.name, s.criticality, (SELECT count(*) FROM inventory_system WHERE {held}) FROM "
            f"(SELECT * FROM inventory_system WHERE {held} ORDER BY name, id LIMIT 50) s {JOINS} ORDER BY s.name, s.id",
            [*values, *values],
        )
        rows = made.fetchall()
    lines = "".join(
        f'<tr><td><a href="/systems/{row[0]}/">{html.escape(row[1])}</a>'
        + "".join(f"<td>{html.escape(str(value or ''))}" for value in row[2:8])
        for row in rows
    )
    return f"{HEAD}</nav><table>{lines}</table><p>{rows[0][-1]}".encode()


def detail_page(key: int) -> bytes:
    with cursor() as made:
        made.execute(f"SELECT {COLUMNS} FROM inventory_system s {JOINS} WHERE s.id = %s", [key])
        row, names = made.fetchone(), [item.name for item in made.description]
    lines = "".join(f"<tr><th>{n}<td>{html.escape(str(v))}" for n, v in zip(names, row, strict=True))
    return f"{HEAD}</nav><table>{lines}</table>".encode()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    _, kind, *rest = environ["PATH_INFO"].rstrip("/").split("/")
    key, method, asked = int(rest[0]) if rest else 0, environ["REQUEST_METHOD"], parse_qs(environ["QUERY_STRING"])
    media = "text/html" if kind == "page" else "text/csv" if kind == "csv" else "application/json"
    if method == "GET" and kind == "csv":
        answer = exported()
    elif method == "GET" and kind == "page":
        answer = detail_page(key) if key else listed_page(asked)
    elif method == "GET":
        answer = detail(key) if key else listed(asked)
    else:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])).decode()
        answer = changed(key, body) if key else created(body)
    start("200 OK", [("Content-Type", media), ("Content-Length", str(len(answer)))])
    return [answer]
