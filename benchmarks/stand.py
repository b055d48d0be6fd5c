"""What the measurements stand on: PostgreSQL with the product's own rows, and the servers that are compared.

BENCH_DATABASE_URL (or TEST_DATABASE_URL) names a PostgreSQL server; without one it is started from the test wheel. The
databases `interlock_bench` and `interlock_bench_large` are made anew on it and dropped at the end.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from benchmarks.load import Target
from martech.running import lifeline, postgres

ROOT = Path(__file__).parent.parent
SMALL, LARGE = "interlock_bench", "interlock_bench_large"
SYSTEMS, TIMES = 15_000, 10
ROLE = "it"
STARTS_WITHIN = 60.0  # seconds


@dataclass
class Stand:
    """Where everything is. `known` holds a token, a session, and keys of rows: see `furnish`."""

    url: str
    data: Path
    known: dict[str, Any] = field(default_factory=dict)
    large: str = ""

    def statement(self, sql: str, url: str = "") -> None:
        with closing(psycopg2.connect(url or self.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(sql)

    @property
    def keys(self) -> tuple[int, int]:
        return self.known["first"], self.known["last"]

    def tidy(self) -> None:
        """Take away what was created, so that each round finds the same rows."""
        self.statement(f"DELETE FROM inventory_system WHERE id > {self.known['last']}")
        self.statement("TRUNCATE bench_trail")
        self.statement("VACUUM ANALYZE inventory_system")


@contextmanager
def stand(systems: int = SYSTEMS) -> Iterator[Stand]:
    """A furnished database of so many systems; gone at the end."""
    with ExitStack() as stack:
        server = os.environ.get("BENCH_DATABASE_URL") or os.environ.get("TEST_DATABASE_URL") or ""
        if not server:
            binaries = postgres.package()
            if binaries is None:
                sys.exit(f"No PostgreSQL: {postgres.HOW_TO_GET}")
            server = stack.enter_context(postgres.server(binaries))
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="interlock-bench-")))
        made = Stand(url=_named(server, SMALL), data=data)
        made.statement(f"DROP DATABASE IF EXISTS {SMALL} WITH (FORCE)", server)
        made.statement(f"CREATE DATABASE {SMALL}", server)
        stack.callback(made.statement, f"DROP DATABASE IF EXISTS {SMALL} WITH (FORCE)", server)
        code = f"from benchmarks.stand import furnish; furnish({systems})"
        told = subprocess.run(
            [sys.executable, "-c", code], env=environment(made, made.url), cwd=ROOT, check=True, capture_output=True
        )
        made.known = json.loads(told.stdout.splitlines()[-1])
        made.statement("CREATE TABLE bench_trail (id bigserial PRIMARY KEY, key bigint, verb text, changes jsonb)")
        made.statement("VACUUM ANALYZE")
        yield made


@contextmanager
def tenfold(made: Stand) -> Iterator[str]:
    """A second database with ten times the systems, under further names; yields its URL. Made before any server."""
    server = made.url.replace(f"/{SMALL}", "/postgres", 1)
    made.statement(f"DROP DATABASE IF EXISTS {LARGE} WITH (FORCE)", server)
    made.statement(f"CREATE DATABASE {LARGE} TEMPLATE {SMALL}", server)
    url = _named(made.url, LARGE)
    try:
        with closing(psycopg2.connect(url)) as connection, connection.cursor() as asked:
            asked.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'inventory_system' "
                "AND NOT column_name IN ('id', 'name', 'name_key', 'lookup')"
            )
            same = ", ".join(name for (name,) in asked.fetchall())
            asked.execute(
                f"INSERT INTO inventory_system (name, name_key, lookup, {same}) "
                f"SELECT name || ' ' || n, name_key || ' ' || n, lookup || ' ' || n, {same} "
                f"FROM inventory_system, generate_series(2, {TIMES}) n"
            )
            connection.commit()
        made.statement("VACUUM ANALYZE inventory_system", url)
        yield url
    finally:
        made.statement(f"DROP DATABASE IF EXISTS {LARGE} WITH (FORCE)", server)


def furnish(systems: int) -> None:
    """Inside the product: tables, the demo company, so many systems, a token and a session; tells them as JSON."""
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from inventory.models import System  # noqa: PLC0415
    from martech import demo  # noqa: PLC0415
    from martech.accounts.models import Token, User  # noqa: PLC0415
    from martech.running import preparation  # noqa: PLC0415

    preparation.prepare(with_demo=False)
    call_command("seed", "--scale", str(systems), verbosity=0)
    person = User.objects.get(email=demo.email(ROLE))
    browser = Client()
    browser.force_login(person, backend="martech.permissions.backend.TableBackend")
    made = System.objects.filter(origin="demo", origin_detail="generated").order_by("pk")
    one = made.exclude(business_owner=None).first()
    assert one is not None
    known = {
        "token": Token.add(by=person, name="Bench", write=True).secret,
        "session": browser.cookies["session"].value,
        "first": one.pk,
        "last": made.last().pk,  # type: ignore[union-attr]
        "vendor": one.vendor_id,
        "owning_function": one.owning_function_id,
        "business_owner": one.business_owner_id,
    }
    print(json.dumps(known))


@contextmanager
def product(made: Stand, name: str = "product", url: str = "") -> Iterator[tuple[Target, int]]:
    """The product, as `up` serves it; with the process whose children are its workers."""
    token = {"Authorization": f"Bearer {made.known['token']}", "Accept": "application/json"}
    with _served("martech.wsgi:application", environment(made, url or made.url)) as (port, process):
        yield Target(name, port, token), process


@contextmanager
def floor(made: Stand) -> Iterator[Target]:
    with _served("benchmarks.floor:application", environment(made, made.url)) as (port, _process):
        yield Target("floor", port, {})


def session(made: Stand, target: Target) -> Target:
    """The same product for a person in a browser."""
    return Target(target.name, target.port, {"Cookie": f"session={made.known['session']}", "Accept": "text/html"})


@contextmanager
def _served(application: str, environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:martech.running.web", "--access-logfile", os.devnull]
    command += ["--log-level", "warning"]
    process = subprocess.Popen(
        [*command, application],
        env={**environment, "PORT": str(port)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        preexec_fn=lifeline.tie(),
    )
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    sys.exit(f"{application} did not start.")
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def memory(process: int) -> float:
    """The proportional set size of the largest child of a process, in MiB."""
    sizes = []
    for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{child}/smaps_rollup").read_text(), re.M)
        sizes.append(int(found[1]) / 1024 if found else 0.0)
    return max(sizes, default=0.0)


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def environment(made: Stand, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "martech.settings",
        "INTERLOCK_DATA": str(made.data),
        "DATABASE_URL": url,
        "FLOOR_DATABASE_URL": url,
        "LOG_LEVEL": "WARNING",
        "API_RATE": "999999/s",
        "API_RATE_ADDRESS": "999999/s",
    }
