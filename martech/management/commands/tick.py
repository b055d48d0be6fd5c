"""`manage.py tick`: every periodic job once, in this process, for machines without a scheduler."""

import time
import traceback
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from martech.schedule import SCHEDULE


class Command(BaseCommand):
    help = "Run each job of martech/schedule.py once (or the named ones), one after the other."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(SCHEDULE))

    def handle(self, *, jobs: list[str], **_options: Any) -> None:
        if unknown := [name for name in jobs if name not in SCHEDULE]:
            raise CommandError(f"There is no job {unknown[0]!r}; there are {', '.join(SCHEDULE)}.")
        failed = []
        for name in jobs or SCHEDULE:
            started = time.monotonic()
            try:
                import_string(SCHEDULE[name].task)()
            except Exception:  # one job's failure must not keep the others from running
                failed.append(name)
                self.stderr.write(traceback.format_exc())
            outcome = "failed" if name in failed else "done"
            self.stdout.write(f"{name:28} {outcome:8} {time.monotonic() - started:6.2f} s")
        if failed:
            raise CommandError(f"These jobs failed: {', '.join(failed)}.")
