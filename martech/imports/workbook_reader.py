"""The program that reads one sheet of a workbook: XLSX on standard input, one JSON line per row on standard output.

Run by path in a process of its own (``workbook.read``), and so importing nothing of the project. The first line names
the sheets, then come [row number, cells], last a line with notes; an error is a line with a sentence and a status.
"""

import contextlib
import datetime
import json
import sys
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, Never
from xml.etree.ElementTree import Element, iterparse
from xml.parsers import expat

from openpyxl import DEFUSEDXML, load_workbook
from openpyxl.cell.text import Text
from openpyxl.reader import excel
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.worksheet._reader import (
    DATA_TAG,
    FORMULA_TAG,
    INLINE_STRING,
    ROW_TAG,
    WorkSheetParser,
)
from openpyxl.xml.constants import SHEET_MAIN_NS

try:
    import resource
except ImportError:  # Windows: the caller's time limit remains
    resource = None  # type: ignore[assignment]

DAMAGED, TOO_MUCH = "damaged", "too much"  # put into words by the caller
ERRORS = frozenset(
    ["#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!"]
)
PROLOG = 64 * 1024
STRING_TAG = f"{{{SHEET_MAIN_NS}}}si"
TEXT_TAG, VALUE_TAG = f"{{{SHEET_MAIN_NS}}}t", f"{{{SHEET_MAIN_NS}}}v"
EMPTY: dict[str, Any] = {"column": 0, "value": None}


class Refused(Exception):
    """A sentence for the user and a status."""


class _Root(Exception):
    """The first element was reached: no document type can follow."""


class SheetRows(WorkSheetParser):  # type: ignore[misc]
    """Rows as they stand, whatever size the sheet declares, each freed once read.

    The plain parser, eight times as fast as defusedxml's, is safe here: ``refuse_document_types`` has gone before.
    """

    unstored = 0

    def parse(self) -> Iterator[tuple[int, list[dict[str, Any]]]]:
        sheet = None
        for event, element in iterparse(self.source, events=("start", "end")):
            if event == "start":
                if element.tag == DATA_TAG:
                    sheet = element
            elif element.tag == ROW_TAG:
                yield self.parse_row(element)
                if sheet is not None:
                    sheet.clear()
            elif element.tag == DATA_TAG:
                return

    def parse_cell(self, element: Element) -> dict[str, Any]:
        if len(element) == 0:  # a cell that has only a format, but has its place
            self.col_counter += 1
            return EMPTY
        inline = element.find(INLINE_STRING) if element.get("t") == "inlineStr" else None
        if inline is not None and len(inline) == 1 and inline[0].tag == TEXT_TAG:
            element.set("t", "str")  # unformatted text takes the short way
            inline[0].tag, inline[0].attrib = VALUE_TAG, {}
            element[:] = inline[:]
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find(FORMULA_TAG) is not None:
            self.unstored += 1
        return cell


def shared_strings(source: IO[bytes]) -> list[str]:
    """The texts of the workbook, as openpyxl reads them, in a fifth of the time and without keeping their elements."""
    strings: list[str] = []
    table = None
    for event, element in iterparse(source, events=("start", "end")):
        if event == "start":
            table = element if table is None else table
        elif element.tag == STRING_TAG:
            plain = len(element) == 1 and element[0].tag == TEXT_TAG
            text: str = (element[0].text or "") if plain else Text.from_tree(element).content
            strings.append(text.replace("x005F_", ""))
            if table is not None:
                table.clear()
    return strings


def text_of(value: object) -> str:
    """Days as ISO, numbers plain to the 15 digits a spreadsheet shows, booleans yes or no."""
    if isinstance(value, str):
        return value.replace("_x000D_", "\r")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f")
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)


def refuse_document_types(archive: zipfile.ZipFile) -> None:
    """A document type declares entities, and can only stand before the first element; no workbook has one."""
    for member in archive.infolist():
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = _stop
        read = 0
        # whatever its name, as any part can be pointed at; what is no XML here is none later
        with archive.open(member) as part, contextlib.suppress(_Root, expat.ExpatError):
            while chunk := part.read(4096):
                parser.Parse(chunk)
                read += len(chunk)
                if read > PROLOG:
                    raise Refused(DAMAGED, 400)


def _refuse_document_type(*declaration: object) -> Never:
    raise Refused("The workbook declares XML entities, which no spreadsheet program writes. Save it as CSV.", 400)


def _stop(*element: object) -> Never:
    raise _Root


def read(source: IO[bytes], limits: dict[str, Any]) -> Iterator[object]:
    """Yield what goes out as lines. Raises ``Refused``, or anything at all on a damaged workbook."""
    with zipfile.ZipFile(source) as archive:
        refuse_document_types(archive)
    source.seek(0)
    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is not installed or switched off")
    ReadOnlyWorksheet._get_size = _no_size
    excel.read_string_table = shared_strings
    book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
    if not seen:
        raise Refused("The workbook has no sheet with cells.", 400)
    titles = [sheet.title for sheet in seen]
    wanted = limits["sheet"] if limits["sheet"] is not None else titles[0]
    if wanted not in titles:
        raise Refused(f"The workbook has no sheet “{wanted[:60]}”. It has: {', '.join(titles[:20])}.", 400)
    notes = []
    if len(titles) > 1 and limits["sheet"] is None:
        notes.append(f"The workbook has {len(titles)} sheets; “{wanted}” is read.")
    yield {"sheets": titles, "sheet": wanted, "notes": notes}
    sheet = seen[titles.index(wanted)]
    with sheet._get_source() as part:
        parser = SheetRows(
            part,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        yield from rows(parser, limits)


def _no_size(sheet: object) -> None:
    """The size a sheet declares is not believed, so it need not be looked for."""


def rows(parser: SheetRows, limits: dict[str, Any]) -> Iterator[object]:
    """Yield [row number, cells] for every row with a value, then the notes."""
    count = filled = length = wrong = 0
    first_wrong = 0
    for number, cells in parser.parse():
        values = {cell["column"]: text_of(cell["value"]) for cell in cells if cell["value"] not in (None, "")}
        if not values:
            continue
        widest = max(values)
        count += 1
        filled += len(values)
        length += sum(map(len, values.values()))
        errors = sum(text in ERRORS for text in values.values())
        if errors:
            wrong += errors
            first_wrong = first_wrong or number
        if widest > limits["columns"]:
            raise Refused(
                f"Row {number:,} reaches column {widest:,}; at most {limits['columns']} columns can be imported.", 413
            )
        if count > limits["rows"] + 1:
            raise Refused(f"The file has more than {limits['rows']:,} rows. Split it and import the parts.", 413)
        if filled > limits["filled"] or length > limits["text"]:
            raise Refused("The sheet holds more text than an import takes. Split it and import the parts.", 413)
        yield [number, [values.get(column, "") for column in range(1, widest + 1)]]
    notes = []
    if parser.unstored:
        notes.append(
            f"Formulas without a stored result are read as empty (cells: {parser.unstored:,}); to store their results, "
            "open the workbook in a spreadsheet program and save it."
        )
    if wrong:
        notes.append(
            f"Some cells hold a spreadsheet error such as #N/A (cells: {wrong:,}, first on row {first_wrong:,})."
        )
    yield {"notes": notes}


def bound(limits: dict[str, Any]) -> None:
    """Give this process no more memory, time or disk than stated, where the system can."""
    if resource is None:
        return
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["seconds"]),
        (resource.RLIMIT_FSIZE, 8 * limits["text"]),
    ):
        with contextlib.suppress(ValueError, OSError):  # already bounded more tightly
            resource.setrlimit(kind, (most, most))


def main() -> None:
    limits = json.loads(sys.argv[1])
    bound(limits)
    warnings.simplefilter("ignore")
    out = sys.stdout.buffer

    def write(line: object) -> None:
        out.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    try:
        for line in read(sys.stdin.buffer, limits):
            write(line)
    except Refused as refusal:
        write({"error": refusal.args[0], "status": refusal.args[1]})
    except MemoryError:
        write({"error": TOO_MUCH, "status": 413})
    except Exception as error:  # whatever a library makes of a damaged file
        sys.stderr.write(f"{type(error).__name__}: {error}"[:500])
        write({"error": DAMAGED, "status": 400})


if __name__ == "__main__":
    main()
