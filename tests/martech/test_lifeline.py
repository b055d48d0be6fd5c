"""Where the kernel does not watch, a stand-in stops the command once whoever started it is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
STARTER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-m", "martech.running.lifeline", sys.executable, "-c", sys.argv[1]])
time.sleep(60)
"""
COMMAND = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def test_the_command_ends_when_its_starter_is_killed() -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTER, COMMAND], stdout=subprocess.PIPE, text=True)
    assert starter.stdout is not None
    command = int(starter.stdout.readline())
    assert is_alive(command)
    starter.kill()
    starter.wait()
    deadline = time.monotonic() + 10
    while is_alive(command) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(command)


def test_a_polite_signal_reaches_the_command_and_its_status_comes_back() -> None:
    obeys = (
        "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(7)); print('on', flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-m", "martech.running.lifeline", sys.executable, "-c", obeys]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 7
