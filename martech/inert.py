"""Text in the cells of an exported table: inert for a spreadsheet, and back. Pure.

Which openers are guarded: "Files, text, calendars" of the reliability rules.
"""

import re
import unicodedata
from collections.abc import Iterable

GUARD = "'"
OPENERS = frozenset("=+-@")


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


def joined(texts: Iterable[str]) -> str:
    r"""Several texts in one cell, semicolons between; one inside a text, or a backslash, is ``\\;`` or ``\\\\``."""
    return ";".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


def parted(cell: str) -> list[str]:
    r"""The texts of a cell as ``joined`` wrote it, or as people write lists; blanks around and empty ones dropped."""
    found = re.findall(r"(?:\\.|[^;\\]|\\$)+", cell, re.DOTALL)
    return [text for text in (re.sub(r"\\([\\;])", r"\1", one).strip() for one in found) if text]
