"""Workbooks brought for import: what their cells become, and what is refused before and while it is read."""

import contextlib
import datetime
import io
import random
import subprocess
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from martech.imports import reading, workbook

PACKED_TWICE = "xl/media/image1.png"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
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


def book(*rows: Iterable[object], **sheets: list[list[object]]) -> bytes:
    made = Workbook()
    first = made.active
    first.title = "Vendors"
    for row in rows:
        first.append(list(row))
    for title, content in sheets.items():
        sheet = made.create_sheet(title)
        for line in content:
            sheet.append(line)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def altered(content: bytes, parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The workbook with these parts replaced or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", compression) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return kept.getvalue()


def with_strings(strings: str, sheet: str) -> bytes:
    """A workbook with a table of shared texts, as Excel writes them."""
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts = {"[Content_Types].xml": types.replace("</Types>", override), "xl/sharedStrings.xml": strings, SHEET: sheet}
    return altered(PLAIN, parts)


PLAIN = book(["name", "seats"], ["Acme", 5])


def test_a_workbook_is_read_as_text() -> None:
    content = book(
        ["name", "on", "at", "seats", "price", "saas", "note"],
        ["Acme", datetime.date(2020, 1, 31), datetime.datetime(2020, 1, 31, 9, 30), 5, 1234.5, True, "=1+1"],
        [],
        ["Beta", None, None, 1e20, 0.1 + 0.2, False, None],
    )
    table = reading.read(content, "vendors.xlsx")
    assert table == reading.Table(
        kind="xlsx",
        encoding="",
        encoding_sure=True,
        separator="",
        separator_sure=True,
        sheets=("Vendors",),
        sheet="Vendors",
        header=("name", "on", "at", "seats", "price", "saas", "note"),
        rows=[
            (2, ("Acme", "2020-01-31", "2020-01-31 09:30:00", "5", "1234.5", "yes", "")),
            (4, ("Beta", "", "", "100000000000000000000", "0.3", "no", "")),
        ],
        notes=(
            "Formulas without a stored result are read as empty (cells: 1); to store their results, open the workbook "
            "in a spreadsheet program and save it.",
        ),
        faults=(),
    )


def test_the_first_visible_sheet_is_read_and_another_on_request() -> None:
    content = book(["name"], ["Acme"], Systems=[["system"], ["CRM"]])
    first, second = reading.read(content, "x.xlsx"), reading.read(content, "x.xlsx", sheet="Systems")
    assert (first.header, first.notes, second.header, second.notes) == (
        ("name",),
        ("The workbook has 2 sheets; “Vendors” is read.",),
        ("system",),
        (),
    )
    assert refusal(content, "x.xlsx", sheet="None") == (
        "The workbook has no sheet “None”. It has: Vendors, Systems.",
        400,
    )


def test_a_kind_other_than_the_name_says_is_read_with_a_note() -> None:
    assert (reading.read(PLAIN, "vendors.csv").notes, reading.read(NAMES, "vendors.xlsx").notes) == (
        ("The name ends in .csv, but the file is an Excel workbook and is read as such.",),
        ("The name ends in .xlsx, but the file is delimited text and is read as such.",),
    )


def test_texts_with_several_fonts_and_stored_errors_are_read() -> None:
    sheet = (
        f'<worksheet {MAIN}><dimension ref="A1:B1"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1" t="str"><v>n</v></c></row>'
        '<row r="7"><c r="A7" t="inlineStr"><is><r><t>Ac</t></r><r><t>me</t></r></is></c>'
        '<c r="B7" t="e"><v>#N/A</v></c></row></sheetData></worksheet>'
    )
    table = reading.read(altered(PLAIN, {SHEET: sheet}), "x.xlsx")
    assert (table.rows, table.notes) == (
        [(7, ("Acme", "#N/A"))],
        ("Some cells hold a spreadsheet error such as #N/A (cells: 1, first on row 7).",),
    )


def test_texts_kept_apart_from_the_cells_are_read() -> None:
    strings = (
        f"<sst {MAIN}><si><t>name</t></si><si><r><t>Ac</t></r><r><t>me</t></r></si>"
        '<si><t>漢字</t><rPh sb="0" eb="2"><t>かんじ</t></rPh></si><si><t/></si><si><t>a_x000D_\nb</t></si></sst>'
    )
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>{row - 1}</v></c></row>' for row in range(1, 6))
    content = with_strings(strings, f"<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>")
    assert reading.read(content, "x.xlsx").rows == [(2, ("Acme",)), (3, ("漢字",)), (5, ("a\r\nb",))]


def test_a_missing_text_is_damage() -> None:
    sheet = f'<worksheet {MAIN}><sheetData><row r="1"><c t="s"><v>7</v></c></row></sheetData></worksheet>'
    assert refusal(with_strings(f"<sst {MAIN}/>", sheet), "x.xlsx") == (workbook.DAMAGED, 400)


def test_the_size_a_sheet_declares_is_not_believed() -> None:
    sheet = (
        f'<worksheet {MAIN}><dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="str"><v>name</v></c></row>'
        '<row r="99999999999"><c t="str"><v>Acme</v></c></row></sheetData></worksheet>'
    )
    assert reading.read(altered(PLAIN, {SHEET: sheet}), "x.xlsx").rows == [(99999999999, ("Acme",))]


def test_a_million_empty_rows_do_no_harm() -> None:
    empty = "".join(f'<row r="{number}"/>' for number in range(2, 1_000_002))
    sheet = (
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="str"><v>name</v></c></row>{empty}'
        '<row r="1000002"><c r="A1000002" t="str"><v>Acme</v></c></row></sheetData></worksheet>'
    )
    assert reading.read(altered(PLAIN, {SHEET: sheet}), "x.xlsx").rows == [(1_000_002, ("Acme",))]


def test_a_workbook_is_read_in_any_thread() -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(len(reading.read(PLAIN, "x.xlsx").rows))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1]


def encrypted(content: bytes) -> bytes:
    changed = bytearray(content)
    changed[changed.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def many_members() -> bytes:
    return altered(PLAIN, {f"xl/worksheets/extra{number}.xml": b"" for number in range(1_500)})


def overlapping() -> bytes:
    """Two directory entries that point at the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        twin = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
        first = new.infolist()[0]
        twin.header_offset, twin.compress_size, twin.file_size = first.header_offset, first.compress_size, 10
        twin.CRC = first.CRC
        new.filelist.append(twin)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence", "status"),
    [
        (
            lambda: altered(PLAIN, {"xl/media/image1.png": b"\0" * 101 * 1024**2}),
            "The workbook would unpack to 101 MB, which is more than an import takes.",
            413,
        ),
        (
            lambda: altered(PLAIN, {"xl/media/image1.png": b"\0" * 5 * 1024**2}),
            "The workbook would unpack to 5 MB, which is more than an import takes.",
            413,
        ),
        (many_members, "The workbook has more than 1,000 parts.", 413),
        (overlapping, workbook.DAMAGED, 400),
        (lambda: encrypted(PLAIN), "The workbook is protected by a password. Remove it and try again.", 400),
        (
            lambda: altered(PLAIN, {"xl/vbaProject.bin": b"x"}),
            "The workbook holds macros. Save it as .xlsx without them.",
            400,
        ),
        (lambda: altered(PLAIN, {PACKED_TWICE: PLAIN}), "The workbook holds another packed file.", 400),
        (
            lambda: altered(PLAIN, {"xl/embeddings/inner.xlsx": PLAIN}),
            "The workbook holds another packed file. Remove embedded files, or save the sheet as CSV.",
            400,
        ),
        (
            lambda: altered(PLAIN, {"xl/externalLinks/externalLink1.xml": b"<a/>"}),
            "The workbook takes values from other workbooks. Break these links, or save the sheet as CSV.",
            400,
        ),
        (
            lambda: altered(PLAIN, {"xl/../../etc/passwd.xml": b"<a/>"}),
            "The workbook holds a part that workbooks do not have. Save it again, or save the sheet as CSV.",
            400,
        ),
        (
            lambda: altered(PLAIN, {"run.exe": b"x"}),
            "The workbook holds a part that workbooks do not have. Save it again, or save the sheet as CSV.",
            400,
        ),
        (
            lambda: altered(PLAIN, {SHEET: f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet {MAIN}/>'}),
            "The workbook declares XML entities, which no spreadsheet program writes. Save it as CSV.",
            400,
        ),
        (
            lambda: altered(PLAIN, {SHEET: f'<!DOCTYPE x [<!ENTITY a "b">]><worksheet {MAIN}/>'.encode("utf-16")}),
            "The workbook declares XML entities, which no spreadsheet program writes. Save it as CSV.",
            400,
        ),
        (lambda: altered(PLAIN, {SHEET: b"<worksheet"}), workbook.DAMAGED, 400),
        (lambda: altered(PLAIN, {"xl/workbook.xml": b"junk"}), workbook.DAMAGED, 400),
        (lambda: PLAIN[:-30], workbook.DAMAGED, 400),
        (lambda: PLAIN[:200], workbook.DAMAGED, 400),
        (
            lambda: altered(PLAIN, {"word/document.xml": b"<a/>"}),
            "The file is a text document or a presentation, not a table. Save the table as XLSX or CSV.",
            400,
        ),
        (lambda: book(["name"]), "The file has a header but no rows below it.", 400),
        (lambda: book(), "The file is empty.", 400),
        (lambda: book(["a", "A "], [1, 2]), "Column names must differ, but these repeat: “a” (columns 1 and 2).", 400),
        (
            lambda: book(range(10_000), [1]),
            "Row 1 reaches column 10,000; at most 200 columns can be imported.",
            413,
        ),
    ],
)  # fmt: skip
def test_it_refuses_a_harmful_workbook_within_a_second(
    content: Callable[[], bytes], sentence: str, status: int
) -> None:
    assert prompt_refusal(content(), "x.xlsx") == (sentence, status)


def test_a_zip_archive_that_is_no_workbook_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("vendors.csv", NAMES)
    assert refusal(kept.getvalue(), "x.xlsx") == (
        "The file is a ZIP archive, not a workbook. Unpack it and import the table inside.",
        400,
    )


def test_a_row_that_fills_the_memory_ends_the_child_and_not_the_caller() -> None:
    chance = random.Random(1)
    cells = "".join(f'<c t="str"><v>{chance.randrange(10**9)}</v></c>' for _ in range(2_500_000))
    sheet = f'<worksheet {MAIN}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    assert refusal(altered(PLAIN, {SHEET: sheet}), "x.xlsx") == (workbook.TOO_MUCH, 413)


def test_more_rows_than_allowed_are_refused() -> None:
    rows = "".join(f'<row r="{number}"><c t="n"><v>{number}</v></c></row>' for number in range(1, 60_000))
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    assert refusal(altered(PLAIN, {SHEET: sheet}), "x.xlsx") == (
        "The file has more than 50,000 rows. Split it and import the parts.",
        413,
    )


def test_the_child_inherits_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*given: object, **named: object) -> object:
        seen.append(dict(named["env"]))  # type: ignore[call-overload]
        return run(*given, **named)  # type: ignore[call-overload]

    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setattr(subprocess, "run", watched)
    reading.read(PLAIN, "x.xlsx")
    assert [set(found) <= {"PATH", "LD_LIBRARY_PATH", "SYSTEMROOT"} for found in seen] == [True]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255))
def test_a_workbook_with_one_byte_changed_is_read_or_refused(place: int, byte: int) -> None:
    changed = bytearray(PLAIN)
    changed[place] = byte
    with contextlib.suppress(reading.Unreadable):
        assert reading.read(bytes(changed), "x.xlsx").rows
