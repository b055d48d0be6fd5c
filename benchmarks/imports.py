"""The apply phase of an import against Django's own upsert of the same rows, side by side in one run.

Run it: `.venv/bin/python -m benchmarks.imports [FILE] [ROUNDS]`, on the PostgreSQL of TEST_DATABASE_URL or else on one
started from the test wheel. FILE has the headings name, website, categories; without it 6,340 vendors are made up.
Prints the median of the rounds as ratio, the peak memory of a process that reads, previews and applies, and statements.
"""

import csv
import os
import resource
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

ROUNDS, ROWS = 5, 6340
TABLES = "inventory_vendor, audit_entry, imports_importbatch, imports_importrow"
GOAL_RATIO, GOAL_MEMORY = 3.0, 300


def main(asked: list[str]) -> None:
    with ExitStack() as stack:
        if not os.environ.get("TEST_DATABASE_URL"):
            from martech.running import postgres  # noqa: PLC0415 - needs no Django

            binaries = postgres.package()
            if binaries is None:
                sys.exit(f"No PostgreSQL: {postgres.HOW_TO_GET}")
            os.environ["TEST_DATABASE_URL"] = stack.enter_context(postgres.server(binaries))
        file = Path(asked[0]) if asked else made_up()
        rounds = asked[1] if len(asked) > 1 else str(ROUNDS)
        code = "from benchmarks.imports import measure; import sys; measure(sys.argv[1], int(sys.argv[2]))"
        subprocess.run([sys.executable, "-c", code, str(file), rounds], check=True)


def made_up() -> Path:
    target = Path(os.environ.get("TMPDIR", "/tmp")) / "interlock-vendors.csv"
    with target.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["name", "website", "categories"])
        for number in range(ROWS):
            writer.writerow([f"Vendor {number:05}", f"https://www.vendor{number}.example", "CRM;Analytics"])
    return target


def measure(path: str, rounds: int) -> None:
    """Set up a database, run the rounds, print the figures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from django.contrib.auth.models import Group  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases  # noqa: PLC0415

    from inventory.models import Vendor  # noqa: PLC0415
    from martech.accounts.models import User  # noqa: PLC0415
    from martech.audit import triggers  # noqa: PLC0415
    from martech.imports import applying  # noqa: PLC0415
    from martech.imports.models import ImportBatch  # noqa: PLC0415

    made_here = setup_databases(verbosity=0, interactive=False)
    by = User.objects.create_user("bench@interlock.example", name="Bench", origin="command")
    by.groups.add(Group.objects.get_or_create(name="marketing_ops")[0])
    content = Path(path).read_bytes()
    names = [item.name for item in Vendor._meta.concrete_fields if item.name != "id"]

    def empty() -> None:
        triggers.drop(connection)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
        triggers.create(connection)

    def ours() -> tuple[float, int]:
        batch = ImportBatch.add(by=by, kind="inventory.vendor", file_name="vendors.csv", content=content)
        began = time.perf_counter()
        batch = batch.preview(by=by)
        previewed.append(time.perf_counter() - began)
        batch = batch.confirm(by=by)
        began = time.perf_counter()
        applying.run(batch.pk)
        took = time.perf_counter() - began
        assert ImportBatch.objects.get(pk=batch.pk).status == "done"
        return took, ImportBatch.objects.get(pk=batch.pk).applied["created"]

    def theirs(rows: list[Vendor]) -> float:
        for row in rows:
            row.pk, row._state.adding = None, True
        update = [name for name in names if name not in {"name_key", "retired_at"}]
        with connection.cursor() as cursor:
            cursor.execute("CREATE UNIQUE INDEX bench_name ON inventory_vendor (name_key)")
        began = time.perf_counter()
        Vendor.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["name_key"], update_fields=update
        )
        took = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX bench_name")
        return took

    previewed: list[float] = []
    ratios, mine, django_s, made = [], [], [], 0
    for _ in range(rounds):
        empty()
        took, made = ours()
        rows = list(Vendor.objects.order_by("pk"))
        empty()
        base = theirs(rows)
        mine.append(took)
        django_s.append(base)
        ratios.append(took / base)
    empty()
    with CaptureQueriesContext(connection) as queries:
        ours()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    batches = -(-made // 500)
    applied = [query["sql"] for query in queries]
    print(f"rows {made:,}, rounds {rounds}, medians")
    print(f"apply {statistics.median(mine):.2f} s, bulk_create {statistics.median(django_s):.2f} s")
    print(f"preview {statistics.median(previewed):.2f} s")
    print(f"ratio {statistics.median(ratios):.2f} (goal at most {GOAL_RATIO})")
    print(f"peak memory {memory:.0f} MB (goal under {GOAL_MEMORY})")
    print(f"statements in all, preview and confirmation included: {len(applied)} for {batches} batches")
    teardown_databases(made_here, verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
