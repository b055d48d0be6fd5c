"""`manage.py tables`: the reference pages, written from the code."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from martech import reference


class Command(BaseCommand):
    help = "Write docs/reference from the code: permissions, states, fields, settings, commands, the OpenAPI document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help="only these pages, such as permissions or openapi")
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 naming the stale pages")

    def handle(self, *, names: list[str], check: bool, **_options: Any) -> None:
        made = reference.pages()
        wanted = {
            path: text for path, text in made.items() if not names or {path, path.rpartition(".")[0]} & set(names)
        }
        if not wanted:
            known = ", ".join(path.rpartition(".")[0] for path in made)
            raise CommandError(f"There is no page {names[0]!r}; there are {known}.")
        stale = reference.stale(wanted, whole=not names)
        if check and stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run `python3 manage.py tables`.")
        if check:
            return
        for path in stale:
            file = reference.FOLDER / path
            if path in wanted:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(wanted[path], encoding="utf-8")
            else:
                file.unlink()
            self.stdout.write(f"{'wrote' if path in wanted else 'removed'} docs/reference/{path}")
