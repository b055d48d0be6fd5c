"""What the text of a cell stands for: formula guard, booleans; from their own modules names, dates and numbers."""

import unicodedata

from martech.imports.dates import (
    DASHES,
    DateFormat,
    DateShape,
    date_formats,
    date_spec,
    describe_dates,
    to_date,
)
from martech.imports.folding import fold, fold_company
from martech.imports.numbers import NumberFormat, number_formats, to_number

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

GUARD = "'"
OPENERS = frozenset("=+-@")
YES = frozenset(
    ["yes", "y", "true", "t", "1", "x", "on", "ja", "j", "wahr", "oui", "o", "vrai", "sí", "si", "✓", "✔", "☑"]
)
NO = frozenset(["no", "n", "false", "f", "0", "off", "nein", "falsch", "non", "faux", "✗", "✘", "☐"])


def guard(text: str) -> str:
    """``text`` made inert for a spreadsheet: a ``'`` before what it would take for a formula. Not for numbers.

    A text that already carries such a ``'`` gets another, so that ``unguard(guard(text)) == text`` for every text.
    """
    return GUARD + text if _opens_formula(text) else text


def unguard(text: str) -> str:
    """Take off the one ``'`` that ``guard`` put there; any other ``'`` stays."""
    return text[1:] if text.startswith(GUARD) and _opens_formula(text) else text


def _opens_formula(text: str) -> bool:
    bare = text.lstrip(GUARD)
    if bare[:1] in ("\t", "\r", "\n"):
        return True
    for letter in bare:
        # blanks, controls and invisible characters are dropped by spreadsheets before they look
        if letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf"):
            continue
        return unicodedata.normalize("NFKC", letter)[:1] in OPENERS  # ＝ and ﹦ open a formula as = does
    return False


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
