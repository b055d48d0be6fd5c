"""`manage.py up`: the whole product on this machine, in one command."""

import os
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from martech import __version__, demo
from martech.running import instance, machine, preparation, valkey
from martech.running.supervisor import Failed


class Command(BaseCommand):
    help = "Start web, worker, scheduler and, where none is named by REDIS_URL, the broker; stop with Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="start with an empty company")

    def handle(self, *, no_demo: bool, **_options: Any) -> None:
        self.started = time.monotonic()
        self.no_demo = no_demo
        hosts = [host for host in settings.ALLOWED_HOSTS if host.strip("*.") == host]
        whole = machine.Machine(
            data=settings.DATA_DIR,
            root=settings.BASE_DIR,
            port=settings.PORT,
            address=settings.BASE_URL,
            host=hosts[0] if hosts else "127.0.0.1",
            say=self.say,
        )
        try:
            whole.run(prepare=self.prepare, welcome=self.welcome)
        except instance.Taken:
            first = instance.noted(settings.DATA_DIR)
            where = f"at {first.address} (process {first.pid})" if first else f"in {settings.DATA_DIR}"
            self.say(f"Interlock is already running {where}.")
        except Failed as failed:
            raise CommandError(str(failed)) from None

    def prepare(self) -> None:
        self.say(f"Interlock {__version__}: {self.database()}, {self.broker()}, data in {settings.DATA_DIR}")
        try:
            preparation.prepare(with_demo=not self.no_demo)
        except OperationalError as error:
            raise Failed(f"The database does not answer: {str(error).strip()}") from None
        self.roles = preparation.demo_sign_ins()
        connections.close_all()

    def database(self) -> str:
        chosen = settings.DATABASES["default"]
        return "SQLite" if chosen["ENGINE"].endswith("sqlite3") else f"PostgreSQL {chosen['HOST']}/{chosen['NAME']}"

    def broker(self) -> str:
        if os.environ.get("REDIS_URL", "").strip():
            return "Redis of REDIS_URL"
        program = valkey.binary()
        return f"Valkey {valkey.version(program)}" if program else "a folder of messages as broker"

    def welcome(self) -> None:
        self.say(f"\nInterlock is at {settings.BASE_URL}  (ready after {time.monotonic() - self.started:.1f} s)\n")
        if self.roles:
            width = max(len(role) for role in self.roles)
            self.say(f"  {'Role':{width}}  Sign in as ({demo.PASSWORD})")
            for role in self.roles:
                self.say(f"  {role:{width}}  {demo.email(role)}")
            self.say("")
        self.say(f"Stop with Ctrl-C. Logs are in {settings.DATA_DIR / 'logs'}.")

    def say(self, text: str) -> None:
        self.stdout.write(f"{text}\n")
        self.stdout.flush()
