"""Where the page of a kind of record is: one prefix per kind, so that lists never reverse URLs row by row."""

from typing import Any

from martech.operations import Record

PAGES: dict[str, str] = {}
"""Label of a model -> path of its list, e.g. inventory.system -> /inventory/systems/. Filled by the view classes."""


def list_url(kind: str) -> str:
    return PAGES.get(kind, "")


def url(kind: str, key: Any) -> str:
    """The page of one record; empty where the kind has none."""
    base = PAGES.get(kind)
    return f"{base}{key}/" if base and key else ""


def of(record: Record) -> str:
    return url(record._meta.label_lower, record.pk)
