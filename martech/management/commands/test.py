"""`manage.py test`: the suite on SQLite, on PostgreSQL with a real worker, and in Chromium."""

import argparse
import os
import sqlite3
import sys

from django.conf import settings
from django.core.management.base import BaseCommand

from martech.running.lanes import LANES, Suite


class Command(BaseCommand):
    help = (
        "Run the tests on every back end: SQLite, PostgreSQL, Celery on Valkey, Chromium. Any further arguments are"
        " pytest's and run in one lane (--on sqlite, postgres or browser). REQUIRE=all: a missing back end fails."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--on", choices=list(LANES), action="append", help="run this lane alone")

    def run_from_argv(self, argv: list[str]) -> None:
        """As Django's own, but what this command does not know belongs to pytest."""
        parser = argparse.ArgumentParser(prog=f"{argv[0]} {argv[1]}", description=self.help)
        self.add_arguments(parser)
        options, extra = parser.parse_known_args(argv[2:])
        suite = Suite(
            root=settings.BASE_DIR,
            sqlite_version=sqlite3.sqlite_version,
            required=os.environ.get("REQUIRE", "").strip() == "all",
            install=bool(os.environ.get("CI", "").strip()) or os.environ.get("REQUIRE", "").strip() == "all",
        )
        chosen = options.on or (["sqlite"] if extra else list(LANES))
        sys.exit(suite.run([LANES[name] for name in chosen], extra))
