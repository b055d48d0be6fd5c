"""A CSV import of 15,000 systems against COPY with audit: a temporary table, a check, one upsert, a row of audit each.

Both sides take the same file into the same tables, first as new systems, then with every description changed.
`measure` runs inside the product, on the stand's database, and prints the seconds of each round as JSON.
"""

import csv
import io
import json
import time
from typing import Any

HEAD = (
    "name description vendor owning_function business_owner url kind audience user_count live_on hosting criticality "
    "data_classification personal_data residency sso"
).split()
REFERENCES = {
    "vendor": ("inventory_vendor", "name"),
    "owning_function": ("accounts_function", "name"),
    "business_owner": ("accounts_user", "email"),
}
TYPES = {"user_count": "int", "live_on": "date"}
LIKE = "Import %"


def measure(rows: int, rounds: int) -> None:
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from django.db import connection  # noqa: PLC0415

    from inventory.models import System  # noqa: PLC0415
    from martech import demo  # noqa: PLC0415
    from martech.accounts.models import User  # noqa: PLC0415

    by = User.objects.get(email=demo.email("marketing_ops"))
    named = {name: _some(connection, table, column) for name, (table, column) in REFERENCES.items()}
    files = [_file(System, rows, named, words) for words in ("what it is for", "what it is for now")]
    columns = [item.column for item in System._meta.concrete_fields if item.name not in {"id", *HEAD}]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_import (key bigint, verb text, changes jsonb)")
    told = []
    sides = {
        "mine": lambda: [imported(by, text) for text in files],
        "floor": lambda: _floor(connection, files, columns),
    }
    for number in range(rounds):
        turns = {}
        for side in reversed(sides) if number % 2 else sides:
            _clean(connection)
            turns[side] = sides[side]()
        told.append(turns)
    print(json.dumps(told))


def _floor(connection: Any, files: list[str], columns: list[str]) -> list[float]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX bench_name ON inventory_system (name_key) WHERE name LIKE 'Import %'")
    took = [_timed(lambda text=text: copied(connection, text, columns)) for text in files]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX bench_name")
    return took


def _some(connection: Any, table: str, column: str) -> list[str]:
    """Forty values that name one row each."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT min({column}) FROM {table} WHERE retired_at IS NULL GROUP BY lower({column}) "
            "HAVING count(*) = 1 ORDER BY 1 LIMIT 40"
        )
        return [value for (value,) in cursor.fetchall()]


def _file(model: Any, rows: int, named: dict[str, list[str]], words: str) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(HEAD)
    for number in range(rows):
        known = {
            **{name: values[number % len(values)] for name, values in named.items()},
            "name": f"Import {number:05}",
            "description": f"Import {number}: {words}. " * 3,
            "url": f"https://i{number}.example/app",
            "kind": model.Kind.values[number % 3],
            "audience": model.Audience.values[number % 2],
            "user_count": number % 500,
            "live_on": f"2024-01-{1 + number % 28:02}",
            "hosting": model.Hosting.values[number % 3],
            "criticality": model.Criticality.values[number % 3],
            "data_classification": model.Classification.values[number % 3],
            "personal_data": "yes",
            "residency": "EU",
            "sso": "no",
        }
        writer.writerow([known[name] for name in HEAD])
    return lines.getvalue()


def _clean(connection: Any) -> None:
    from martech.audit import triggers  # noqa: PLC0415 - after django.setup

    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM audit_entry WHERE kind = 'inventory.system' AND key IN "
            f"(SELECT id FROM inventory_system WHERE name LIKE '{LIKE}')"
        )
        cursor.execute(f"DELETE FROM inventory_system WHERE name LIKE '{LIKE}'")
        cursor.execute("TRUNCATE imports_importrow, bench_import")
        cursor.execute("VACUUM ANALYZE inventory_system, audit_entry")
    triggers.create(connection)


def copied(connection: Any, text: str, columns: list[str]) -> None:
    """The floor. What the file does not say is as in a system that is there."""
    from django.db import transaction  # noqa: PLC0415 - after django.setup

    plain = [name for name in HEAD if name not in REFERENCES]
    kept = [name for name in columns if name != "name_key"]
    joins = " ".join(f"JOIN {table} {name} ON {name}.{key} = i.{name}" for name, (table, key) in REFERENCES.items())
    with transaction.atomic(), connection.cursor() as cursor:
        typed = ", ".join(f"{name} {TYPES.get(name, 'text')}" for name in HEAD)
        cursor.execute(f"CREATE TEMP TABLE imp ({typed}) ON COMMIT DROP")
        cursor.cursor.copy_expert(
            f"COPY imp ({', '.join(HEAD)}) FROM STDIN WITH (FORMAT csv, HEADER)", io.StringIO(text)
        )
        cursor.execute(f"SELECT (SELECT count(*) FROM imp) - (SELECT count(*) FROM imp i {joins} WHERE i.name <> '')")
        assert cursor.fetchone()[0] == 0
        cursor.execute(
            f"WITH t AS (SELECT * FROM inventory_system ORDER BY id LIMIT 1), s AS (INSERT INTO inventory_system "
            f"({', '.join(f'{name}_id' for name in REFERENCES)}, name_key, {', '.join(plain)}, {', '.join(kept)}) "
            f"SELECT {', '.join(f'{name}.id' for name in REFERENCES)}, lower(i.name), "
            f"{', '.join(f'i.{name}' for name in plain)}, {', '.join(f't.{name}' for name in kept)} "
            f"FROM imp i {joins}, t ON CONFLICT (name_key) WHERE name LIKE '{LIKE}' DO UPDATE SET "
            f"{', '.join(f'{name} = EXCLUDED.{name}' for name in plain)}, version = inventory_system.version + 1 "
            "RETURNING *) INSERT INTO bench_import (key, verb, changes) SELECT id, 'import', to_jsonb(s) FROM s"
        )


def imported(by: Any, text: str) -> tuple[float, float]:
    """Seconds from the file to the records, and of them those of applying what the preview said."""
    from martech.imports import applying  # noqa: PLC0415 - after django.setup
    from martech.imports.models import ImportBatch  # noqa: PLC0415

    began = time.perf_counter()
    batch = ImportBatch.add(by=by, kind="inventory.system", file_name="systems.csv", content=text.encode())
    batch = batch.preview(by=by).confirm(by=by)
    confirmed = time.perf_counter()
    applying.run(batch.pk)
    ended = time.perf_counter()
    done = ImportBatch.objects.get(pk=batch.pk)
    assert (done.status, done.applied.get("error", 0)) == ("done", 0), (done.failure, done.applied)
    return ended - began, ended - confirmed


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
