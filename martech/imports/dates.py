"""Texts that may be days: which readings fit, which are ambiguous, and the day itself once the user has chosen."""

import calendar
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

LONGEST = 60  # characters of a date with its time
DASHES = frozenset({"", "-", "–", "—", "−"})
TIME = (
    r"[T ] ?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?"
)
PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<year>[0-9]{2})",
    "MM": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{1,2})",
    "Month": r"(?P<name>[^\W\d_]{3,12})\.?",
}
SPOKEN = {"YYYY": "year", "YY": "two-digit year (1969 to 2068)", "MM": "month", "DD": "day", "Month": "month by name"}
MONTHS = (  # English, German, French, without accents; the first three letters of most are understood too
    "january jan januar janner janvier janv",
    "february feb februar feber fevrier fevr fev",
    "march mar marz maerz mrz mars",
    "april apr avril avr",
    "may mai",
    "june jun juni juin",
    "july jul juli juillet juil",
    "august aug aout",
    "september sep sept septembre",
    "october oct oktober okt octobre",
    "november nov novembre",
    "december dec dezember dez decembre",
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, 1) for name in names.split()}


@dataclass(frozen=True, slots=True)
class DateFormat:
    """One way to read a date, ``DD/MM/YY`` or ``YYYY-MM``. ``month_only``: the user must say which day of the month.

    ``ambiguous_with`` names the other formats that read the same texts, as other days.
    """

    code: str
    label: str
    month_only: bool = False
    ambiguous_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DateShape:
    """Texts of one look (``00/00/00``; ``?`` for no date; empty for blanks and dashes), how many, and their readings.

    ``formats`` read all of them. ``question`` is what must be asked before they may be read, or empty.
    """

    shape: str
    count: int
    examples: tuple[str, ...]
    formats: tuple[DateFormat, ...]
    question: str = ""


def _codes() -> Iterable[str]:
    yield "YYYYMMDD"
    for mark in "-/.":
        for order in (
            "YYYY MM DD",
            "DD MM YYYY",
            "MM DD YYYY",
            "DD MM YY",
            "MM DD YY",
            "YY MM DD",
            "YYYY MM",
            "MM YYYY",
        ):
            yield order.replace(" ", mark)
    yield from ("DD Month YYYY", "Month DD YYYY", "DD Month YY", "YYYY Month DD", "Month YYYY")


def _format(code: str) -> DateFormat:
    days = code.removesuffix(" hh:mm")
    parts = re.findall("YYYY|YY|MM|DD|Month", days)
    label = ", ".join(SPOKEN[part] for part in parts) + (", time left out" if code.endswith("hh:mm") else "")
    return DateFormat(code, label, month_only="DD" not in parts)


def _pattern(code: str) -> re.Pattern[str]:
    days = code.removesuffix(" hh:mm")
    pattern = re.sub("YYYY|YY|MM|DD|Month|[./]| ", lambda part: PARTS.get(part[0]) or _mark(part[0]), days)
    if days == "YYYYMMDD":
        pattern = r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"
    return re.compile(pattern + (TIME if code.endswith("hh:mm") else ""))


def _mark(mark: str) -> str:
    return r"(?:\. ?|, ?| ?- ?| |/)" if mark == " " else re.escape(mark)


FORMATS = {
    code: _format(code) for plain in _codes() for code in ((plain,) if "DD" not in plain else (plain, f"{plain} hh:mm"))
}
PATTERNS = {code: _pattern(code) for code in FORMATS}


def date_formats(values: Iterable[str]) -> list[DateFormat]:
    """The formats that read every value that is neither empty nor a dash; none for a column of several looks.

    More than one means the column cannot say which is meant: each names the others.
    """
    texts = {_clean(value) for value in values} - DASHES
    return _reading(texts)


def describe_dates(values: Iterable[str]) -> list[DateShape]:
    """The looks found in a column, the most frequent first, each with the question it raises."""
    groups: dict[str, Counter[str]] = {}
    for value, times in Counter(map(_clean, values)).items():
        groups.setdefault(_shape(value), Counter())[value] = times
    shapes = [_describe(shape, found) for shape, found in groups.items()]
    return sorted(shapes, key=lambda shape: (-shape.count, shape.shape))


def date_spec(values: Iterable[str]) -> dict[str, Any]:
    """The spec for ``to_date`` that follows from the values alone; the user adds what is ambiguous."""
    known = [shape.formats[0].code for shape in describe_dates(values) if len(shape.formats) == 1]
    return {"formats": sorted(set(known)), "month": None, "blank": []}


def to_date(text: str, spec: Mapping[str, Any]) -> date | None:
    """The day ``text`` names, None for an empty cell or a dash.

    ``spec`` is JSON: ``formats`` lists the accepted codes of ``FORMATS``; ``month`` is "first" or "last" where a month
    stands for a day, else None; ``blank`` lists further texts that mean empty. Raises ValueError with a sentence.
    """
    clean = _clean(text)
    if clean in DASHES or any(clean == _clean(blank) for blank in spec.get("blank") or ()):
        return None
    days: dict[date, str] = {}
    impossible = False
    for code in spec.get("formats") or ():
        if code not in FORMATS:
            raise ValueError(f"“{str(code)[:40]}” is not a date format.")
        match = PATTERNS[code].fullmatch(clean)
        if match is None:
            continue
        found = _day(match, None if not FORMATS[code].month_only else spec.get("month") or "")
        if found is not None:
            days.setdefault(found, code)
        elif FORMATS[code].month_only and spec.get("month") not in ("first", "last") and _day(match, "first"):
            raise ValueError(
                f"“{_short(clean)}” is a month without a day: choose the first or the last day of the month."
            )
        else:
            impossible = True
    if len(days) > 1:
        readings = " or ".join(f"{day.isoformat()} ({code})" for day, code in days.items())
        raise ValueError(f"“{_short(clean)}” can be read as {readings}: keep one of these formats.")
    if days:
        return next(iter(days))
    if impossible:
        raise ValueError(f"“{_short(clean)}” is not a day of the calendar.")
    accepted = ", ".join(map(str, spec.get("formats") or ())) or "none is chosen yet"
    raise ValueError(f"“{_short(clean)}” is not a date in an accepted format ({accepted}).")


def _day(match: re.Match[str], month_rule: str | None) -> date | None:
    """The day matched, or None where the calendar has none or the month rule is missing."""
    parts = match.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 69 else 1900
    month = _month(parts["name"]) if "name" in parts else int(parts["month"])
    if not 1 <= month <= 12 or year < 1:
        return None
    last = calendar.monthrange(year, month)[1]
    if month_rule is not None:
        return {"first": date(year, month, 1), "last": date(year, month, last)}.get(month_rule)
    day = int(parts["day"])
    return date(year, month, day) if 1 <= day <= last else None


@cache
def _month(name: str) -> int:
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalpha())
    return MONTH_NUMBERS.get(bare, 0)


def _reading(texts: set[str]) -> list[DateFormat]:
    if not texts:
        return []
    one = next(iter(texts))
    codes = [code for code, pattern in PATTERNS.items() if pattern.fullmatch(one)]
    codes = [code for code in codes if all(_reads(code, text) for text in texts)]
    return [replace(FORMATS[code], ambiguous_with=tuple(other for other in codes if other != code)) for code in codes]


def _reads(code: str, text: str) -> bool:
    match = PATTERNS[code].fullmatch(text)
    return match is not None and _day(match, "first" if FORMATS[code].month_only else None) is not None


def _describe(shape: str, found: Counter[str]) -> DateShape:
    examples = tuple(text for text, _ in found.most_common(3))
    total = found.total()
    if not shape:
        return DateShape("", total, tuple(text for text in examples if text), ())
    if shape == "?":
        return DateShape(
            "?", total, examples, (), f"“{_short(examples[0])}” is not a date: leave such cells out, or correct them."
        )
    formats = tuple(_reading(set(found)))
    question = ""
    if not formats:
        question = (
            f"No single reading fits all of these; “{_short(examples[0])}” is one. Correct the cells that differ."
        )
    elif len(formats) > 1:
        question = f"“{examples[0]}”: is it {' or '.join(each.code for each in formats)}?"
    elif formats[0].month_only:
        question = f"“{examples[0]}” is a month without a day: is its first or its last day meant?"
    return DateShape(shape, total, examples, formats, question)


def _shape(text: str) -> str:
    if text in DASHES:
        return ""
    if len(text) > LONGEST or not any(pattern.fullmatch(text) for pattern in PATTERNS.values()):
        return "?"
    look = re.sub("[0-9]+", lambda digits: "0" * max(2, len(digits[0])), text)
    return re.sub(r"[^\W\d_]{3,}", "month", look)


def _clean(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
