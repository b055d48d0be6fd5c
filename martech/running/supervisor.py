"""Starts child processes, keeps them up, and stops them in reverse order without leaving one behind."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from martech.running import lifeline

LOG_LIMIT = 10 * 1024 * 1024  # bytes; a longer log is set aside when its child starts
RESTARTS = 5  # within RESTART_WINDOW; more, and there is no use in trying again
RESTART_WINDOW = 60.0  # seconds


class Failed(Exception):
    """A child cannot be kept up; the text says which and where its log is."""


@dataclass
class Child:
    """One program: how it is started, how long it may take to stop, where it writes."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    patience: float  # seconds between the polite signal and the last one
    orphaned: int = signal.SIGTERM  # what it gets when this process is killed
    process: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                lifeline.watched(self.command),
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C and a signal to our group reach us alone: the order of stopping is ours
                preexec_fn=lifeline.tie(self.orphaned),
            )
        self.started.append(time.monotonic())

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        if self.process and self.is_up():
            self.process.terminate()

    def stop(self) -> None:
        """Ask, wait, then end it and whatever it started itself."""
        if not self.process:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.patience)
        self.end()

    def kill(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        self.kill()
        if self.process:
            self.process.wait()
            self.process = None

    def last_lines(self, count: int = 12) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""


class Supervisor:
    """The children in the order they start."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.children: list[Child] = []

    def start(self, child: Child) -> None:
        self.children.append(child)
        child.start()

    def mend(self) -> None:
        """Start again whatever has ended by itself; Failed once that is hopeless."""
        for child in self.children:
            if child.is_up() or child.process is None:
                continue
            status = child.process.returncode
            child.end()
            recent = [moment for moment in child.started if time.monotonic() - moment < RESTART_WINDOW]
            if len(recent) >= RESTARTS:
                raise Failed(f"{child.name} keeps stopping; its last words are in {child.log}:\n{child.last_lines()}")
            child.started = recent
            self.say(f"{child.name} stopped by itself ({ended(status)}); starting it again. See {child.log}")
            child.start()

    def stop(self) -> None:
        """Everything down, last started first."""
        for child in reversed(self.children):
            child.stop()

    def kill(self) -> None:
        """Everything down at once; whoever waits for them finds them ended. Safe in a signal handler."""
        for child in self.children:
            child.kill()


def ended(status: int) -> str:
    return f"by signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
