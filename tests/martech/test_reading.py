"""Files brought for import: what is read, what is asked about, and what is refused, with which sentence."""

import contextlib
import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from martech.imports import reading

NAMES = b"name,website\nAcme,https://acme.example\n"


def refusal(content: bytes, name: str = "vendors.csv", **stated: str) -> tuple[str, int]:
    with pytest.raises(reading.Unreadable) as refused:
        reading.read(content, name, **stated)
    return refused.value.reason, refused.value.status


def prompt_refusal(content: bytes, name: str) -> tuple[str, int]:
    """The refusal, for less than a second of the processor in one of three tries."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        refused = refusal(content, name)
        taken.append(time.process_time() - began)
        if taken[-1] < 1:
            return refused
    raise AssertionError(f"refused after {taken} seconds of the processor")


def test_a_plain_file_is_read_with_its_line_numbers() -> None:
    table = reading.read(b'name,note\nAcme,"two\nlines"\n\nBeta,x\n', "vendors.csv")
    assert table == reading.Table(
        kind="csv",
        encoding="utf-8",
        encoding_sure=True,
        separator=",",
        separator_sure=True,
        sheets=(),
        sheet="",
        header=("name", "note"),
        rows=[(2, ("Acme", "two\nlines")), (5, ("Beta", "x"))],
        notes=("1 blank row was skipped.",),
        faults=(),
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_as_one_line(end: str) -> None:
    table = reading.read(f'name,note{end}Acme,"two{end}lines"{end}Beta,x'.encode(), "vendors.csv")
    assert table.rows == [(2, ("Acme", f"two{end}lines")), (4, ("Beta", "x"))]


@pytest.mark.parametrize(
    ("content", "encoding", "sure"),
    [
        ("näme;b\nMüller;1\n".encode(), "utf-8", True),
        ("näme;b\nMüller;1\n".encode("utf-8-sig"), "utf-8", True),
        ("näme;b\nMüller;1\n".encode("utf-16"), "utf-16", True),
        ("\ufeffnäme;b\nMüller;1\n".encode("utf-16-be"), "utf-16", True),
        ("\ufeffnäme;b\nMüller;1\n".encode("utf-32-le"), "utf-32", True),
        ("näme;b\nMüller;1\n".encode("utf-16-le"), "utf-16-le", False),
        ("näme;b\nMüller;1\n".encode("windows-1252"), "windows-1252", False),
        ("näme;b\nMüller;1\n".encode("latin-1"), "windows-1252", False),
    ],
)
def test_the_encoding_is_known_by_its_mark_or_proposed(content: bytes, encoding: str, sure: bool) -> None:
    table = reading.read(content, "vendors.csv")
    assert (table.encoding, table.encoding_sure, table.header, table.rows) == (
        encoding,
        sure,
        ("näme", "b"),
        [(2, ("Müller", "1"))],
    )


def test_a_proposed_encoding_says_so() -> None:
    table = reading.read("name,b\nA,1\nMüller,1\n".encode("windows-1252"), "vendors.csv")
    assert table.notes == (
        "The file is not UTF-8 (first on line 3). It is read as Windows-1252 (Western Europe) for now: "
        "check names with accents.",
    )


def test_bytes_that_windows_1252_lacks_are_offered_as_latin_1() -> None:
    assert reading.read(b"name\nA\x81\xe9\n", "vendors.csv").encoding == "iso-8859-1"


def test_a_stated_encoding_is_followed_and_certain() -> None:
    table = reading.read("name\nŁódź\n".encode("windows-1250"), "vendors.csv", encoding="windows-1250")
    assert (table.rows, table.encoding_sure) == ([(2, ("Łódź",))], True)


def test_a_stated_encoding_that_does_not_fit_is_refused() -> None:
    content = "name\nMüller\n".encode("latin-1")
    assert [refusal(content, encoding=stated) for stated in ("utf-8", "rot13")] == [
        ("The file is not valid UTF-8 (first on line 2). Choose another.", 400),
        ("The encoding “rot13” is not one of those that can be read.", 400),
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    table = reading.read(f"name{separator}seats\nAcme{separator}5\n".encode(), "vendors.csv")
    assert (table.separator, table.separator_sure, table.header) == (separator, True, ("name", "seats"))


def test_two_possible_separators_are_asked_about() -> None:
    content = b"name;price, net;on\nAcme;1,50;2020\n"
    table = reading.read(content, "vendors.csv")
    stated = reading.read(content, "vendors.csv", separator=",")
    assert (table.separator, table.separator_sure, stated.header, stated.separator_sure) == (
        ";",
        False,
        ("name;price", "net;on"),
        True,
    )


def test_the_separator_a_spreadsheet_wrote_on_the_first_line_is_followed() -> None:
    table = reading.read(b"sep=;\nname;b,c\nAcme;1,2\n", "vendors.csv")
    assert (table.separator, table.separator_sure, table.header, table.rows) == (
        ";",
        True,
        ("name", "b,c"),
        [(3, ("Acme", "1,2"))],
    )


def test_a_separator_that_is_none_is_refused() -> None:
    assert refusal(NAMES, separator="x") == (
        "The separator must be a comma, a semicolon, a tab or a vertical bar.",
        400,
    )


def test_short_rows_are_filled_up_and_long_ones_are_faults() -> None:
    table = reading.read(b"a,b,c\n1\n1,2,3,4\n1,2,3,,\n", "vendors.csv")
    assert (table.rows, table.notes, table.faults) == (
        [(2, ("1", "", "")), (3, ("1", "2", "3")), (4, ("1", "2", "3"))],
        ("1 row had fewer cells than the header (first on line 2); the missing cells are read as empty.",),
        ((3, "The row has 4 cells but the header has 3 columns."),),
    )


def test_columns_without_name_and_content_are_left_out() -> None:
    table = reading.read(b"a,,b,\n1,,2,\n", "vendors.csv")
    assert (table.header, table.rows, table.notes) == (
        ("a", "b"),
        [(2, ("1", "2"))],
        ("2 empty columns without a name were left out.",),
    )


def test_cells_are_kept_to_the_letter_and_names_tidied() -> None:
    table = reading.read(b' a  b ,"c\nd"\n"  =1+1 ",\'=1\n', "x.csv")
    assert (table.header, table.rows) == (("a b", "c d"), [(3, ("  =1+1 ", "'=1"))])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n", "The file is empty."),
        (b",,\n,,\n", "The file is empty."),
        (b"name,website\n\n", "The file has a header but no rows below it."),
        (
            b"Name,b, NAME ,c,B\n1,2,3,4,5\n",
            "Column names must differ, but these repeat: “Name” (columns 1 and 3); “b” (columns 2 and 5).",
        ),
        (b"a,,b\n1,,2\n1,x,2\n", "Column 2 has no name in the header, but line 3 has a value in it."),
        (b'{"name": "Acme"}', "The file holds JSON, not a table. Export it as CSV or XLSX."),
        (b'\xef\xbb\xbf\n [{"a": 1}]', "The file holds JSON, not a table. Export it as CSV or XLSX."),
        ('[{"a": 1}]'.encode("utf-16"), "The file holds JSON, not a table. Export it as CSV or XLSX."),
        (
            b"\n<!DOCTYPE html><html>502</html>",
            "The file holds HTML or XML, not a table: perhaps an error page was saved. Export it as CSV or XLSX.",
        ),
        (
            b"<?xml version='1.0'?><a/>",
            "The file holds HTML or XML, not a table: perhaps an error page was saved. Export it as CSV or XLSX.",
        ),
        (b"%PDF-1.7\n", "The file is a PDF document, not a CSV or XLSX table. Save it as one of these."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "The file is an old Excel file (.xls) or a workbook with a password, not a CSV or XLSX table. "
            "Save it as one of these.",
        ),
        (
            b"name,b\nAcme,1\nBe\0ta,2\n",
            "Line 3 holds a NUL character: the file is damaged, not text, or in another encoding.",
        ),
        (
            b'a,b\n1,"x"y\n',
            "Line 2: text follows a closing quote. A quote inside a quoted cell must be doubled, and cells "
            "separated by a comma.",
        ),
        (b'a,b\n1,2\n3,"x\n\n', "A quote opened in the row on line 3 is never closed."),
        (
            b"\xff\xfea\0b\0\n\0\x00\xd8",
            "The file begins as UTF-16 but does not stay so: it is damaged or cut off.",
        ),
        (
            b"x" * 300 + b"\n1\n",
            "The name of column 1 is longer than 200 characters: is the first row the header?",
        ),
    ],
)
def test_it_refuses_what_is_no_table_with_one_sentence(content: bytes, sentence: str) -> None:
    assert refusal(content) == (sentence, 400)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"x" * 100_000_000, "The file is larger than 20 MB. Split it and import the parts."),
        (lambda: b"a," * 10_000_000, "The row on line 1 is longer than 1,000,000 characters."),
        (lambda: b"a\n" + b"\xf0\x9f\x98\x80" * 5_000_000, "The row on line 2 is longer than 1,000,000 characters."),
        (
            lambda: b'"' + b"a,\n" * 6_000_000,
            "A cell of the row on line 1 is longer than 100,000 characters: is a quote left open?",
        ),
        (
            lambda: b"a\n" + b"\n" * 20_000_000,
            "The file has more than 1,100,000 lines; at most 50,000 rows can be imported.",
        ),
        (lambda: b"a\n" + b"1\n" * 1_000_000, "The file has more than 50,000 rows. Split it and import the parts."),
        (
            lambda: b",".join(b"c%d" % n for n in range(10_000)),
            "The file has 10,000 columns; at most 200 can be imported.",
        ),
        (lambda: b"a,b\n1," + b"x" * 100_001, "Line 2, column 2: the cell is longer than 100,000 characters."),
        (
            lambda: b"a,b\n1," + b"x" * 150_000,
            "A cell of the row on line 2 is longer than 100,000 characters: is a quote left open?",
        ),
    ],
    ids=["100 MB", "one line", "one wide line", "open quote", "blank lines", "rows", "columns", "cell", "long cell"],
)
def test_it_refuses_what_is_too_large_within_a_second(content: Callable[[], bytes], sentence: str) -> None:
    assert prompt_refusal(content(), "vendors.csv") == (sentence, 413)


def test_more_filled_cells_than_memory_allows_are_refused() -> None:
    content = b"\n".join([b",".join(b"c%d" % n for n in range(150)), *[b",".join([b"x"] * 150)] * 20_000])
    assert refusal(content) == ("The file has more than 2,000,000 filled cells. Split it and import the parts.", 413)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc, which Linux has")
def test_the_largest_files_taken_stay_under_300_mib() -> None:
    program = """
import random
from pathlib import Path
from martech.imports import reading
rows = [",".join(f"{random.randrange(10**6)}\u0142" for _ in range(39)) for _ in range(50_000)]
content = "\\n".join([",".join(f"column {n}" for n in range(39)), *rows]).encode()
del rows
table = reading.read(content, "large.csv")
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(len(content), len(table.rows), int(peak.split()[1]) // 1024)
"""
    size, rows, peak = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(reading.__file__).parents[2],
    ).stdout.split()
    assert (int(size) > 15_000_000, int(rows), int(peak) < 300) == (True, 50_000, True), peak


CELL = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(CELL, CELL, CELL).filter(lambda row: any(cell.strip() for cell in row)), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_csv_writer_wrote_is_read_to_the_letter(
    rows: list[tuple[str, ...]], separator: str, encoding: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerows([("a", "b", "c"), *rows])
    table = reading.read(text.getvalue().encode(encoding), "x.csv", separator=separator)
    assert [cells for _, cells in table.rows] == rows


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(alphabet='a,;"\n\r\t|=\0é1 ', max_size=200).map(str.encode)))
def test_whatever_the_bytes_it_reads_or_says_why_not(content: bytes) -> None:
    with contextlib.suppress(reading.Unreadable):
        table = reading.read(content, "x.csv")
        assert {len(cells) for _, cells in table.rows} == {len(table.header)}


@pytest.mark.sample
def test_the_sample_files_are_read_whole_and_without_doubt() -> None:
    folder = os.environ.get("SAMPLE_DATA", "")
    if not folder:
        pytest.skip("SAMPLE_DATA does not name the folder of sample files")
    expected = {
        "vendors.csv": 6_340,
        "it_standards_2018-04-12.csv": 1_543,
        "contracts_chicago_it.csv": 799,
        "category_taxonomy.csv": 420,
        "eol_cycles.csv": 3_169,
        "incident_events_sample.csv": 1_051,
        "committee_meeting_dates.csv": 397,
    }
    tables = {name: reading.read((Path(folder) / name).read_bytes(), name) for name in expected}
    assert {name: len(table.rows) for name, table in tables.items()} == expected
    assert {
        (t.encoding, t.encoding_sure, t.separator, t.separator_sure, t.notes, t.faults) for t in tables.values()
    } == {("utf-8", True, ",", True, (), ())}
