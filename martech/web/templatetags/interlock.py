"""Small words for templates."""

from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString

from martech.web import cells, links

register = template.Library()


@register.filter
def page_of(record: Any) -> str:
    """The address of a record's page."""
    return links.of(record)


@register.filter
def day(value: date | None) -> SafeString | str:
    """A day or instant as `3 May 2026`."""
    return cells.when(value) if value else ""


@register.filter
def relative_to(value: date | None, today: date) -> str:
    """How far a day is: `in 12 days`."""
    return cells.relative(value, today) if value else ""
