"""Texts that may be numbers: which marks stand for decimals and thousands, and the number once that is known."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from martech.imports.dates import DASHES

LONGEST = 40  # characters; longer figures are no amounts
SPACES = " \u00a0\u2009\u202f"
GROUPS = {"": "", ",": ",", ".": "[.]", " ": f"[{SPACES}]", "'": "['’]"}
DECIMALS = {"": "", ".": "[.]", ",": ","}


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are written: ``decimal`` and ``group`` are the marks, empty where there are none.

    ``ambiguous_with`` names the formats that read the same texts as other numbers.
    """

    code: str
    label: str
    decimal: str
    group: str
    ambiguous_with: tuple[str, ...] = ()

    @property
    def spec(self) -> dict[str, str]:
        """For ``to_number``; JSON."""
        return {"decimal": self.decimal, "group": self.group}


# The narrowest first: a format promises no more than the values show.
FORMATS = (
    NumberFormat("1234", "whole numbers", "", ""),
    NumberFormat("1234.56", "decimal point", ".", ""),
    NumberFormat("1234,56", "decimal comma", ",", ""),
    NumberFormat("1,234.56", "decimal point, commas between thousands", ".", ","),
    NumberFormat("1.234,56", "decimal comma, points between thousands", ",", "."),
    NumberFormat("1 234.56", "decimal point, spaces between thousands", ".", " "),
    NumberFormat("1 234,56", "decimal comma, spaces between thousands", ",", " "),
    NumberFormat("1'234.56", "decimal point, apostrophes between thousands", ".", "'"),
    NumberFormat("1'234,56", "decimal comma, apostrophes between thousands", ",", "'"),
)


def number_formats(values: Iterable[str]) -> list[NumberFormat]:
    """The formats that read every value that is neither empty nor a dash, one for each different result.

    More than one means that the column cannot say which is meant (``1.234``): each names the others.
    """
    texts = sorted({value.strip() for value in values} - DASHES)
    results: dict[tuple[Decimal, ...], NumberFormat] = {}
    for known in FORMATS if texts else ():
        numbers = tuple(number for text in texts if (number := _read(text, known.decimal, known.group)) is not None)
        if len(numbers) == len(texts):
            results.setdefault(numbers, known)
    codes = [known.code for known in results.values()]
    return [
        replace(known, ambiguous_with=tuple(code for code in codes if code != known.code)) for known in results.values()
    ]


def to_number(text: str, spec: Mapping[str, Any]) -> Decimal | None:
    """The number written, None for an empty cell or a dash; ``spec`` is a ``NumberFormat.spec``.

    Raises ValueError with a sentence.
    """
    clean = text.strip()
    if clean in DASHES:
        return None
    decimal, group = spec.get("decimal", ""), spec.get("group", "")
    if decimal not in DECIMALS or group not in GROUPS or (decimal and decimal == group):
        raise ValueError("The number format is not one of those that can be read.")
    number = _read(clean, decimal, group)
    if number is not None:
        return number
    shown = clean if len(clean) <= LONGEST else f"{clean[:LONGEST]}…"
    if len(clean) <= LONGEST and re.fullmatch(r"\D*\d[\d.,'’\s]*\D*", clean) and re.search(r"[^\d\s.,'’+()−-]", clean):
        raise ValueError(f"“{shown}” is not a plain number: leave out the currency sign or unit.")
    written = next((known.code for known in FORMATS if (known.decimal, known.group) == (decimal, group)), "1234")
    raise ValueError(f"“{shown}” is not a number written like {written}.")


def _read(text: str, decimal: str, group: str) -> Decimal | None:
    if len(text) > LONGEST:
        return None
    match = _pattern(decimal, group).fullmatch(text)
    if match is None:
        return None
    whole = re.sub(r"[^0-9]", "", match["whole"] or match["bracketed"] or "")
    number = (
        Decimal(f"{whole or '0'}.{match['fraction'] or match['bracketed_fraction'] or '0'}")
        if decimal
        else Decimal(whole)
    )
    if decimal and not (match["fraction"] or match["bracketed_fraction"]):
        number = Decimal(whole or "0")
    return -number if match["sign"] in ("-", "−") or text.startswith("(") else number


@cache
def _pattern(decimal: str, group: str) -> re.Pattern[str]:
    mark = GROUPS[group]
    whole = rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]+" if group else "[0-9]+"
    if group == ",":
        whole = rf"[0-9]{{1,2}}(?:,[0-9]{{2}})*,[0-9]{{3}}|{whole}"  # lakh and crore: 12,34,567
    return re.compile(rf"(?P<sign>[+−-]?) ?{_figure(whole, decimal, '')}|\({_figure(whole, decimal, 'bracketed')}\)")


def _figure(whole: str, decimal: str, prefix: str) -> str:
    name, rest = (prefix, f"{prefix}_fraction") if prefix else ("whole", "fraction")
    if not decimal:
        return rf"(?P<{name}>{whole})(?P<{rest}>(?!))?"
    return rf"(?=[^0-9]?[0-9])(?P<{name}>{whole})?(?:{DECIMALS[decimal]}(?P<{rest}>[0-9]+))?"
