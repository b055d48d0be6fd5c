"""A list as CSV or XLSX: streamed, safe to open in a spreadsheet, and importable again unchanged.

A cell that would be read as a formula carries a leading apostrophe, which the import takes off again.
"""

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db.models import BigIntegerField
from django.utils import timezone
from openpyxl import Workbook

from martech.columns import Column, Sheet, alike, sheet
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

    Codes and not labels, ISO dates, numbers of related records, lists joined by semicolons.
    """
    if len(values) > 1 and alike(values):
        return [*texts(column, values[:1])] * len(values)
    if column.shape == "reference":
        prefix = f"{column.related.PREFIX}-"
        return ["" if value is None else prefix + str(value) for value in values]
    if column.shape == "references":
        prefix = f"{column.related.PREFIX}-"
        return [";".join([prefix + str(key) for key in value]) for value in values]
    if column.shape == "named":
        return [guard(joined(f"{one['source']}: {one['external_id']}" for one in value)) for value in values]
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {int} or kinds == {date}:
        return values
    if kinds == {str}:
        return [value if value is None or value[:1] in PLAIN else guard(value) for value in values]
    if kinds == {bool}:
        return [YES[value] for value in values]
    if kinds == {datetime}:
        zone = timezone.get_current_timezone()
        return ["" if value is None else value.astimezone(zone).isoformat(timespec="seconds") for value in values]
    if column.shape == "ring":
        return ["" if value is None else ";".join(map(str, value)) for value in values]
    if kinds == {dict}:
        return [guard(joined(f"{name}: {said}" for name, said in (value or {}).items())) for value in values]
    if kinds == {list}:
        return [guard(joined(map(str, value))) if value else "" for value in values]
    return ["" if value is None else guard(str(value)) for value in values]


YES = {True: "yes", False: "no", None: ""}
PLAIN = frozenset(("", *string.ascii_letters, *string.digits))
"""How a text begins, or is, that no spreadsheet takes for a formula: most do, and need no closer look."""


def batches(rows: Any, compiled: Sheet, chosen: Sequence[Column], actor: Any) -> Iterator[list[Sequence[Any]]]:
    """The cells of the rows, column by column, in chunks of CHUNK: a constant number of statements each."""
    last, key = 0, Slot("after", BigIntegerField())
    reader = compiled.reader(rows.order_by("pk").filter(pk__gt=key)[:CHUNK], actor)
    while made := reader.by_column({"after": last}):
        yield [texts(column, made[column.name]) for column in chosen]
        if len(made["id"]) < CHUNK:
            return
        last = made["id"][-1]


def as_csv(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any) -> Iterator[bytes]:
    """The list as CSV in UTF-8, chunk by chunk."""
    compiled = sheet(model, names)
    chosen = [column for column in compiled.columns if column.name in names]
    yield lines([[name] for name in headings(chosen)])
    for made in batches(rows, compiled, chosen, actor):
        yield lines(made)


def lines(columns: Iterable[Sequence[Any]]) -> bytes:
    """Columns as lines of CSV, as the `csv` module writes them: it goes by cells, and takes twice as long."""
    made = [*map(quoted, columns)]
    if len(made) == 1:
        made = [[cell or QUOTE * 2 for cell in made[0]]]
    return "\r\n".join([*map(",".join, zip(*made, strict=True)), ""]).encode()


def quoted(values: Sequence[Any]) -> list[str]:
    """A column's cells, in quotes where CSV wants them; most columns have none that does."""
    if len(values) > 1 and alike(values):
        return quoted(values[:1]) * len(values)
    cells: list[str] = values  # type: ignore[assignment]
    try:
        whole = "".join(cells)
    except TypeError:
        cells = ["" if value is None else str(value) for value in values]
        whole = "".join(cells)
    if not MARKS.search(whole):
        return cells
    return [f'"{cell.replace(QUOTE, QUOTE * 2)}"' if MARKS.search(cell) else cell for cell in cells]


QUOTE, MARKS = '"', re.compile('[",\r\n]')


def as_xlsx(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any) -> IO[bytes]:
    """The list as a workbook of one sheet; every cell is text, so nothing is ever a formula."""
    compiled = sheet(model, names)
    chosen = [column for column in compiled.columns if column.name in names]
    book = Workbook(write_only=True)
    page = book.create_sheet(str(model._meta.verbose_name_plural)[:31])
    page.append(headings(chosen))
    for made in batches(rows, compiled, chosen, actor):
        for row in zip(*made, strict=True):
            page.append([("" if value is None else str(value)).translate(ILLEGAL) for value in row])
    target: IO[bytes] = SpooledTemporaryFile(max_size=4 << 20)  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target
