"""One value of a row as safe HTML for a grid or a fact list."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from martech.columns import Column
from martech.operations import Record
from martech.web import links

NOTHING = mark_safe('<span class="nothing"><span aria-hidden="true">–</span><span class="said">empty</span></span>')


def cell(model: type[Record], column: Column, row: dict[str, Any]) -> SafeString:
    """The value of a column in a row, as people read it."""
    value = row.get(column.name)
    if column.name == model.STATE and value:
        return badge(str(model.TONES.get(value, "muted")), column.choices.get(value, str(value)))
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    if column.shape == "ring":
        return ring(*value)
    if column.shape == "reference":
        name = row.get(f"{column.name}_name")
        return record_link(column.related, value, name)
    if column.shape == "references":
        names = row.get(f"{column.name}_names", ())
        return format_html_join(
            ", ", "{}", ((record_link(column.related, k, n),) for k, n in zip(value, names, strict=False))
        )
    if column.shape == "choice":
        return format_html("{}", column.choices.get(value, value))
    if column.shape == "codes":
        return format_html("{}", ", ".join(str(column.choices.get(code, code)) for code in value))
    if column.shape == "lines":
        return format_html("{}", ", ".join(value))
    if column.shape == "bool":
        return format_html("{}", "Yes" if value else "No")
    if isinstance(value, dict):
        return format_html("{}", ", ".join(f"{name}: {said or 'a person'}" for name, said in value.items()))
    if isinstance(value, date):
        return when(value)
    if column.name == "website" or column.name == "url":
        shown = str(value).split("://", 1)[-1].rstrip("/")
        return format_html('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', value, shown)
    return format_html(
        "{}", f"{value:,}".replace(",", "\u202f") if isinstance(value, int) and column.name != "id" else value
    )


def record_link(related: Any, key: Any, name: Any) -> SafeString:
    label = related if isinstance(related, str) else related._meta.label_lower
    target = links.url(label, key)
    return format_html('<a href="{}">{}</a>', target, name or key) if target else format_html("{}", name or key)


@lru_cache(maxsize=512)
def badge(tone: str, label: str) -> SafeString:
    return mark_safe(get_template("components/badge.html").render({"tone": tone, "label": label}))


@lru_cache(maxsize=4096)
def ring(business: float, technology: float) -> SafeString:
    """The interlock ring, tiny, with its words."""
    told = {"business": business, "technology": technology, "size": "tiny"}
    return mark_safe(get_template("components/ring.html").render(told))


def when(value: date) -> SafeString:
    """A day or instant as `3 May 2026`, exact on hover and for assistive technology."""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        exact = f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, date_format(local, "j M Y")
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "j M Y"))


def relative(day: date, today: date) -> str:
    """`today`, `in 12 days`, `3 days ago`, `in 4 months`."""
    days = (day - today).days
    if days == 0:
        return "today"
    size = abs(days)
    text = (
        f"{size} day{'s' if size > 1 else ''}"
        if size < 60
        else f"{size // 30} months"
        if size < 700
        else f"{round(size / 365)} years"
    )
    return f"in {text}" if days > 0 else f"{text} ago"


def ago(moment: datetime, now: datetime) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `yesterday`, `4 days ago`, then the day itself."""
    minutes = int((now - moment).total_seconds() // 60)
    local, today = timezone.localtime(moment), timezone.localdate(now)
    days = (today - local.date()).days
    if minutes < 60:
        return "just now" if minutes < 1 else f"{minutes} min ago"
    if days == 0:
        return f"{minutes // 60} h ago"
    if days == 1:
        return "yesterday"
    return f"{days} days ago" if days < 7 else date_format(local, "j M Y")


def state(record: Any) -> SafeString | str:
    """The state of a record as a badge with its tone; empty where it has none."""
    label = getattr(record, f"get_{record.STATE}_display", lambda: "")()
    return badge(str(record.TONES.get(record.state, "muted")), str(label)) if label else ""
