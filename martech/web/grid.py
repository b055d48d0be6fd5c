"""The rows of a list as HTML, written once a column and not once a cell.

Roles are said aloud because a phone shows each row as a card.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from martech.columns import Column
from martech.operations import Record
from martech.web import cells

LONG = frozenset({"long", "lines", "codes", "references"})
ENDS = frozenset({"number", "money"})
EMPTY = '<td role="cell" class="{}"><span class="said">empty</span></td>'
RETIRED = '<span class="list-retired">Retired</span>'


@dataclass(frozen=True)
class Row:
    """One record of the list; `html` is its whole row."""

    key: int
    number: str
    name: str
    html: SafeString


@dataclass(frozen=True)
class Head:
    """The head of a column; `url` is the list ordered by it, empty where it is not to be ordered so."""

    label: str
    url: str
    direction: str
    end: bool


@lru_cache(maxsize=512)
def heads(ones: tuple[Head, ...]) -> SafeString:
    """The heads as HTML."""
    return mark_safe(get_template("generic/lists/heads.html").render({"heads": ones}))


def rows(model: type[Record], columns: Sequence[Column], read: Iterable[dict[str, Any]], path: str) -> list[Row]:
    """The rows as read: `id`, `retired_at`, `name` and `halves` where there are any, and what the columns want."""
    written = [(cells.writer(model, column), column.name, *_openings(column)) for column in columns]
    rings: set[str] = set()
    made = []
    for row in read:
        key, number = row["id"], f"{model.PREFIX}-{row['id']}"
        name = str(row.get("name") or number)
        parts = [_head(key, number, name, path, _ring(row["halves"], rings) if "halves" in row else "", row)]
        for write, column, filled, empty in written:
            parts += (empty,) if row.get(column) in (None, "", []) else (filled, write(row), "</td>")
        made.append(Row(key, number, name, mark_safe("".join(parts) + "</tr>")))
    return made


def _openings(column: Column) -> tuple[str, str]:
    """How a cell of the column begins, and the whole of one without a value.

    Half the cells of a list may be empty: the dash is the style's, and the label is a phone's, which leaves them out.
    """
    begin = f'<td role="cell" data-label="{escape(column.label)}"'
    if column.shape in ENDS:
        return f'{begin} class="is-end">', EMPTY.format("is-end is-empty")
    return f'{begin} class="is-long">' if column.shape in LONG else f"{begin}>", EMPTY.format("is-empty")


def _head(key: int, number: str, name: str, path: str, ring: str, row: dict[str, Any]) -> str:
    """The box to choose the record by, and its name."""
    words, numbered = escape(name), "" if name == number else f'<span class="number">{number}</span>'
    faded, retired = (' class="is-retired"', RETIRED) if row["retired_at"] else ("", "")
    return (
        f'<tr role="row"{faded}><td class="grid-select-cell" role="cell">'
        f'<input class="grid-select" type="checkbox" name="key" value="{key}" aria-label="Choose {words}"></td>'
        f'<th class="is-stuck" scope="row" role="rowheader"><span class="grid-name">{ring}'
        f'<a class="grid-link" href="{path}{key}/">{words}</a>{numbered}{retired}</span></th>'
    )


def _ring(shares: tuple[float, float], drawn: set[str]) -> str:
    """The interlock ring, drawn where the list shows it first; the others of its kind show that one."""
    whole = cells.ring(*shares)
    name = "ring-{:.0f}-{:.0f}".format(*(100 * share for share in shares))
    opening, _, drawing = whole.removesuffix("</svg>").partition(">")
    if name in drawn:
        return f'{opening}><use href="#{name}"/></svg>'
    drawn.add(name)
    return f'{opening}><g id="{name}">{drawing.strip()}</g></svg>'
