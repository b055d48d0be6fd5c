"""A list as CSV or XLSX: streamed, safe to open in a spreadsheet, and importable again unchanged.

A cell that would be read as a formula carries a leading apostrophe, which the import takes off again.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from datetime import UTC, date, datetime
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db import connection
from django.db.models import BigIntegerField
from django.utils import timezone
from openpyxl import Workbook

from martech.columns import WRITTEN, Column, Sheet, Write, sheet
from martech.inert import guard, joined
from martech.operations import Record
from martech.statements import Slot

CHUNK = 4000
ILLEGAL = dict.fromkeys(c for c in range(32) if chr(c) not in "\t\n\r")


def headings(columns: Iterable[Column]) -> list[str]:
    """The column names a re-import recognises: field names."""
    return [column.name for column in columns]


def texts(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values as its cells: text, or what a writer puts down as it is: whole numbers, days and None.

    Codes and not labels, ISO dates, numbers of related records, lists joined by semicolons. Days and instants may come
    as the database writes them.
    """
    if column.shape == "reference":
        prefix = f"{column.related.PREFIX}-"
        return ["" if value is None else prefix + str(value) for value in values]
    if column.shape == "references":
        prefix = f"{column.related.PREFIX}-"
        return [";".join([prefix + str(key) for key in value]) if value else "" for value in values]
    if column.shape == "named":
        return [guard(joined(f"{one['source']}: {one['external_id']}" for one in value)) for value in values]
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {int} or kinds == {date}:
        return values
    if kinds == {str} and column.shape in WRITTEN:
        return written_instants(values) if column.shape == "instant" else ["" if one is None else one for one in values]
    if kinds == {str}:
        return [value if value is None or value[:1] in PLAIN else guard(value) for value in values]
    if kinds == {bool}:
        return [YES[value] for value in values]
    if kinds == {datetime}:
        return instants(values)
    if column.shape == "ring":
        shares = {value: ";".join(map(str, value)) for value in {*values} - {None}}  # all are floats
        return [shares.get(value, "") for value in values]
    return [told(value) if value or value == 0 else "" for value in values]


def told(value: Any) -> str:
    """One value of a column that has several kinds of them, or of JSON, each by itself."""
    if isinstance(value, dict):
        return guard(joined(f"{name}: {said}" for name, said in value.items()))
    if isinstance(value, list):
        return guard(joined(map(str, value)))
    if isinstance(value, bool):
        return YES[value]
    return str(value) if isinstance(value, int) else guard(str(value))


def instants(values: Sequence[datetime | None]) -> list[str]:
    """To the second, in the organisation's time."""
    zone = timezone.get_current_timezone()
    return ["" if value is None else value.astimezone(zone).isoformat(timespec="seconds") for value in values]


def written_instants(values: Sequence[str | None]) -> list[str]:
    """The same of what the database wrote: `2026-11-25 09:28:53.120000+00`, on SQLite without the zone."""
    there = connection.timezone
    if there == UTC and timezone.get_current_timezone_name() == "UTC":
        return ["" if value is None else f"{value[:10]}T{value[11:19]}+00:00" for value in values]
    read = [None if value is None else datetime.fromisoformat(value) for value in values]
    return instants([value.replace(tzinfo=there) if value and not value.tzinfo else value for value in read])


YES = {True: "yes", False: "no", None: ""}
PLAIN = frozenset(("", *string.ascii_letters, *string.digits))
"""How a text begins, or is, that no spreadsheet takes for a formula: most do, and need no closer look."""


def batches(
    rows: Any, compiled: Sheet, chosen: Sequence[Column], actor: Any, write: Write = texts
) -> Iterator[list[Sequence[Any]]]:
    """The cells of the rows, column by column, in chunks of CHUNK: a constant number of statements each."""
    key = Slot("after", BigIntegerField())
    reader = compiled.reader(rows.order_by("pk").filter(pk__gt=key)[:CHUNK], actor, written=True)
    with reader.statement.ahead() as ask:
        coming: Future[list[Any]] | None = ask({"after": 0})
        while coming and (found := coming.result()):
            last = found[-1][0]  # `id` comes first in every sheet
            coming = ask({"after": last}) if len(found) == CHUNK else None
            made = reader.turned(found, write)
            yield [made[column.name] for column in chosen]


def as_csv(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any) -> Iterator[bytes]:
    """The list as CSV in UTF-8, chunk by chunk."""
    compiled = sheet(model, names)
    chosen = [column for column in compiled.columns if column.name in names]
    yield lines([[name] for name in headings(chosen)])
    for made in batches(rows, compiled, chosen, actor, cells):
        yield lines(made)


def cells(column: Column, values: Sequence[Any]) -> Sequence[Any]:
    """A column's values as cells of a CSV file."""
    made = texts(column, values)
    return made if column.shape in UNMARKED and isinstance(made[0], str) else quoted(made)


UNMARKED = WRITTEN | {"reference"}
"""Shapes of which texts never hold what CSV puts in quotes; what is no text yet is of one sort in a whole column."""


def lines(columns: Sequence[Sequence[str]]) -> bytes:
    """Columns of `quoted` cells as lines of CSV, as the `csv` module writes them, which takes twice as long."""
    if len(columns) == 1:
        columns = [[cell or QUOTE * 2 for cell in columns[0]]]
    return "\r\n".join([*map(",".join, zip(*columns, strict=True)), ""]).encode()


def quoted(values: Sequence[Any]) -> list[str]:
    """A column's cells, in quotes where CSV wants them; most columns have none that does."""
    cells: list[str] = values  # type: ignore[assignment]
    try:
        whole = "".join(cells)
    except TypeError:
        cells = ["" if value is None else str(value) for value in values]
        whole = "".join(cells)
    if not any(mark in whole for mark in MARKS):
        return cells
    return [f'"{cell.replace(QUOTE, QUOTE * 2)}"' if MARKED(cell) else cell for cell in cells]


QUOTE, MARKS = '"', '",\r\n'
MARKED = re.compile(f"[{MARKS}]").search


def as_xlsx(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any) -> IO[bytes]:
    """The list as a workbook of one sheet; every cell is text, so nothing is ever a formula."""
    compiled = sheet(model, names)
    chosen = [column for column in compiled.columns if column.name in names]
    made = (row for batch in batches(rows, compiled, chosen, actor) for row in zip(*batch, strict=True))
    return workbook(str(model._meta.verbose_name_plural), chain([headings(chosen)], made))


def workbook(title: str, rows: Iterable[Iterable[Any]]) -> IO[bytes]:
    """Rows as a workbook of one sheet, every cell a text without what XLSX cannot hold; whoever sends it closes it."""
    book = Workbook(write_only=True)
    page = book.create_sheet(title[:31])
    for row in rows:
        page.append([("" if value is None else str(value)).translate(ILLEGAL) for value in row])
    target: IO[bytes] = SpooledTemporaryFile(max_size=4 << 20)  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target
