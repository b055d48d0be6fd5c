"""Small words for templates."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, token_kwargs
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from martech.accounts.models import half
from martech.money import exact
from martech.web import cells, links, prose
from martech.web.holes import HOLE, Piece, filled

register = template.Library()


class Still(Node):
    """What another template says, the same on every page: rendered once a process."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def text(self) -> SafeString:
        return SafeString(get_template(self.name).render().strip())

    def render(self, context: Any) -> SafeString:
        return self.text


@register.tag
def still(_parser: Parser, token: Token) -> Node:
    """`{% still "components/keyboard.html" %}`: a template without inputs."""
    return Still(token.split_contents()[1].strip('"'))


PLAIN = frozenset({str, SafeString, int, float, bool, type(None)})
"""What a part may be remembered by: values that are what they look like. A record is the same when it has changed."""


class Part(Node):
    """A small component that sees nothing but what it is given; drawn anew only for what it was not given before.

    A component prints its `url` or leaves it out, and asks nothing else of it; so one drawing serves every address.
    """

    def __init__(self, name: str, given: dict[str, FilterExpression]) -> None:
        self.name, self.names = name, tuple(given)
        self.settled = [_settled(value) for value in given.values()]
        self.asked = [(place, one) for place, one in enumerate(given.values()) if self.settled[place] is None]
        self.url = self.names.index("url") if "url" in given else -1

    def render(self, context: Any) -> SafeString:
        values = self.settled.copy()
        for place, value in self.asked:
            values[place] = value.resolve(context)
        if any(type(value) not in PLAIN for value in values):
            return SafeString(get_template(self.name).render(dict(zip(self.names, values, strict=True))))
        url = values[self.url] if self.url >= 0 else ""
        if not url:
            return _part(self.name, self.names, *values)
        values[self.url] = HOLE
        return filled(_part(self.name, self.names, *values), url)


def _settled(value: FilterExpression) -> str | None:
    """What an expression says whatever the context: the text between quotes."""
    return value.var if isinstance(value.var, str) and not value.filters else None


@lru_cache(maxsize=4096, typed=True)
def _part(name: str, names: tuple[str, ...], /, *values: Any) -> SafeString:
    """`typed`: text that is safe is another than the same text that is not."""
    return SafeString(get_template(name).render(dict(zip(names, values, strict=True))))


@register.tag
def part(parser: Parser, token: Token) -> Node:
    """`{% part "components/tab.html" with label="Overview" url="#overview" only %}`: as `include`, with a memory.

    For components that ask nothing but their inputs: no user, no token, no clock.
    """
    _, name, *rest = token.split_contents()
    if rest[:1] != ["with"] or rest[-1:] != ["only"]:
        raise template.TemplateSyntaxError("part takes: a name, with, values, only.")
    return Part(name.strip('"'), token_kwargs(rest[1:-1], parser))


@register.filter
def leading_to(piece: Piece, url: str) -> SafeString:
    """A piece that was drawn once, with the address it leads to; alone where there is none."""
    return piece.to(url)


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
    """How far a day or instant is: `in 12 days`."""
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return cells.relative(day, today) if day else ""


@register.filter
def money(value: Decimal | None, currency: str) -> str:
    """An amount with its currency; nothing where there is none."""
    return cells.amount(exact(value) or "", currency) if value is not None else ""


@register.filter
def linked(text: str) -> SafeString:
    """What somebody typed, in paragraphs, with record numbers and addresses as links."""
    return prose.paragraphs(str(text or ""))


@register.filter
def state_word(record: Any) -> str:
    """The state of a record in a word."""
    return str(getattr(record, f"get_{record.STATE}_display")())


@register.filter
def state_tone(record: Any) -> str:
    """The tone of a record's state."""
    return str(record.TONES.get(record.state, "muted"))


@register.filter
def half_of(function: Any) -> str:
    """The half a function stands for: IT and security are the technology half, everybody else the business half."""
    return half(function.kind)


@register.filter
def nearness(value: date | None, today: date) -> str:
    """How a day looks from today: `late` when it is past, `near` within 30 days, else empty."""
    if not value:
        return ""
    days = (value - today).days
    return "late" if days < 0 else "near" if days <= 30 else ""


@register.filter
def ago(value: datetime | None, now: datetime) -> str:
    """How long ago an instant is: `5 min ago`, `3 h ago`, `yesterday`, then the day."""
    return cells.ago(value, now) if value else ""


@register.filter
def state_badge(record: Any) -> SafeString | str:
    """The state of a record as a badge with its tone."""
    return cells.state(record)


@register.filter
def happened(value: datetime, today: date) -> SafeString:
    """When something happened: the day, how long ago, the exact instant on hover."""
    return cells.happened(value, today)
