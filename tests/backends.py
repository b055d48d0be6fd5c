"""The real back ends of the tests: PostgreSQL, Valkey with a Celery worker, Chromium, and the sample files.

A pytest plugin. A test says by its mark what it needs; where that is missing the test is skipped with how to get it.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page, sync_playwright

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # before anything of ours reads a setting

from martech import environment
from martech.celery import app, broker
from martech.running import chromium, lifeline, postgres, valkey

ROOT = Path(__file__).resolve().parent.parent
MISSING = "missing: "
WORKER_READY_WITHIN = 40.0  # seconds


def reason_to_skip(mark: str) -> str:
    """Why a test with this mark cannot run here; empty where it can."""
    sqlite = not os.environ.get("TEST_DATABASE_URL", "").strip()
    if mark == "postgres" and sqlite:
        return f"{MISSING}PostgreSQL; manage.py test --on postgres, or {postgres.HOW_TO_GET}"
    if mark == "worker" and not (os.environ.get("TEST_REDIS_URL", "").strip() or valkey.binary()):
        return f"{MISSING}Valkey or Redis; set TEST_REDIS_URL=redis://host:6379"
    if mark == "browser" and not chromium.program():
        return f"{MISSING}Chromium; {chromium.HOW_TO_GET}"
    if mark == "sample" and not os.environ.get("SAMPLE_DATA", "").strip():
        return "needs the sample files: set SAMPLE_DATA to their folder"
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reasons = {mark: reason_to_skip(mark) for mark in ("postgres", "worker", "browser", "sample")}
    for item in items:
        for mark, reason in reasons.items():
            if reason and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Leave the counts where `manage.py test` asked for them."""
    path = os.environ.get("INTERLOCK_TEST_REPORT")
    if not path or hasattr(config, "workerinput"):
        return
    stats = terminalreporter.stats
    skipped = [str(report.longrepr[2]) for report in stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    counts = {
        "passed": len(stats.get("passed", [])) + len(stats.get("xfailed", [])),
        "failed": len(stats.get("failed", [])) + len(stats.get("error", [])) + len(stats.get("xpassed", [])),
        "skipped": len(stats.get("skipped", [])),
        "missing": len([reason for reason in skipped if MISSING in reason]),
    }
    Path(path).write_text(json.dumps(counts))


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Valkey or Redis of the tests' own: TEST_REDIS_URL, else a server started here."""
    if named := os.environ.get("TEST_REDIS_URL", "").strip():
        yield named
        return
    program = valkey.binary()
    assert program, reason_to_skip("worker")
    folder = valkey.private_folder()
    process = subprocess.Popen(
        lifeline.watched(valkey.command(program, folder, None)),
        stdout=subprocess.DEVNULL,
        preexec_fn=lifeline.tie(),
    )
    wait_until(lambda: valkey.answers(valkey.url(folder)), 20, "Valkey did not start")
    os.environ["TEST_REDIS_URL"] = valkey.url(folder)
    yield valkey.url(folder)
    del os.environ["TEST_REDIS_URL"]
    process.terminate()
    process.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


class Worker:
    """A Celery worker process on the test database, which a test may kill and start again."""

    def __init__(self, redis_url: str, log: Path) -> None:
        self.redis_url, self.log = redis_url, log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """The product's environment on the database and broker of this test."""
        database = connection.settings_dict
        if connection.vendor == "sqlite":
            url = f"sqlite:///{database['NAME']}"
        else:
            url = os.environ["TEST_DATABASE_URL"]
            head, _, query = url.partition("?")
            url = head.rpartition("/")[0] + f"/{database['NAME']}" + (f"?{query}" if query else "")
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "martech.settings",
            "INTERLOCK_DATA": str(settings.DATA_DIR),
            "DATABASE_URL": url,
            "REDIS_URL": self.redis_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "LOG_LEVEL": "INFO",
        }

    def start(self, *extra: str) -> None:
        """Start it and wait until it takes work; `extra` are arguments of `celery worker`."""
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "martech.celery",
            "--skip-checks",
            "worker",
            "--loglevel",
            "INFO",
        ]
        command += list(extra) if extra else ["-P", "threads", "-c", "2", "--without-gossip", "--without-mingle"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                lifeline.watched(command),
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
                preexec_fn=lifeline.tie(),
            )
        wait_until(self.is_ready, WORKER_READY_WITHIN, "the worker did not start", self.log)

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        return " ready." in self.log.read_text(errors="replace")

    def kill(self) -> None:
        """As a power cut would."""
        if self.process:
            os.killpg(self.process.pid, 9)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def until(self, condition: Callable[[], bool], within: float = 20.0) -> None:
        """Wait for what the worker is to bring about; fails with its log."""
        wait_until(condition, within, "the worker did not bring it about", self.log)


@pytest.fixture
def bell(redis_url: str) -> Iterator[Celery]:
    """The product's Celery application of this process, speaking to the tests' own broker; its queue is empty."""
    before = {name: app.conf[name] for name in ("broker_url", "broker_transport_options")}
    address, _cache = environment.redis("TEST_REDIS_URL", settings.DATA_DIR)
    turn = Path(tempfile.gettempdir()) / f"interlock-bell-{hashlib.sha256(redis_url.encode()).hexdigest()[:12]}.lock"
    with turn.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # one broker for all test processes: one test at a time
        app.conf.update(broker(address))
        app._after_fork()  # forget the connections to the other broker
        app.control.purge()
        yield app
        app.conf.update(before)
        app._after_fork()


@pytest.fixture
def worker(transactional_db: None, bell: Celery, redis_url: str, tmp_path: Path) -> Iterator[Worker]:
    """A started worker on this test's database; what the test itself sends reaches it."""
    one = Worker(redis_url, tmp_path / "worker.log")
    one.start()
    yield one
    one.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once per session."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop lives in this thread, Django's work does not
    program = chromium.program()
    assert program, reason_to_skip("browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A fresh browser window on the live server; the test fails when a script fails or a policy is violated."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900})
    window = context.new_page()
    faults: list[str] = []
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.on(
        "console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None
    )
    yield window
    context.close()
    assert faults == []


def wait_until(condition: Callable[[], bool], within: float, otherwise: str, log: Path | None = None) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{otherwise} within {within:.0f} s\n{log.read_text(errors='replace') if log else ''}")
        time.sleep(0.05)
