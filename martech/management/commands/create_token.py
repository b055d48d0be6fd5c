"""`manage.py create_token`: an API token for a program, printed this once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from martech.accounts.models import Token, User
from martech.audit import context


class Command(BaseCommand):
    help = "Make an API token that acts as somebody, never with more right than theirs. Only the token goes to stdout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person or service account it acts as")
        parser.add_argument("--name", default="Command line", help="what uses it, e.g. 'ERP vendor sync'")
        parser.add_argument("--read-only", action="store_true", help="it may look and change nothing")
        parser.add_argument("--days", type=int, default=90, help="days it works, at most 366 (90)")
        parser.add_argument("--kinds", default="", help="only these kinds, e.g. inventory.vendor,inventory.system")

    def handle(self, *, email: str, name: str, read_only: bool, days: int, kinds: str, **_options: Any) -> None:
        if not 0 < days <= Token.LONGEST.days:
            raise CommandError(f"--days must be from 1 to {Token.LONGEST.days}, not {days}.")
        holder = User.objects.filter(email=email.strip().lower()).first()
        if holder is None:
            raise CommandError(f"There is nobody with the e-mail {email}.")
        if not holder.present:
            raise CommandError(f"{holder.display_name} has left and can have no token.")
        try:
            with context.through("command", origin="create_token"):
                token = Token.add(
                    by=holder,
                    name=name,
                    write=not read_only,
                    kinds=[kind.strip().lower() for kind in kinds.split(",") if kind.strip()],
                    expires_on=timezone.localdate() + timedelta(days=days),
                )
        except PermissionDenied:
            raise CommandError(f"{holder.display_name} has no role yet, so a token could do nothing.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        may = "read what they may" if read_only else "read and change what they may"
        until = f"{token.expires_on:%-d %B %Y}"
        self.stderr.write(f"{token.number} acts as {holder.display_name}: may {may}, until {until}. Shown this once:")
        self.stdout.write(token.secret)
