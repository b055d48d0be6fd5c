"""The rows that were not imported: the same columns, and in a last one the reason. It imports again once corrected."""

import csv
import io
from collections.abc import Iterator
from typing import IO, Any

from martech.export import workbook
from martech.imports.models import ImportBatch
from martech.inert import guard, unguard

REASON = "Reason"


def rows(batch: ImportBatch) -> Iterator[list[str]]:
    """Header first; cells are inert for a spreadsheet."""
    reasons: dict[int, str] = {}
    for line, reason in batch.rows.filter(outcome="error", kind=batch.kind).values_list("line", "reason"):
        reasons[line] = reason
    table = batch.table()
    yield [*map(guard, table.header), _free(table.header)]
    for line, cells in table.rows:
        if line in reasons:
            yield [*(guard(unguard(cell)) for cell in cells), guard(reasons[line])]


def _free(header: tuple[str, ...]) -> str:
    taken = {name.casefold() for name in header}
    return next(name for name in (REASON, *(f"{REASON} {n}" for n in range(2, 300))) if name.casefold() not in taken)


def file_name(batch: ImportBatch) -> str:
    """`vendors-errors.csv`, of the kind the file was."""
    stem, _, ending = batch.file_name.rpartition(".")
    return f"{stem or ending}-errors.{'xlsx' if ending.lower() == 'xlsx' else 'csv'}"


def as_csv(batch: ImportBatch) -> Iterator[bytes]:
    buffer: Any = io.StringIO()
    writer = csv.writer(buffer)
    for cells in rows(batch):
        writer.writerow(cells)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


def as_xlsx(batch: ImportBatch) -> IO[bytes]:
    return workbook("Errors", rows(batch))
