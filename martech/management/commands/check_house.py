"""`manage.py check_house`, which is `make check`: format, lint, types, layers, migrations, tables, templates, house."""

import os
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from martech.running import house

PYTHON = (sys.executable, "-m")
BIN = os.path.dirname(sys.executable)
MANAGE = (sys.executable, "manage.py")


class Command(BaseCommand):
    help = "Check the whole house; every check runs, and the table at the end says which failed."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("only", nargs="*", help="the checks to run, by the first word of their names")

    def handle(self, *, only: list[str], **_options: Any) -> None:
        rows = []
        for name, command in self.commands().items():
            if not only or name.split()[0] in only:
                rows.append(self.measure(name, lambda command=command: self.tool(command)))
        for name, rule in house.RULES.items():
            if not only or name.split()[0] in only:
                rows.append(self.measure(name, lambda rule=rule: rule(settings.BASE_DIR)))
        width = max((len(name) for name, _good, _time in rows), default=0)
        self.stdout.write("")
        for name, good, seconds in rows:
            self.stdout.write(f"{name:{width}} | {'good' if good else 'FAILED':6} | {seconds:5.1f} s")
        if failed := [name for name, good, _time in rows if not good]:
            raise CommandError(f"{len(failed)} of {len(rows)} checks failed: {', '.join(failed)}.")

    def commands(self) -> dict[str, tuple[str, ...]]:
        templates = [str(path) for path in sorted((settings.BASE_DIR / "templates").rglob("*.html"))]
        found = {
            "format": (*PYTHON, "ruff", "format", "--check", "--quiet", "--output-format", "concise", "."),
            "lint": (*PYTHON, "ruff", "check", "--quiet", "--output-format", "concise", "."),
            "types": (*PYTHON, "mypy"),
            "layers": (sys.executable, os.path.join(BIN, "lint-imports")),
            "settings": (*MANAGE, "check", "--fail-level", "WARNING"),
            "migrations are complete": (*MANAGE, "makemigrations", "--check", "--dry-run"),
        }
        if "tables" in get_commands():
            found["tables are current"] = (*MANAGE, "tables", "--check")
        if templates:
            found["templates"] = (*PYTHON, "djlint", "--lint", "--quiet", "templates")
            found["djade on templates"] = (os.path.join(BIN, "djade"), "--check", "--target-version", "5.2", *templates)
        return found

    def tool(self, command: tuple[str, ...]) -> list[str]:
        """What a tool found: its output where it failed, nothing where it is content."""
        done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
        return [] if done.returncode == 0 else [(done.stdout + done.stderr).strip() or f"exit status {done.returncode}"]

    def measure(self, name: str, check: Any) -> tuple[str, bool, float]:
        started = time.monotonic()
        found = check()
        if found:
            self.stdout.write(f"\n--- {name}\n" + "\n".join(found))
            self.stdout.flush()
        return name, not found, time.monotonic() - started
