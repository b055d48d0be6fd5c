"""Letters to take away: rows in chunks as a CSV or XLSX file in which no cell is a formula."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from martech import export, exporting
from martech.inert import guard

Chunk = list[list[str]]
"""Rows of texts; the first chunk is the head."""


def taken(user: Any, chunks: Iterable[Chunk], name: str) -> HttpResponseBase:
    """The file of this name, which ends in .csv or .xlsx; Busy where the asker has two on the way."""
    if name.endswith(".xlsx"):
        rows = chain.from_iterable(map(_inert, chunks))
        return exporting.in_turn(
            user, lambda: FileResponse(export.workbook("RACI matrix", rows), as_attachment=True, filename=name)
        )
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
