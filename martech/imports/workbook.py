"""Bytes of an XLSX file -> a table. The ZIP directory is judged here; a bounded child process reads the XML."""

import io
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from martech.imports.table import MAX_CELL, MAX_COLUMNS, MAX_FILLED, MAX_ROWS, Table, Unreadable, gather

MAX_UNPACKED = 100 * 1024 * 1024  # bytes, as the ZIP directory declares them
MAX_RATIO = 100  # unpacked to packed
MAX_MEMBERS = 1_000
MAX_TEXT = 40_000_000  # characters in all cells together
MEMORY = 320 * 1024 * 1024  # address space of the child
SECONDS = 20
READER = Path(__file__).with_name("workbook_reader.py")

MEMBER = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/[\w.-]+|docMetadata/[\w./-]+\.(xml|rels)|customXml/[\w./-]+\.(xml|rels)"
    r"|xl/metadata|xl/[\w .()/-]+\.(xml|rels|vml|png|jpe?g|gif|bmp|emf|wmf|tiff?|svg)|xl/printerSettings/[\w.-]+\.bin",
    re.IGNORECASE,
)
PACKED = re.compile(r"\.(zip|xls[xmb]?|xlt[xm]|doc[xm]|ppt[xm]|od[st]|jar|gz|7z|rar)$|^xl/embeddings/", re.IGNORECASE)
MACROS = re.compile(r"vba|macro|activeX", re.IGNORECASE)
DAMAGED = (
    "The workbook is damaged and cannot be read. Open it in a spreadsheet program, save it again, or save it as CSV."
)
TOO_MUCH = "The workbook needs more memory or time than an import may take. Save the sheet alone, or as CSV."

log = logging.getLogger(__name__)


def read(content: bytes, sheet: str | None) -> Table:
    """Read one sheet: the one named, or the first that can be seen. Raises ``Unreadable``."""
    check_directory(content)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(content)
        source.seek(0)
        _run_reader(source, target, sheet)
        target.seek(0)
        return _table(target)


def check_directory(content: bytes) -> None:
    """Refuse by the ZIP directory alone, unpacking nothing: bombs, passwords, macros, packed or foreign members."""
    # Counted by signature, as the number a directory states about itself may be a lie.
    if content.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise Unreadable(f"The workbook has more than {MAX_MEMBERS:,} parts.", 413)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members, len(content))
            for member in members:
                with archive.open(member) as part:
                    if part.read(4) == b"PK\x03\x04":
                        raise Unreadable("The workbook holds another packed file.")
    except Unreadable:
        raise
    except Exception as error:  # zipfile raises many kinds on a forged directory
        raise Unreadable(DAMAGED) from error


def _check_members(members: list[zipfile.ZipInfo], size: int) -> None:
    names = [member.filename for member in members]
    if any(member.flag_bits & 0x41 for member in members):
        raise Unreadable("The workbook is protected by a password. Remove it and try again.")
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise Unreadable(
            f"The workbook would unpack to {unpacked / 1024**2:,.0f} MB, which is more than an import takes.", 413
        )
    if len(set(names)) < len(names) or _overlapping(members, size):
        raise Unreadable(DAMAGED)
    lowered = {name.lower() for name in names}
    if any(MACROS.search(name) for name in names):
        raise Unreadable("The workbook holds macros. Save it as .xlsx without them.")
    if "xl/workbook.bin" in lowered:
        raise Unreadable("The file is a binary workbook (.xlsb). Save it as .xlsx or CSV.")
    if "word/document.xml" in lowered or "ppt/presentation.xml" in lowered:
        raise Unreadable("The file is a text document or a presentation, not a table. Save the table as XLSX or CSV.")
    if "mimetype" in lowered:
        raise Unreadable("The file is an OpenDocument file. Save it as .xlsx or CSV.")
    if any(name.lower().startswith("xl/externallinks/") for name in names):
        raise Unreadable("The workbook takes values from other workbooks. Break these links, or save the sheet as CSV.")
    if any(PACKED.search(name) for name in names):
        raise Unreadable("The workbook holds another packed file. Remove embedded files, or save the sheet as CSV.")
    if not {"[content_types].xml", "xl/workbook.xml"} <= lowered:
        raise Unreadable("The file is a ZIP archive, not a workbook. Unpack it and import the table inside.")
    for member in members:
        name = member.filename
        directory = name.endswith("/") and member.file_size == 0 and MEMBER.fullmatch(f"{name}x.xml")
        if not (directory or MEMBER.fullmatch(name)) or ".." in name or member.compress_type not in (0, 8):
            raise Unreadable(
                "The workbook holds a part that workbooks do not have. Save it again, or save the sheet as CSV."
            )


def _overlapping(members: list[zipfile.ZipInfo], size: int) -> bool:
    """Members that share bytes: the trick of a bomb that stays small in every single declaration."""
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            return True
        end = member.header_offset + 30 + len(member.filename.encode("utf-8", "replace")) + member.compress_size
    return end > size


def _run_reader(source: IO[bytes], target: IO[bytes], sheet: str | None) -> None:
    # By path and isolated: neither the project nor its settings and secrets are loaded in the child. A plain child
    # process, since multiprocessing is not allowed in the daemonic processes of a worker pool. Files instead of pipes:
    # nothing can block, from whichever thread this is called.
    limits = {
        "rows": MAX_ROWS, "columns": MAX_COLUMNS, "filled": MAX_FILLED, "cell": MAX_CELL, "text": MAX_TEXT,
        "memory": MEMORY, "seconds": SECONDS, "sheet": sheet,
    }  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ}
    with tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", str(READER), json.dumps(limits)],
                stdin=source, stdout=target, stderr=errors, env=kept, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Unreadable(TOO_MUCH, 413) from error
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")[-2000:]
    if said or done.returncode:
        log.warning("workbook reader ended with %s: %s", done.returncode, said)
    if done.returncode and ("ImportError" in said or "ModuleNotFoundError" in said):
        raise RuntimeError("The workbook reader cannot start: openpyxl or defusedxml is not installed.")
    if done.returncode:
        raise Unreadable(TOO_MUCH, 413)


def _table(target: IO[bytes]) -> Table:
    opening: dict[str, Any] = json.loads(target.readline() or b"{}")
    if "error" in opening:
        raise _refusal(opening)
    closing: dict[str, Any] = {}
    body = gather(_records(target, closing))
    return Table(
        kind="xlsx",
        encoding="",
        encoding_sure=True,
        separator="",
        separator_sure=True,
        sheets=tuple(opening["sheets"]),
        sheet=opening["sheet"],
        header=body.header,
        rows=body.rows,
        notes=(*opening["notes"], *closing.get("notes", ()), *body.notes),
        faults=body.faults,
    )


def _refusal(line: dict[str, Any]) -> Unreadable:
    return Unreadable({"damaged": DAMAGED, "too much": TOO_MUCH}.get(line["error"], line["error"]), line["status"])


def _records(target: IO[bytes], closing: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """Rows as the child wrote them, as wide as the first; its last line goes to ``closing``."""
    width = 0
    for text in target:
        record = json.loads(text)
        if isinstance(record, dict):
            if "error" in record:
                raise _refusal(record)
            closing.update(record)
            return
        line, cells = record
        width = width or len(cells)
        yield line, cells + [""] * (width - len(cells))
    raise Unreadable(DAMAGED)
