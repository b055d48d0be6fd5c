"""Pieces of pages that are drawn once, with holes where an address or a value goes."""

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

HOLE = "\0"
"""Where something will stand. The character is in no text of ours: forms refuse it, and so does PostgreSQL."""


def filled(drawn: str, url: str) -> SafeString:
    """The piece with its address in place."""
    return mark_safe(drawn.replace(HOLE, conditional_escape(url)))


@lru_cache(maxsize=64)
def around(name: str, *values: str) -> tuple[str, ...]:
    """What a component prints before, between and after these values, each printed once and in this order."""
    return tuple(get_template(name).render(dict.fromkeys(values, HOLE)).split(HOLE))


@dataclass(frozen=True)
class Piece:
    """One that leads somewhere for whoever may go there: `linked` has holes, `alone` is for everybody else."""

    linked: str
    alone: SafeString

    def to(self, url: str) -> SafeString:
        return filled(self.linked, url) if url else self.alone
