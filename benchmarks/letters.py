"""Lists that are seen through letters against the same lists seen whole.

A further database: 100,000 systems, all confidential, and 100,000 letters on 5,000 of them. Two people see nothing but
by a letter, one by a few of their own and one by those of their function: they and an auditor ask for the same pages.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from benchmarks import load, stand

DATABASE = "interlock_bench_letters"
SYSTEMS, WITH_LETTERS, PEOPLE = 100_000, 5_000, 500
HELD = 2.0
READERS = {"own": "a few letters of their own", "team": "7,500 letters of their function"}
LISTS = {
    "50 letters with their count": "/api/v1/assignments/?limit=50",
    "1000 letters with their count": "/api/v1/assignments/?limit=1000",
    "50 systems with their count": "/api/v1/systems/?limit=50",
    "1000 systems with their count": "/api/v1/systems/?limit=1000",
}
HEAD = """
## Seen through letters

100,000 confidential systems and 100,000 letters; for whom a letter alone lets see some of them against an auditor.

| work | ratio | held | after | ms | whole, ms | bytes | errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""


@contextmanager
def stack(made: stand.Stand) -> Iterator[tuple[str, dict[str, str]]]:
    """The further database and a token for each who asks. Made before any server."""
    server = made.url.replace(f"/{stand.SMALL}", "/postgres", 1)
    made.statement(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", server)
    made.statement(f"CREATE DATABASE {DATABASE} TEMPLATE {stand.SMALL}", server)
    url = made.url.replace(f"/{stand.SMALL}", f"/{DATABASE}", 1)
    try:
        command = [sys.executable, "-c", "from benchmarks.letters import furnish; furnish()"]
        environment = stand.environment(made, url)
        told = subprocess.run(command, env=environment, cwd=stand.ROOT, check=True, capture_output=True, text=True)
        yield url, json.loads(told.stdout.splitlines()[-1])
    finally:
        made.statement(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", server)


def turns(target: load.Target, tokens: dict[str, str], seconds: float) -> Iterator[tuple[str, load.Turn, load.Turn]]:
    """One round: title, the turn of whoever sees by letters, and the auditor's beside it."""
    asking = {
        name: replace(target, headers={**target.headers, "Authorization": f"Bearer {token}"})
        for name, token in tokens.items()
    }
    for title, path in LISTS.items():
        for name, told in READERS.items():
            mine, whole = (load.turn(asking[one], load.Ask(path), (1, 1), seconds) for one in (name, "all"))
            yield f"{title}: {told}", mine, whole


def furnish() -> None:
    """Inside the product: systems, letters, and three people with tokens, told as JSON."""
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from django.contrib.auth.models import Group  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from governance.models import Activity, Assignment  # noqa: PLC0415
    from inventory.models import System  # noqa: PLC0415
    from martech.accounts.models import Function, Token, User  # noqa: PLC0415

    at = User.objects.earliest("pk").created_at
    made: dict[str, Any] = {"created_at": at, "changed_at": at, "origin": "bench"}
    teams = Function.objects.bulk_create(Function(name=f"Bench {n}", **made) for n in range(2))
    people = User.objects.bulk_create(
        User(email=f"bench{n}@interlock.example", name=f"Bench {n:03}", **made) for n in range(PEOPLE)
    )
    askers = dict(zip(("own", "team", "all"), people, strict=False))
    User.objects.filter(pk=askers["team"].pk).update(function=teams[0])
    for name, person in askers.items():
        person.groups.set([Group.objects.get(name="auditor" if name == "all" else "member")])
    same = ", ".join(
        item.column
        for item in System._meta.concrete_fields
        if item.name not in {"id", "name", "name_key", "lookup", "confidential", "business_owner", "technical_owner"}
    )
    with connection.cursor() as asked:
        asked.execute(
            "UPDATE inventory_system SET confidential = true, business_owner_id = NULL, technical_owner_id = NULL"
        )
        asked.execute(
            f"INSERT INTO inventory_system (name, name_key, lookup, confidential, {same}) "
            f"SELECT name || ' ' || n, name_key || ' ' || n, lookup || ' ' || n, confidential, {same} "
            "FROM inventory_system, generate_series(2, 1000) n ORDER BY n, id "
            f"LIMIT {SYSTEMS} - (SELECT count(*) FROM inventory_system)"
        )
    steps = list(Activity.objects.order_by("pk").values_list("pk", flat=True)[:20])
    systems = System.objects.filter(origin_detail="generated").order_by("pk").values_list("pk", flat=True)
    Assignment.objects.all().delete()
    Assignment.objects.bulk_create(
        (
            Assignment(
                system_id=system,
                activity_id=step,
                letter="ARCI"[number % 4],
                from_on=at.date(),
                **_holder(place, number, people, teams),
                **made,
            )
            for place, system in enumerate(systems[:WITH_LETTERS])
            for number, step in enumerate(steps)
        ),
        batch_size=2000,
    )
    with connection.cursor() as asked:
        for table in ("inventory_system", "governance_assignment", "accounts_user", "accounts_function"):
            asked.execute(f"VACUUM (FULL, ANALYZE) {table}")
            asked.execute(f"VACUUM {table}")
    print(json.dumps({name: Token.add(by=person, name="Bench").secret for name, person in askers.items()}))


def _holder(place: int, number: int, people: list[Any], teams: list[Any]) -> dict[str, Any]:
    """Three letters of each system are a function's; one of every 250 systems is of the first person."""
    if number % 8 == 1:
        return {"function": teams[place % 2]}
    first = place % 250 == 0 and number == 0
    return {"person": people[0 if first else 3 + (place * 7 + number * 11) % (PEOPLE - 3)]}
