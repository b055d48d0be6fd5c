"""The icons: Heroicons' own tags, each drawn once a process and not on every page.

An icon whose name stands in the template is text before the first request. The package is no application of ours, so
that this is the library of its name.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import heroicons
from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, token_kwargs
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
SIZES = {"micro": 16, "mini": 20, "outline": 24, "solid": 24}


@lru_cache(maxsize=1024)
def drawn(style: str, name: str, **attributes: str) -> SafeString:
    """One icon as SVG; `attributes` as the tag takes them, such as aria_hidden="true"."""
    svg = heroicons._render_icon(style, name, SIZES[style], dict(attributes))
    return mark_safe("".join(line.strip() for line in svg.replace(' data-slot="icon"', "").splitlines()))


class Icon(Node):
    """An icon that the page names."""

    def __init__(self, style: str, name: FilterExpression, attributes: dict[str, FilterExpression]) -> None:
        self.style, self.name, self.attributes = style, name, attributes

    def render(self, context: Any) -> SafeString:
        given = {name: str(value.resolve(context)) for name, value in self.attributes.items()}
        return drawn(self.style, str(self.name.resolve(context)), **given)


def tag(style: str) -> Callable[[Parser, Token], Node]:
    def parse(parser: Parser, token: Token) -> Node:
        _, name, *rest = token.split_contents()
        icon = Icon(style, parser.compile_filter(name), token_kwargs(rest, parser))
        told = [icon.name, *icon.attributes.values()]
        return TextNode(icon.render(template.Context())) if all(isinstance(one.var, str) for one in told) else icon

    return parse


for one in SIZES:
    register.tag(f"heroicon_{one}", tag(one))
