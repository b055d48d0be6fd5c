"""The whole product on one machine: broker, web, worker and scheduler over one data folder."""

import contextlib
import errno
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from martech.running import instance, valkey
from martech.running.supervisor import Child, Failed, Supervisor

READY_WITHIN = 60.0  # seconds from starting the web server to its first answer
SAME_WISH = 1.0  # seconds in which a second signal is an echo of the first (make passes on what the group got too)
PORT_FREED_WITHIN = 15.0  # seconds a killed instance's last children may hold the port


class Stopped(BaseException):
    """Somebody asked us to stop; no handler of errors in between may keep it."""


class Machine:
    """One `up`: `run` returns when it was asked to stop and everything has stopped."""

    def __init__(
        self, *, data: Path, root: Path, port: int, address: str, host: str, say: Callable[[str], None]
    ) -> None:
        self.data, self.root, self.port, self.address, self.host, self.say = data, root, port, address, host, say
        self.logs = data / "logs"
        self.sockets: Path | None = None
        self.environment = {**os.environ, "INTERLOCK_DATA": str(data), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
        self.supervisor = Supervisor(say)
        self.asked_at = 0.0
        self.stopping = False

    def run(self, *, prepare: Callable[[], None], welcome: Callable[[], None]) -> None:
        """Hold the data folder, `prepare` it, start all, `welcome` once the web answers, stay until told to stop.

        Raises instance.Taken where another `up` holds the folder, Failed where something cannot be started.
        """
        with instance.hold(self.data):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, self.asked_to_stop)
            try:
                self.take_over()
                prepare()
                self.start_broker()
                self.start_web()
                self.start_jobs()
                welcome()
                while True:
                    time.sleep(0.5)
                    self.supervisor.mend()
            except Stopped:
                self.say("Stopping.")
            finally:
                self.put_down()

    def asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked_at:
            if time.monotonic() - self.asked_at > SAME_WISH:
                self.supervisor.kill()
            return
        self.asked_at = time.monotonic()
        if not self.stopping:
            raise Stopped

    def take_over(self) -> None:
        """Wait for what a killed instance left to go, then leave our own note."""
        self.logs.mkdir(parents=True, exist_ok=True)
        earlier = instance.noted(self.data)
        deadline = time.monotonic() + (PORT_FREED_WITHIN if earlier else 0)
        while (refusal := self.port_refusal()) or (earlier and earlier.redis and valkey.answers(earlier.redis)):
            if time.monotonic() >= deadline:
                if refusal:
                    raise Failed(refusal)
                break
            time.sleep(0.2)
        if earlier and earlier.redis:
            valkey.tidy(earlier.redis)
        instance.note(self.data, instance.Instance(os.getpid(), self.port, self.address, ""))

    def port_refusal(self) -> str:
        """Why we cannot listen on our port, as a sentence; empty where we can."""
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", self.port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return (
                        f"Port {self.port} is taken by another program; choose another one: "
                        f"PORT={self.port + 1 if self.port < 65535 else 8000} python3 manage.py up"
                    )
                return f"Port {self.port} cannot be used ({error.strerror}); choose another one with PORT."
        return ""

    def start_broker(self) -> None:
        """Valkey on a private socket, unless REDIS_URL names a server or this machine has no Valkey."""
        program = valkey.binary()
        if self.environment.get("REDIS_URL", "").strip() or not program:
            return
        self.sockets = valkey.private_folder()
        kept = self.data / "valkey"
        kept.mkdir(exist_ok=True)
        self.start("broker", valkey.command(program, self.sockets, kept), patience=10)
        address = valkey.url(self.sockets)
        self.wait_for(lambda: valkey.answers(address), "broker", 20)
        self.environment["REDIS_URL"] = address
        instance.note(self.data, instance.Instance(os.getpid(), self.port, self.address, address))

    def start_web(self) -> None:
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:martech.running.web", "--chdir", str(self.root)]
        self.start("web", [*gunicorn, "martech.wsgi:application"], patience=15)
        self.wait_for(self.is_ready, "web", READY_WITHIN)

    def start_jobs(self) -> None:
        """Worker and scheduler. A killed worker does no harm; without its broker it would not end politely."""
        celery = [sys.executable, "-m", "celery", "-A", "martech.celery", "--workdir", str(self.root), "--skip-checks"]
        worker = ["worker", "-P", "threads", "-c", "4", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
        beat = ["beat", "--loglevel", "INFO", "--pidfile", ""]
        self.start("worker", [*celery, *worker], patience=60, orphaned=signal.SIGKILL)
        self.start("scheduler", [*celery, *beat], patience=10, orphaned=signal.SIGKILL)

    def start(self, name: str, command: list[str], *, patience: float, orphaned: int = signal.SIGTERM) -> None:
        log = self.logs / f"{name}.log"
        self.supervisor.start(Child(name, command, dict(self.environment), log, patience, orphaned))

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz", headers={"Host": self.host})
            return connection.getresponse().status == 200
        return False

    def wait_for(self, condition: Callable[[], bool], name: str, limit: float) -> None:
        """Until `condition` holds; Failed with the child's last words where it ends or `limit` seconds pass."""
        child = next(child for child in self.supervisor.children if child.name == name)
        deadline = time.monotonic() + limit
        while not condition():
            if not child.is_up():
                raise Failed(f"The {name} process did not start; {child.log} ends with:\n{child.last_lines()}")
            if time.monotonic() > deadline:
                raise Failed(f"The {name} process did not answer within {limit:.0f} s; see {child.log}.")
            time.sleep(0.05)

    def put_down(self) -> None:
        """Stop in reverse order and leave nothing behind but data and logs."""
        self.stopping = True
        self.supervisor.stop()
        if self.sockets:
            valkey.tidy(valkey.url(self.sockets))
        instance.forget(self.data)
