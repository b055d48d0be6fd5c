"""How the cells of a RACI file are written and read: letters alone, or names with their letters. Pure."""

import re
from collections.abc import Iterable

from governance import letters
from martech.folding import fold

ENTRY = re.compile(r"\s*([^\n]+?)\s*\(\s*([RACI](?:[\s/,;+&.|]*[RACI])*)\s*\)\s*(?:[,;\n]|\Z)", re.IGNORECASE)
BETWEEN = re.compile(r"[\s/,;+&.|]+")
BLANKS = re.compile(r"[^\S\n]+")
"""Made one before a cell is read: in a long run of them the pattern above would try every beginning."""
LONGEST = 2_000
"""Characters of a cell that is read."""
NOTHING = frozenset({"", "-", "–", "—"})
SPELLED = {word: letter for letter, word in letters.WORDS.items()}
"""Letters as some files spell them out: accountable -> A."""


def lettered(text: str) -> str:
    """The letters of a cell such as `A/R`, `R,A`, `AR`, `a` or `Responsible`, in the order of RACI; a dash is nothing.

    ValueError with a sentence for anything else, and for letters that one holder may not have together.
    """
    if text.strip() in NOTHING:
        return ""
    parts = [part for part in BETWEEN.split(fold(text)) if part]
    told = "".join(SPELLED.get(part, part) for part in parts)
    try:
        return letters.ordered(told)
    except ValueError as error:
        raise ValueError(str(error).replace(f"“{told}”", f"“{text.strip()[:40]}”")) from None


def written(holders: Iterable[tuple[str, str]]) -> str:
    """Names with their letters in one cell: `Ines Falk (A), Web (R)`. Somebody with two: `Ines Falk (R/A)`."""
    return ", ".join(f"{name} ({'/'.join(told)})" for name, told in holders)


def named(text: str) -> list[tuple[str, str]]:
    """The names of a cell as `written` wrote it, with their letters; ValueError where it is written otherwise."""
    text = BLANKS.sub(" ", text)
    found, place = [], 0
    while text[place:].strip() not in NOTHING:
        entry = ENTRY.match(text, place)
        if entry is None:
            raise ValueError(f"“{text[place:].strip()[:60]}” is not a name with its letters, such as Ines Falk (A).")
        found.append((entry[1], lettered(entry[2])))
        place = entry.end()
    return found


def plain(name: str) -> bool:
    """Whether a name stands in a cell without being taken for something else."""
    try:
        return named(f"{name} (A), {name} (R)") == [(name, "A"), (name, "R")]
    except ValueError:
        return False
