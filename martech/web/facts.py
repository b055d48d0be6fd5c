"""The facts of a record's page: each known one with its value, each missing one with the field that mends it."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from martech.columns import Column
from martech.operations import Record
from martech.web import cells
from martech.web.holes import around


@dataclass(frozen=True)
class Fact:
    """One fact of the record's page. `value` is safe HTML; `url` mends it, empty where the reader may not."""

    name: str
    label: str
    value: SafeString
    missing: bool
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Facts that are read together, as the form groups them; `gaps` are those that nobody has told yet."""

    heading: str
    facts: tuple[Fact, ...]
    gaps: tuple[Fact, ...]

    @property
    def told(self) -> SafeString:
        """The facts as rows of a list."""
        before, between, after = around("components/fact.html", "label", "value")
        rows = (f"{before}{conditional_escape(one.label)}{between}{one.value}{after}" for one in self.facts)
        return mark_safe("".join(rows))


def fact(model: type[Record], column: Column, row: dict[str, Any], change_url: str = "") -> Fact:
    """The fact a column tells of a row; `change_url` is the form's address where the reader may change the record."""
    value = row.get(column.name)
    mends = (
        f"{change_url}#id_{column.name}" if change_url and column.editable and column.name not in model.BIRTH else ""
    )
    missing = value in (None, "", []) or value == "unknown"
    told = cells.cell(model, column, row)
    source = (row.get("field_sources") or {}).get(column.name)
    if source and not missing:
        told += format_html(' <span class="from-source"><span class="said">set by</span> {}</span>', source)
    return Fact(column.name, column.label, told, missing, mends)


ONLY_IF_KNOWN = frozenset(
    {
        "aliases",
        "capabilities",
        "domains",
        "parent",
        "rationale",
        "scim",
        "subdivision",
        "target_on",
        "target_system",
        "url",
    }
)
"""Facts that many a record rightly has none of: nobody is asked for them."""


def groups(
    told: dict[str, Fact], fieldsets: tuple[tuple[str, tuple[str, ...]], ...], apart: frozenset[str]
) -> list[Group]:
    """The form's groups with their facts but those `apart`, which the page tells elsewhere; empty groups fall away."""
    made = []
    for heading, names in fieldsets:
        ones = [told[name] for name in names if name in told and name not in apart]
        known = tuple(one for one in ones if not one.missing)
        gaps = tuple(one for one in ones if one.missing and one.name not in ONLY_IF_KNOWN)
        if known or gaps:
            made.append(Group(heading, known, gaps))
    return made
