"""Markdown from rows. Pure."""

from collections.abc import Iterable, Sequence

WRITTEN = "<!-- Written by `python3 manage.py tables` from the code. Change the code, not this page. -->"


def page(title: str, lead: str, *parts: str) -> str:
    """A whole page: its title, a sentence or two, and its parts with a blank line between them."""
    return "\n\n".join([WRITTEN, f"# {title}", lead, *(part for part in parts if part)]) + "\n"


def section(heading: str, *parts: str, level: int = 2) -> str:
    """A heading and what stands below it; nothing where there is nothing below it."""
    below = [part for part in parts if part]
    return "\n\n".join([f"{'#' * level} {heading}", *below]) if below else ""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; empty text where there are no rows."""
    lines = [f"| {' | '.join(cell(value) for value in row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *lines]) if lines else ""


def cell(value: object) -> str:
    """A value that cannot break out of its cell."""
    return " ".join(str(value).replace("|", "\\|").split())


def code(text: object) -> str:
    return f"`{text}`" if str(text) else ""


def codes(names: Iterable[object]) -> str:
    return ", ".join(code(name) for name in names)


def block(language: str, lines: Iterable[str]) -> str:
    return "\n".join([f"```{language}", *lines, "```"])


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
