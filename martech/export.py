"""A list as CSV or XLSX: streamed, safe to open in a spreadsheet, and importable again unchanged.

A cell that would be read as a formula carries a leading apostrophe, which the import takes off again.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.utils import timezone
from openpyxl import Workbook

from martech.columns import Column, Sheet, sheet
from martech.inert import guard, joined
from martech.operations import Record

CHUNK = 2000
ILLEGAL = dict.fromkeys(c for c in range(32) if chr(c) not in "\t\n\r")


def headings(columns: Iterable[Column]) -> list[str]:
    """The column names a re-import recognises: field names."""
    return [column.name for column in columns]


def cells(row: dict[str, Any], columns: Iterable[Column]) -> list[str]:
    return [cell(row, column) for column in columns]


def cell(row: dict[str, Any], column: Column) -> str:
    """One value as text: codes and not labels, ISO dates, numbers of related records, lists joined by semicolons."""
    value = row[column.name]
    if value is None or value == [] or value == {}:
        return ""
    if column.shape == "reference":
        return f"{column.related.PREFIX}-{value}"
    if column.shape == "references":
        return ";".join(f"{column.related.PREFIX}-{key}" for key in value)
    if column.shape in {"codes", "lines"}:
        return guard(joined(value))
    if isinstance(value, dict):
        return guard(joined(f"{name}: {said}" for name, said in value.items()))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, int | float):
        return str(value)
    return guard(str(value))


def batches(rows: Any, compiled: Sheet, actor: Any) -> Iterator[list[dict[str, Any]]]:
    """The rows in chunks of CHUNK, a constant number of statements each, walking by key."""
    last = 0
    rows = rows.order_by("pk")
    while True:
        made = compiled.rows(rows.filter(pk__gt=last)[:CHUNK], actor)
        if made:
            yield made
        if len(made) < CHUNK:
            return
        last = made[-1]["id"]


def as_csv(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any) -> Iterator[bytes]:
    """The list as CSV in UTF-8, chunk by chunk."""
    compiled = sheet(model, names)
    chosen = [column for column in compiled.columns if column.name in names]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(headings(chosen))
    for made in batches(rows, compiled, actor):
        writer.writerows(cells(row, chosen) for row in made)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def as_xlsx(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any) -> IO[bytes]:
    """The list as a workbook of one sheet; every cell is text, so nothing is ever a formula."""
    compiled = sheet(model, names)
    chosen = [column for column in compiled.columns if column.name in names]
    book = Workbook(write_only=True)
    page = book.create_sheet(str(model._meta.verbose_name_plural)[:31])
    page.append(headings(chosen))
    for made in batches(rows, compiled, actor):
        for row in made:
            page.append([text.translate(ILLEGAL) for text in cells(row, chosen)])
    target: IO[bytes] = SpooledTemporaryFile(max_size=4 << 20)  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target
