"""How it runs: settings, commands, jobs and errors."""

import argparse
from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from martech.errors import SHEET
from martech.reference.environment import PRODUCT, TESTS, Variable
from martech.reference.markdown import capital, cell, code, page, section, table
from martech.rest.errors import SLUGS, TITLES
from martech.schedule import SCHEDULE

ROOM = "martech"


def pages() -> dict[str, str]:
    return {"settings.md": settings(), "commands.md": commands(), "schedule.md": schedule(), "errors.md": errors()}


def contents(made: dict[str, str]) -> str:
    """The page that leads to the others."""
    top = [name for name in made if "/" not in name]
    titles = {name: next((line[2:] for line in made[name].splitlines() if line.startswith("# ")), name) for name in top}
    return page(
        "Reference",
        "Facts, taken from the code. `python3 manage.py tables` writes these pages; `--check` names the stale ones.",
        "\n".join(f"- [{titles[name]}]({name})" for name in top),
    )


def settings() -> str:
    head = ("Variable", "Means", "Where not set", "Example")
    return page(
        "Settings",
        "Everything is set by environment variables, read once at start-up. A wrong one stops the start with one "
        "sentence that names it. An empty one counts as not set.",
        section("The product", table(head, map(variable, PRODUCT))),
        section("Tests", table(head, map(variable, TESTS))),
    )


def variable(row: Variable) -> tuple[str, ...]:
    return code(row.name), row.means, row.default, code(row.example)


def ours() -> dict[str, BaseCommand]:
    """Our own commands, by name."""
    names = sorted(name for name, app in get_commands().items() if app == ROOM)
    return {name: load_command_class(ROOM, name) for name in names}


def commands() -> str:
    return page(
        "Commands",
        "Each is called as `python3 manage.py <command>`. With no environment active the first call makes one in "
        "`.venv`. `PORT`, `INTERLOCK_DATA` and every other [setting](settings.md) count for all of them. Django’s "
        "own commands are there as well.",
        *(command(name, made) for name, made in ours().items()),
    )


def command(name: str, made: BaseCommand) -> str:
    rows = [(shown(action), action.help or "") for action in options(made)]
    return section(code(name), cell(made.help), table(("Argument", "Means"), rows))


def options(made: BaseCommand) -> list[argparse.Action]:
    """The arguments a command adds to those of every Django command."""
    parser = argparse.ArgumentParser(add_help=False)
    made.add_arguments(parser)  # type: ignore[arg-type]
    return parser._actions


def shown(action: argparse.Action) -> str:
    if not action.option_strings:
        return code(action.metavar if isinstance(action.metavar, str) else action.dest)
    value: Any = action.metavar or action.dest.upper()
    wanted = f" {'|'.join(action.choices) if action.choices else value}" if action.nargs != 0 else ""
    return code(action.option_strings[0] + wanted)


def schedule() -> str:
    rows = [(code(name), job.does, every(job.every), code(job.task)) for name, job in SCHEDULE.items()]
    return page(
        "Jobs",
        "Every job is a sweep over rows that says for itself what is due: late, twice or from two schedulers at "
        "once it does the same. `python3 manage.py tick` runs them once, for machines without a scheduler.",
        table(("Job", "What it does", "Every", "Task"), rows),
    )


def every(seconds: int) -> str:
    for size, word in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds % size == 0:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''}"
    return f"{seconds} seconds"


def errors() -> str:
    ours = [(row.title, code(row.slug), row.page, row.rest, code(row.error.__name__)) for row in SHEET]
    known = {row.slug for row in SHEET}
    surface = [
        (TITLES.get(status, "This was refused."), code(slug), status)
        for status, slug in SLUGS.items()
        if slug not in known
    ]
    return page(
        "Errors",
        "A record raises what it means; page and REST answer by this sheet. REST answers are "
        "`application/problem+json` (RFC 9457): `type` is `/problems/<slug>`, `errors` holds sentences by field, "
        "`conflicts` the two values of a field that two people changed.",
        section("What records say", table(("Meaning", "Slug", "Page", "REST", "Raised"), ours)),
        section("What REST itself refuses", table(("Meaning", "Slug", "Status"), surface)),
        capital("a page with an error keeps what was typed: 422 and 409 redraw the form."),
    )
