"""Letters to take away: rows in chunks as a CSV or XLSX file in which no cell is a formula."""

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook

from martech import export, exporting
from martech.inert import guard

Chunk = list[list[str]]
"""Rows of texts; the first chunk is the head."""


def taken(user: Any, chunks: Iterable[Chunk], name: str) -> HttpResponseBase:
    """The file of this name, which ends in .csv or .xlsx; Busy where the asker has two on the way."""
    if name.endswith(".xlsx"):
        return exporting.in_turn(user, lambda: FileResponse(_workbook(chunks), as_attachment=True, filename=name))
    return exporting.in_turn(
        user,
        lambda: StreamingHttpResponse(
            (export.lines([export.quoted(cells) for cells in zip(*_inert(chunk), strict=True)]) for chunk in chunks),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        ),
    )


def _inert(chunk: Chunk) -> Chunk:
    return [[guard(cell) for cell in row] for row in chunk]


def _workbook(chunks: Iterable[Chunk]) -> IO[bytes]:
    book = Workbook(write_only=True)
    page = book.create_sheet("RACI matrix")
    for chunk in map(_inert, chunks):
        for row in chunk:
            page.append([cell.translate(export.ILLEGAL) for cell in row])
    target: IO[bytes] = SpooledTemporaryFile(max_size=4 << 20)  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return target
