"""The test suite in lanes, one per set of back ends, and the table of what was exercised."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from martech.running import chromium, lifeline, postgres, valkey

NO_TESTS = 5  # pytest's exit status where nothing was selected
PARALLEL = ("-n", "2")


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    missing: int = 0  # of the skipped, those that wanted a back end that is not here

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.missing + other.missing,
        )

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


@dataclass(frozen=True)
class Lane:
    """One run of pytest: on what, over which tests, with which other back ends at hand."""

    name: str
    title: str
    arguments: Sequence[str]
    with_postgres: bool = False


LANES = {
    lane.name: lane
    for lane in (
        Lane("sqlite", "SQLite", ("-m", "not browser and not postgres", *PARALLEL)),
        Lane("postgres", "PostgreSQL", ("-m", "not browser and not once", *PARALLEL), with_postgres=True),
        Lane("browser", "Chromium", ("-m", "browser")),
    )
}


@dataclass(frozen=True)
class Outcome:
    """What a lane did; `counts` is None where its back end is missing and `detail` says how to get it."""

    lane: Lane
    detail: str
    counts: Counts | None


class Missing(Exception):
    """A back end is not here; the text says how to get it."""


class Suite:
    """The lanes to run, with extra arguments for pytest; `run` prints as it goes and returns the exit status."""

    def __init__(self, *, root: Path, sqlite_version: str, required: bool, install: bool) -> None:
        self.root, self.sqlite_version, self.required, self.install = root, sqlite_version, required, install

    def run(self, lanes: Sequence[Lane], extra: Sequence[str]) -> int:
        with ExitStack() as stack:
            common = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": ""}
            broker = stack.enter_context(self.broker())
            if broker.url:
                common["TEST_REDIS_URL"] = broker.url
            outcomes = [self.ride(lane, common, extra) for lane in lanes]
        return self.tell(outcomes, broker)

    def ride(self, lane: Lane, common: Mapping[str, str], extra: Sequence[str]) -> Outcome:
        try:
            with ExitStack() as stack:
                environment, detail = self.furnish(lane, stack)
                print(f"\n=== {lane.title} {detail} ===", flush=True)
                chosen = [*extra] if extra else [*lane.arguments]
                return Outcome(lane, detail, self.pytest(chosen, {**os.environ, **common, **environment}))
        except Missing as missing:
            return Outcome(lane, str(missing), None)

    def furnish(self, lane: Lane, stack: ExitStack) -> tuple[dict[str, str], str]:
        """The environment that leads to the lane's back end, and the back end's version; Missing where it is not."""
        if lane.name == "browser":
            program = chromium.program() or (self.install and chromium.install())
            if not program:
                raise Missing(chromium.HOW_TO_GET)
            return {"CHROMIUM": str(program)}, chromium.version(program)
        if not lane.with_postgres:
            return {}, self.sqlite_version
        url = os.environ.get("TEST_DATABASE_URL", "").strip()
        if not url:
            binaries = postgres.package()
            if not binaries:
                raise Missing(postgres.HOW_TO_GET)
            url = stack.enter_context(postgres.server(binaries))
        try:
            return {"TEST_DATABASE_URL": url}, postgres.version(url)
        except psycopg2.Error as error:
            raise Missing(f"TEST_DATABASE_URL does not answer: {str(error).strip().splitlines()[0]}") from None

    def pytest(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Counts:
        """Run pytest and count; a run that broke down counts as one failure more."""
        with tempfile.TemporaryDirectory(prefix="interlock-report-") as folder:
            report = Path(folder) / "counts.json"
            command = [sys.executable, "-m", "pytest", *arguments]
            status = subprocess.run(
                command, cwd=self.root, env={**environment, "INTERLOCK_TEST_REPORT": str(report)}, check=False
            ).returncode
            counts = Counts(**json.loads(report.read_text())) if report.exists() else Counts()
        if status not in (0, NO_TESTS) and not counts.failed:
            print(f"pytest ended with status {status}.", flush=True)
            return counts + Counts(failed=1)
        return counts

    @contextmanager
    def broker(self) -> Iterator["Broker"]:
        """The Valkey or Redis of the `worker` tests: TEST_REDIS_URL, else one started here, else none."""
        if named := os.environ.get("TEST_REDIS_URL", "").strip():
            yield Broker(named, "server of TEST_REDIS_URL")
            return
        program = valkey.binary()
        if not program:
            yield Broker("", "set TEST_REDIS_URL=redis://host:6379")
            return
        folder = valkey.private_folder()
        process = subprocess.Popen(
            lifeline.watched(valkey.command(program, folder, None)),
            stdout=subprocess.DEVNULL,
            process_group=0,
            preexec_fn=lifeline.tie(),
        )
        try:
            yield Broker(valkey.url(folder), f"Valkey {valkey.version(program)}")
        finally:
            process.terminate()
            process.wait(20)
            shutil.rmtree(folder, ignore_errors=True)

    def tell(self, outcomes: Sequence[Outcome], broker: "Broker") -> int:
        """Print the table of back ends and the sum; 1 where anything failed or a required back end is missing."""
        total = sum((outcome.counts for outcome in outcomes if outcome.counts), Counts())
        rows = [(o.lane.title, f"{o.detail}: {o.counts}" if o.counts else f"missing: {o.detail}") for o in outcomes]
        rows.append(("Celery broker", broker.detail if broker.url else f"missing: {broker.detail}"))
        samples = os.environ.get("SAMPLE_DATA", "").strip()
        rows.append(("sample files", samples or "not given: set SAMPLE_DATA to a folder with vendors.csv"))
        width = max(len(title) for title, _text in rows)
        print("\n" + "\n".join(f"{title:{width}} | {text}" for title, text in rows))
        absent = sum(1 for outcome in outcomes if outcome.counts is None) + (not broker.url)
        if self.required and (absent or total.missing):
            print(f"REQUIRE=all: {absent} back ends are missing, {total.missing} tests went without theirs.")
            total += Counts(failed=max(absent, 1))
        print(total, flush=True)
        return 1 if total.failed else 0


@dataclass(frozen=True)
class Broker:
    """Where the tests' broker answers (empty: nowhere) and what it is, or how to get one."""

    url: str
    detail: str
