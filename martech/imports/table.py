"""What a file becomes once read: a header, numbered rows of text, and sentences for the person who brought it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from martech.folding import fold

MAX_BYTES = 20 * 1024 * 1024  # of the file
MAX_ROWS = 50_000  # below the header, blank rows not counted
MAX_COLUMNS = 200
MAX_CELL = 100_000  # characters
MAX_LINE = 1_000_000  # characters of one row, so that a file without line ends stops early
MAX_LINES = 1_100_000  # line ends, a little more than the rows of a spreadsheet
MAX_FILLED = 2_000_000  # cells that are not empty: keeps a table under 300 MiB of memory
MAX_HEADING = 200  # characters of one column name


class Unreadable(ValueError):
    """A file that cannot be taken. ``reason`` is one sentence for its owner; ``status`` 400, or 413 past a limit."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read, nothing interpreted yet.

    ``rows`` holds (line, cells): the line of the file on which the row starts (its row number in a workbook) and as
    many cells as ``header`` has names, as text. In a workbook days are ISO, numbers plain, booleans yes or no. Where
    ``encoding_sure`` or ``separator_sure`` is false, ask before anything is kept. ``faults`` holds (line, sentence) for
    rows whose cells do not fit the header: they are in ``rows`` cut to fit, and must not be imported. CSV cells still
    carry the guard of an export (``shapes.unguard``).
    """

    kind: str
    encoding: str
    encoding_sure: bool
    separator: str
    separator_sure: bool
    sheets: tuple[str, ...]
    sheet: str
    header: tuple[str, ...]
    rows: list[tuple[int, tuple[str, ...]]]
    notes: tuple[str, ...]
    faults: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """Header, rows, notes and faults, before it is known what surrounds them."""

    header: tuple[str, ...]
    rows: list[tuple[int, tuple[str, ...]]]
    notes: tuple[str, ...]
    faults: tuple[tuple[int, str], ...]


def count(number: int, one: str, many: str = "") -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def gather(records: Iterable[tuple[int, Sequence[str]]]) -> Body:
    """Take records one by one, the first filled one as the header, and stop at the first limit passed."""
    header: tuple[str, ...] = ()
    width = 0
    rows: list[tuple[int, tuple[str, ...]]] = []
    faults: list[tuple[int, str]] = []
    blank = short = first_short = filled = 0
    for line, found in records:
        cells = found
        if not any(cells) or not any(cell.strip() for cell in cells):
            blank += bool(header)
            continue
        _refuse_long(line, cells)
        if not header:
            header = _headings(cells)
            width = len(header)
            continue
        if len(rows) == MAX_ROWS:
            raise Unreadable(f"The file has more than {MAX_ROWS:,} rows. Split it and import the parts.", 413)
        if len(cells) < width:
            short += 1
            first_short = first_short or line
            cells = (*cells, *[""] * (width - len(cells)))
        elif len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                faults.append((line, f"The row has {len(cells)} cells but the header has {width} columns."))
            cells = cells[:width]
        filled += width - cells.count("")
        if filled > MAX_FILLED:
            raise Unreadable(f"The file has more than {MAX_FILLED:,} filled cells. Split it and import the parts.", 413)
        rows.append((line, tuple(cells)))
    if not rows:
        raise Unreadable("The file has a header but no rows below it." if header else "The file is empty.")
    notes = []
    if blank:
        notes.append(f"{count(blank, 'blank row')} {'was' if blank == 1 else 'were'} skipped.")
    if short:
        notes.append(
            f"{count(short, 'row')} had fewer cells than the header (first on line {first_short:,}); "
            "the missing cells are read as empty."
        )
    header, rows, dropped = _named_columns(header, rows)
    if dropped:
        notes.append(f"{count(dropped, 'empty column')} without a name {'was' if dropped == 1 else 'were'} left out.")
    return Body(header, rows, tuple(notes), tuple(faults))


def _refuse_long(line: int, cells: Sequence[str]) -> None:
    if max(map(len, cells)) > MAX_CELL:
        column = next(place for place, cell in enumerate(cells, 1) if len(cell) > MAX_CELL)
        raise Unreadable(f"Line {line:,}, column {column}: the cell is longer than {MAX_CELL:,} characters.", 413)


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    names = [" ".join(cell.split()) for cell in cells]
    while not names[-1] and len(names) > MAX_COLUMNS:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise Unreadable(f"The file has {len(names):,} columns; at most {MAX_COLUMNS} can be imported.", 413)
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, 1):
        if len(name) > MAX_HEADING:
            raise Unreadable(
                f"The name of column {place} is longer than {MAX_HEADING} characters: is the first row the header?"
            )
        if name:
            places.setdefault(fold(name), []).append(place)
    twice = [found for found in places.values() if len(found) > 1]
    if twice:
        named = "; ".join(
            f"“{names[found[0] - 1]}” (columns {', '.join(map(str, found[:-1]))} and {found[-1]})"
            for found in twice[:5]
        )
        more = f"; and {count(len(twice) - 5, 'more name')}" if len(twice) > 5 else ""
        raise Unreadable(f"Column names must differ, but these repeat: {named}{more}.")
    return tuple(names)


def _named_columns(
    header: tuple[str, ...], rows: list[tuple[int, tuple[str, ...]]]
) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]], int]:
    """Leave out columns that have neither name nor content; a column with content and no name cannot be mapped."""
    nameless = [place for place, name in enumerate(header) if not name]
    if not nameless:
        return header, rows, 0
    for line, cells in rows:
        for place in nameless:
            if cells[place].strip():
                raise Unreadable(f"Column {place + 1} has no name in the header, but line {line:,} has a value in it.")
    kept = [place for place, name in enumerate(header) if name]
    for position, (line, cells) in enumerate(rows):  # in place: two copies of a large table would pass the memory limit
        rows[position] = (line, tuple(cells[place] for place in kept))
    return tuple(header[place] for place in kept), rows, len(nameless)
