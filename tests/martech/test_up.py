"""`manage.py up` as a process: what it starts, what it says, and that nothing outlives it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc to find what was started"),
]
ROOT = Path(__file__).resolve().parent.parent.parent
QUIET = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "BASE_URL", "ALLOWED_HOSTS")


class Up:
    """One `up --no-demo` on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.log, self.port = data, data.with_suffix(".log"), free_port()
        kept = {name: value for name, value in os.environ.items() if name not in QUIET}
        self.environment = {**kept, "INTERLOCK_DATA": str(data), "PORT": str(self.port)}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("wb") as log:
            command = [sys.executable, "manage.py", "up", "--no-demo"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until(lambda: "Interlock is at" in self.said() or self.process.poll() is not None, 90)
        assert f"Interlock is at http://127.0.0.1:{self.port}" in self.said(), self.said()

    def said(self) -> str:
        return self.log.read_text()

    def again(self, **changed: str) -> "subprocess.CompletedProcess[str]":
        """Another command beside the running one."""
        command = [sys.executable, "manage.py", "up", "--no-demo"]
        environment = {**self.environment, **changed}
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def processes(self) -> dict[int, str]:
        """Every live process on our data folder: its command line by its id."""
        found = {}
        mark = f"INTERLOCK_DATA={self.data}\0".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() and (line := (folder / "cmdline").read_bytes()):
                    found[int(folder.name)] = line.replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def one(self, words: str) -> int:
        """The eldest process whose command line has these words."""
        return min(pid for pid, line in self.processes().items() if words in line)

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def signal(self, number: int) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def is_gone(self) -> bool:
        assert self.process is not None
        return self.process.poll() is not None and self.processes() == {}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for this file: the first start fills it, the others find it ready."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture
def up(data: Path) -> Iterator[Up]:
    one = Up(data)
    one.start()
    yield one
    for pid in one.processes():
        os.kill(pid, signal.SIGKILL)
    one.process.wait()


def test_it_starts_everything_once_and_stops_it_in_seconds(up: Up, tmp_path: Path) -> None:
    assert up.answers()
    names = ("valkey-server", "gunicorn", "celery worker", "beat")
    lines = " ".join(up.processes().values()).replace(f"-A martech.celery --workdir {ROOT} --skip-checks ", "")
    assert [name for name in names if name in lines] == list(names)

    second = up.again()
    first = f"Interlock is already running at http://127.0.0.1:{up.port} (process {up.process.pid}).\n"
    assert (second.returncode, second.stdout) == (0, first)

    taken = up.again(INTERLOCK_DATA=str(tmp_path))
    sentence = (
        f"Port {up.port} is taken by another program; choose another one: PORT={up.port + 1} python3 manage.py up"
    )
    assert (taken.returncode, taken.stderr) == (1, f"CommandError: {sentence}\n")

    asked = "from django.conf import settings; print(settings.BROKER_URL)"
    environment = {**up.environment, "DJANGO_SETTINGS_MODULE": "martech.settings"}
    found = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    noted = json.loads((up.data / "run.json").read_text())
    assert found.stdout == noted["redis"].replace("unix://", "redis+socket://") + "?virtual_host=0\n"

    started = time.monotonic()
    up.signal(signal.SIGTERM)
    until(up.is_gone, 30)
    assert time.monotonic() - started < 15
    assert up.process.returncode == 0
    assert not Path(noted["redis"].removeprefix("unix://")).parent.exists()
    assert not (up.data / "run.json").exists()


def test_it_starts_again_what_was_killed(up: Up) -> None:
    for words, name in (
        ("worker -P", "worker"),
        ("m gunicorn", "web"),
        ("valkey-server", "broker"),
        (" beat ", "scheduler"),
    ):
        before = set(up.processes())
        os.kill(up.one(words), signal.SIGKILL)
        until(lambda name=name: f"{name} stopped by itself (by signal SIGKILL); starting it again." in up.said(), 15)
        until(
            lambda words=words, before=before: any(
                words in up.processes()[pid] for pid in set(up.processes()) - before
            ),
            15,
        )
    until(up.answers, 30)


def test_nothing_is_left_when_it_is_killed_and_the_next_start_is_clean(up: Up) -> None:
    stale = Path(json.loads((up.data / "run.json").read_text())["redis"].removeprefix("unix://")).parent
    os.kill(up.process.pid, signal.SIGKILL)
    up.process.wait()
    until(up.is_gone, 20)
    started = time.monotonic()
    up.start()
    assert time.monotonic() - started < 30
    assert not stale.exists()


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "INTERLOCK_DATA": str(tmp_path),
        "PORT": "eighty",
        "DJANGO_SETTINGS_MODULE": "martech.settings",
    }
    command = [sys.executable, "manage.py", "up"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    sentence = "Interlock cannot start: PORT must be a whole number from 1 to 65535, not 'eighty'.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def until(condition: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.1)
