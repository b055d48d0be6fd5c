"""Bytes of a delimited text file -> a table: encoding, separator, quoted cells, line numbers."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from martech.imports.table import MAX_CELL, MAX_LINE, MAX_LINES, MAX_ROWS, Table, Unreadable, gather

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "windows-1252": "Windows-1252 (Western Europe)",
    "iso-8859-1": "Latin-1 (ISO 8859-1)",
    "iso-8859-15": "Latin-9 (ISO 8859-15)",
    "windows-1250": "Windows-1250 (Central Europe)",
    "windows-1251": "Windows-1251 (Cyrillic)",
    "mac-roman": "Mac Roman",
    "shift_jis": "Shift JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
}
MARKS = (  # the longer mark first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HEAD = 64 * 1024  # bytes looked at to propose a separator
CHUNK = 1024 * 1024
JSON = re.compile(r'\{\s*(?:["}]|$)|\[\s*(?:[\[{"\]]|-?[0-9]+(?:\.[0-9]+)?\s*[,\]]\s*-?[0-9\]]|true|false|null|$)')
MARKUP = re.compile(r"<(?:!doctype|!--|\?xml|html|head|body|table|div|script|svg|meta|rss)\b", re.IGNORECASE)
HINT = re.compile(r"sep=(.)[\r\n]", re.IGNORECASE)  # written by Excel users on the first line


def read(content: bytes, encoding: str | None, separator: str | None) -> Table:
    """``encoding`` and ``separator`` as the user stated them, or None to have them proposed.

    Raises ``Unreadable``. Never holds more than one row beside the rows kept.
    """
    notes: list[str] = []
    encoding, encoding_sure = _encoding(content, encoding, notes)
    head = codecs.getincrementaldecoder(encoding)().decode(content[:HEAD]).removeprefix("\ufeff")
    _refuse_foreign(head)
    hint = HINT.match(head)
    if separator is not None:
        separator, separator_sure = _stated_separator(separator), True
    elif hint and hint[1] in SEPARATORS:
        separator, separator_sure = hint[1], True
    else:
        separator, separator_sure = _separator(head, whole=len(content) <= HEAD)
    body = gather(_records(content, encoding, separator, skip=1 if hint else 0))
    return Table(
        kind="csv",
        encoding=encoding,
        encoding_sure=encoding_sure,
        separator=separator,
        separator_sure=separator_sure,
        sheets=(),
        sheet="",
        header=body.header,
        rows=body.rows,
        notes=(*notes, *body.notes),
        faults=body.faults,
    )


def _encoding(content: bytes, stated: str | None, notes: list[str]) -> tuple[str, bool]:
    if stated is not None:
        if stated not in ENCODINGS and stated != "utf-32":
            raise Unreadable(f"The encoding “{stated[:40]}” is not one of those that can be read.")
        fault = _first_fault(content, stated)
        if fault is not None:
            label = ENCODINGS.get(stated, stated)
            raise Unreadable(
                f"The file is not valid {label} (first on line {_line_at(content, fault):,}). Choose another."
            )
        return stated, True
    for mark, name in MARKS:
        if content.startswith(mark):
            if _first_fault(content, name) is not None:
                raise Unreadable(f"The file begins as {name.upper()} but does not stay so: it is damaged or cut off.")
            return name, True
    wide = _unmarked_utf16(content)
    if wide:
        notes.append(
            "The file looks like UTF-16 without its mark and is read as such for now: check names with accents."
        )
        return wide, False
    fault = _first_fault(content, "utf-8")
    if fault is None:
        return "utf-8", True
    name = "windows-1252" if _first_fault(content, "windows-1252") is None else "iso-8859-1"
    notes.append(
        f"The file is not UTF-8 (first on line {_line_at(content, fault):,}). It is read as {ENCODINGS[name]} for now: "
        "check names with accents."
    )
    return name, False


def _first_fault(content: bytes, encoding: str) -> int | None:
    """Where the bytes stop being ``encoding``, to within a character; decoded in pieces to hold no second copy."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content), CHUNK):
        try:
            decoder.decode(content[start : start + CHUNK], final=start + CHUNK >= len(content))
        except UnicodeDecodeError as error:
            return start + error.start
        except UnicodeError:  # UTF-32 without its mark
            return start
    return None


def _line_at(content: bytes, place: int) -> int:
    before = content[:place]
    return max(before.count(b"\n"), before.count(b"\r")) + 1


def _unmarked_utf16(content: bytes) -> str:
    even, odd = content[0:4000:2].count(0), content[1:4000:2].count(0)
    half = max(1, min(len(content), 4000) // 2)
    for name, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if many > half * 0.4 and few < half * 0.05 and _first_fault(content, name) is None:
            return name
    return ""


def _refuse_foreign(head: str) -> None:
    start = head[:2000].lstrip()
    if JSON.match(start):
        raise Unreadable("The file holds JSON, not a table. Export it as CSV or XLSX.")
    if MARKUP.match(start):
        raise Unreadable(
            "The file holds HTML or XML, not a table: perhaps an error page was saved. Export it as CSV or XLSX."
        )
    if start.startswith("{\\rtf"):
        raise Unreadable("The file is a text document (RTF), not a table. Export it as CSV or XLSX.")


def _stated_separator(separator: str) -> str:
    if separator not in SEPARATORS:
        raise Unreadable("The separator must be a comma, a semicolon, a tab or a vertical bar.")
    return separator


def _separator(head: str, *, whole: bool) -> tuple[str, bool]:
    """The separator under which the first rows are most alike, and whether no other comes near."""
    plausible: list[tuple[float, int, str]] = []
    for separator in SEPARATORS:
        widths = _widths(head, separator, whole)
        if widths and widths[0] > 1:
            alike = sum(width == widths[0] for width in widths) / len(widths)
            plausible.append((alike, widths[0], separator))
    if not plausible:
        return ",", not any(separator in head for separator in SEPARATORS)
    best = max(plausible, key=lambda found: found[:2])
    return best[2], all(found is best or found[0] < 0.5 for found in plausible)


def _widths(head: str, separator: str, whole: bool) -> list[int]:
    widths = []
    try:
        for cells in csv.reader(io.StringIO(head, newline=""), delimiter=separator):
            if any(cells):
                widths.append(len(cells))
            if len(widths) > 100:
                break
    except csv.Error:
        pass
    return widths if whole or len(widths) < 2 else widths[:-1]  # the last row may be cut


class _Lines:
    """Lines of the file for the csv reader, each record kept within the limits before the reader takes it apart."""

    def __init__(self, content: bytes, encoding: str) -> None:
        # newline="": CR, LF and CRLF all end a line and stay on it, so that quoted cells keep theirs
        self.text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
        self.number = 0
        self.record = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.text.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.record += len(line)
        if self.record > MAX_LINE:
            raise Unreadable(f"The row on line {self.number:,} is longer than {MAX_LINE:,} characters.", 413)
        if self.number > MAX_LINES:
            raise Unreadable(
                f"The file has more than {MAX_LINES:,} lines; at most {MAX_ROWS:,} rows can be imported.", 413
            )
        if "\0" in line:
            raise Unreadable(
                f"Line {self.number:,} holds a NUL character: the file is damaged, not text, or in another encoding."
            )
        return line.removeprefix("\ufeff") if self.number == 1 else line


def _records(content: bytes, encoding: str, separator: str, *, skip: int) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(content, encoding)
    for _ in range(skip):
        next(lines)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        start = lines.number + 1
        lines.record = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _fault(str(error), start, lines.number, separator) from error
        yield start, cells


def _fault(message: str, start: int, line: int, separator: str) -> Unreadable:
    if "field limit" in message:
        return Unreadable(
            f"A cell of the row on line {start:,} is longer than {MAX_CELL:,} characters: is a quote left open?",
            413,
        )
    if "unexpected end" in message:
        return Unreadable(f"A quote opened in the row on line {start:,} is never closed.")
    if "expected after" in message:
        return Unreadable(
            f"Line {line:,}: text follows a closing quote. A quote inside a quoted cell must be doubled, and cells "
            f"separated by a {SEPARATORS[separator]}."
        )
    return Unreadable(f"Line {line:,} cannot be read as a row of cells.")
