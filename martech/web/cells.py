"""One value of a row as safe HTML for a grid or a fact list."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from martech.columns import Column, columns
from martech.operations import Record
from martech.web import links

NOTHING = mark_safe('<span class="nothing"><span aria-hidden="true">–</span><span class="said">empty</span></span>')


Write = Callable[[dict[str, Any]], str]


def cell(model: type[Record], column: Column, row: dict[str, Any]) -> SafeString:
    """The value of a column in a row, as people read it."""
    return mark_safe(writer(model, column)(row))


@lru_cache(maxsize=2048)
def writer(model: type[Record], column: Column) -> Write:
    """What writes the cells of a column: the kind of value is settled once, not in every row."""
    name, write = column.name, _words(model, column)
    if name == model.STATE:
        return lambda row: state_cell(model, column, row[name]) if row.get(name) else NOTHING

    def written(row: dict[str, Any]) -> str:
        value = row.get(name)
        return write(value, row) if value or value == 0 or value is False else NOTHING

    return written


def state_cell(model: type[Record], column: Column, value: str) -> str:
    return badge(str(model.TONES.get(value, "muted")), str(column.choices.get(value, value)))


def _words(model: type[Record], column: Column) -> Callable[[Any, dict[str, Any]], str]:
    """How a value that is there is written, by the column's shape."""
    choices, name = column.choices, column.name
    if column.shape == "ring":
        return lambda value, row: ring(*value)
    if column.shape == "reference":
        link = linker(column.related)
        return lambda value, row: link(value, row.get(f"{name}_name"))
    if column.shape == "references":
        link = linker(column.related)
        return lambda value, row: ", ".join(
            link(key, text) for key, text in zip(value, row.get(f"{name}_names", ()), strict=False)
        )
    if column.shape == "choice":
        return lambda value, row: escape(choices.get(value, value))
    if column.shape == "codes":
        return lambda value, row: escape(", ".join(str(choices.get(code, code)) for code in value))
    if column.shape == "named":
        return lambda value, row: escape(", ".join(f"{one['source']} {one['external_id']}" for one in value))
    if name == "field_sources":
        labels = columns(model)
        return lambda value, row: escape(
            ", ".join(f"{labels[one].label}: {said or 'a person'}" for one, said in value.items() if one in labels)
        )
    if column.shape == "lines":
        return lambda value, row: escape(", ".join(value))
    if mark := model.MARKS.get(name):
        return lambda value, row: badge(*mark) if value else "–"
    if column.shape == "money":
        return lambda value, row: amount(str(value), str(row.get("currency") or ""))
    if column.shape == "bool":
        return lambda value, row: "Yes" if value else "No"
    if name in {"website", "url"}:
        return lambda value, row: address(str(value))
    return lambda value, row: plain(value, spaced=name != "id")


def plain(value: Any, *, spaced: bool) -> str:
    """A day, a number or words; `spaced` sets the thousands of a number apart."""
    if isinstance(value, date):
        return when(value)
    return escape(f"{value:,}".replace(",", "\u202f") if isinstance(value, int) and spaced else value)


def amount(value: str, currency: str = "") -> str:
    """An amount with its thousands set apart and its currency, where it is at hand."""
    whole, point, rest = value.partition(".")
    cents = point + rest.ljust(2, "0") if rest.strip("0") else ""
    return escape(f"{int(whole):,}".replace(",", "\u202f") + cents + (f"\u00a0{currency}" if currency else ""))


def address(value: str) -> str:
    """A link out of the product, shown without its scheme."""
    shown = escape(value.split("://", 1)[-1].rstrip("/"))
    return f'<a href="{escape(value)}" rel="noopener noreferrer nofollow" target="_blank">{shown}</a>'


def linker(related: Any) -> Callable[[Any, Any], str]:
    """What writes links to records of a kind, given key and name; words alone where the kind has no page."""
    kind = related if isinstance(related, str) else related._meta.label_lower

    def link(key: Any, name: Any) -> str:
        target, words = links.url(kind, key), escape(name or key)
        return f'<a href="{target}">{words}</a>' if target else words

    return link


@lru_cache(maxsize=512)
def badge(tone: str, label: str) -> SafeString:
    return mark_safe(get_template("components/badge.html").render({"tone": tone, "label": label}).strip())


@lru_cache(maxsize=4096)
def ring(business: float, technology: float) -> SafeString:
    """The interlock ring, tiny, with its words."""
    told = {"business": business, "technology": technology, "size": "tiny"}
    return mark_safe(get_template("components/ring.html").render(told).strip())


def when(value: date) -> SafeString:
    """A day or instant as `3 May 2026`, exact on hover and for assistive technology."""
    return _when(value, timezone.get_current_timezone_name())


@lru_cache(maxsize=8192)
def _when(value: date, zone: str) -> SafeString:
    """As `when`, in the current time zone, which is `zone`."""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        exact = f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, date_format(local, "j M Y")
        )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), date_format(value, "j M Y"))


def happened(value: datetime, today: date) -> SafeString:
    """The day of an instant and how far it is, in words, with the exact instant on hover."""
    local = timezone.localtime(value)
    exact, day = date_format(local, "l j F Y, H:i T"), date_format(local, "j M Y")
    return format_html(
        '<span class="entry-when"><time datetime="{}" title="{}">{}</time> <span class="when-far">{}</span></span>',
        local.isoformat(),
        exact,
        day,
        relative(local.date(), today),
    )


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
