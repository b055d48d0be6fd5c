"""Keys as people and programs write them: 12, or a number such as SYS-12. Pure."""

import re

LARGEST = 10**18 - 1
"""Fits every database's key."""
_KEY = re.compile(r"[0-9]{1,18}")


def key(text: str) -> int | None:
    """The whole number from 0 to LARGEST that the text is in plain digits; None for anything else."""
    return int(text) if _KEY.fullmatch(text) else None


def numbered(text: str, prefix: str) -> int | None:
    """The key that an id or a number with this prefix names; None for anything else."""
    before, dash, digits = text.rpartition("-")
    return key(digits) if before == (prefix if dash else "") else None
