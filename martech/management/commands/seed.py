"""`manage.py seed`: the demo company, and on request as many generated systems as a speed test wants."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from inventory.models import System
from martech.accounts.models import User
from martech.demo import ROLES, email, story
from martech.demo.people import COMPANY
from martech.demo.scale import generate


class Command(BaseCommand):
    help = "Load Fernhollow, an invented company with two years of history; ten people sign in, one per role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is any system already")
        parser.add_argument("--scale", type=int, default=0, metavar="N", help="generate N systems besides")

    def handle(self, *, if_empty: bool, scale: int, verbosity: int, **_options: Any) -> None:
        if if_empty and System.objects.exists():
            return
        if scale < 0:
            raise CommandError("--scale takes a number of systems, 0 or more.")
        here = User.objects.filter(email__in=[email(role) for role in ROLES]).exists()
        if here and not scale:
            raise CommandError(f"{COMPANY} is here already: start with an empty database, or leave it as it is.")
        if not here:
            self._timed(verbosity, f"{COMPANY} is loaded", lambda: story.tell(timezone.localdate()))
        if scale:
            self._timed(verbosity, f"{scale} more systems are generated", lambda: generate(scale))

    def _timed(self, verbosity: int, said: str, work: Callable[[], None]) -> None:
        start = time.monotonic()
        work()
        if verbosity:
            self.stdout.write(f"{said} ({time.monotonic() - start:.1f} s).")
