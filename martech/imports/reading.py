"""A file somebody brought -> a table, or one clear sentence why not. Its kind is told by content, not by name."""

from dataclasses import replace

from martech.imports import delimited, workbook
from martech.imports.delimited import ENCODINGS, SEPARATORS
from martech.imports.table import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Table, Unreadable

__all__ = ["ENCODINGS", "MAX_BYTES", "MAX_CELL", "MAX_COLUMNS", "MAX_ROWS", "SEPARATORS", "Table", "Unreadable", "read"]

FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or a workbook with a password"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"BZh91AY", "a compressed file"),
    (b"\xfd7zXZ", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3", "a database"),
)


def read(
    content: bytes, name: str, *, encoding: str | None = None, separator: str | None = None, sheet: str | None = None
) -> Table:
    """Read a CSV or XLSX file whole. ``name`` is only compared with what the content turns out to be.

    Pass ``encoding`` (a key of ``ENCODINGS``), ``separator`` (a key of ``SEPARATORS``) or ``sheet`` once the user has
    stated them. Raises ``Unreadable`` with a sentence for the user, and 413 where a limit is passed. Limits and checks:
    "Files, text, calendars" of the reliability rules.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(f"The file is larger than {MAX_BYTES // 1024**2} MB. Split it and import the parts.", 413)
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("The file is empty.")
    for mark, thing in FOREIGN:
        if content.startswith(mark):
            raise Unreadable(f"The file is {thing}, not a CSV or XLSX table. Save it as one of these.")
    if content[:2] == b"PK" and content[2:4] in (b"\x03\x04", b"\x05\x06", b"\x07\x08"):
        return _noted(workbook.read(content, sheet), name, ".xlsx", "an Excel workbook")
    return _noted(delimited.read(content, encoding, separator), name, ".csv .tsv .txt .tab", "delimited text")


def _noted(table: Table, name: str, endings: str, thing: str) -> Table:
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    if ending in (".csv", ".tsv", ".xlsx", ".xls", ".xlsm") and ending not in endings.split():
        return replace(
            table, notes=(f"The name ends in {ending}, but the file is {thing} and is read as such.", *table.notes)
        )
    return table
