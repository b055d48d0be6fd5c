"""What the text of a cell stands for: formula guard, booleans; from their own modules names, dates and numbers."""

from martech.folding import fold
from martech.imports.dates import (
    DASHES,
    DateFormat,
    DateShape,
    date_formats,
    date_spec,
    describe_dates,
    to_date,
)
from martech.imports.folding import fold_company
from martech.imports.numbers import NumberFormat, number_formats, to_number
from martech.inert import guard, unguard

__all__ = [
    "DateFormat",
    "DateShape",
    "NumberFormat",
    "date_formats",
    "date_spec",
    "describe_dates",
    "fold",
    "fold_company",
    "guard",
    "number_formats",
    "to_bool",
    "to_date",
    "to_number",
    "unguard",
]

YES = frozenset(
    ["yes", "y", "true", "t", "1", "x", "on", "ja", "j", "wahr", "oui", "o", "vrai", "sí", "si", "✓", "✔", "☑"]
)
NO = frozenset(["no", "n", "false", "f", "0", "off", "nein", "falsch", "non", "faux", "✗", "✘", "☐"])


def to_bool(text: str) -> bool | None:
    """Yes or no in English, German or French, None for an empty cell or a dash. ValueError otherwise."""
    folded = fold(text)
    if folded in DASHES:
        return None
    if folded in YES:
        return True
    if folded in NO:
        return False
    shown = text.strip() if len(text.strip()) <= 40 else f"{text.strip()[:39]}…"
    raise ValueError(f"“{shown}” is neither yes nor no.")
