"""The cells of one row -> the values of one record's fields, as settled in a mapping."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from martech.folding import fold
from martech.imports import dates, numbers
from martech.imports.directory import Directory
from martech.imports.mapping import REFUSE, Mapping, cells, date_spec, number_spec, reads_as
from martech.imports.table import Table
from martech.imports.targets import Target
from martech.inert import GUARD, parted, unguard

Convert = Callable[[str], Any]


def canonical(text: str) -> str:
    """Text as two spellings of it are compared: line ends alike, no control characters, no blanks around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(letter for letter in text if letter in "\n\t" or ord(letter) > 31)
    return text.strip()


SHARED = frozenset({"choice", "bool", "number", "date", "instant", "reference"})
"""Shapes of which many rows have the same value, and none is changed in place."""


def _remembering(convert: Convert, target: Target) -> Convert:
    return lru_cache(maxsize=4096)(convert) if target.shape in SHARED else convert


class Reader:
    """Reads rows of one table. `row` gives field -> value, plain as JSON keeps it; a record yet to be made is
    `{"new": name}`, a cleared field None, "" or []."""

    def __init__(self, table: Table, mapping: Mapping, places: dict[str, Target], directory: Directory) -> None:
        self.table, self.mapping, self.directory = table, mapping, directory
        self.ways = [
            (
                table.header.index(column),
                places[name],
                _remembering(self._converter(column, places[name]), places[name]),
            )
            for column, name in mapping.columns.items()
        ]

    def row(self, row: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
        """(values, what is wrong in sentences); a cell that says nothing gives no value."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for place, target, convert in self.ways:
            text = row[place]
            if text.startswith(GUARD):
                text = unguard(text)
            if not text.strip():
                if self.mapping.clear and target.clears:
                    values[target.name] = target.cleared
                continue
            try:
                value = convert(text)
            except ValueError as error:
                wrong.append(f"{target.label}: {error}")
                continue
            if value is not None:
                values[target.name] = value
        return values, wrong

    def _converter(self, column: str, target: Target) -> Convert:
        if target.name in {"number", "external_id"}:
            return str.strip
        made: dict[str, Callable[[str, Target], Convert]] = {
            "choice": self._choice,
            "codes": self._codes,
            "bool": self._bool,
            "date": self._date,
            "number": self._number,
            "money": self._amount,
            "reference": self._reference,
            "references": self._references,
        }
        if target.shape in made:
            return made[target.shape](column, target)
        return parted if target.shape == "lines" else canonical

    def _chosen(self, column: str, target: Target) -> Callable[[str], str | None]:
        """Text -> code; None for none."""
        known, answers = reads_as(target), self.mapping.values.get(column, {})

        def chosen(text: str) -> str | None:
            key = fold(text)
            code = known(key)
            if code is None:
                code = answers.get(key, answers.get("*", REFUSE))
                if code == REFUSE:
                    raise ValueError(f"“{text.strip()[:60]}” is none of the choices.")
            return code or None

        return chosen

    def _choice(self, column: str, target: Target) -> Convert:
        chosen = self._chosen(column, target)
        codes = {str(code): code for code in target.choices}
        return lambda text: codes.get(chosen(text) or "")

    def _bool(self, column: str, target: Target) -> Convert:
        chosen = self._chosen(column, target)
        return lambda text: {"yes": True, "no": False}.get(chosen(text) or "")

    def _codes(self, column: str, target: Target) -> Convert:
        chosen = self._chosen(column, target)
        return lambda text: [code for code in map(chosen, parted(text)) if code]

    def _date(self, column: str, target: Target) -> Convert:
        spec = date_spec(column, cells(self.table, column), self.mapping)

        def convert(text: str) -> str | None:
            day = dates.to_date(text, spec)
            return day.isoformat() if day else None

        return convert

    def _number(self, column: str, target: Target) -> Convert:
        spec = number_spec(column, cells(self.table, column), self.mapping)

        def convert(text: str) -> int | None:
            number = numbers.to_number(text, spec)
            if number is not None and number != number.to_integral_value():
                raise ValueError(f"“{text.strip()[:40]}” is not a whole number.")
            return None if number is None else int(number)

        return convert

    def _amount(self, column: str, target: Target) -> Convert:
        spec = number_spec(column, cells(self.table, column), self.mapping)

        def convert(text: str) -> str | None:
            number = numbers.to_number(text, spec)
            return None if number is None else str(number)

        return convert

    def _reference(self, column: str, target: Target) -> Convert:
        creates = self.mapping.create and target.related._meta.label_lower == "inventory.vendor"

        def convert(text: str) -> Any:
            key = self.directory.find(target.related, text)
            if key is not None:
                return key
            if creates:
                return {"new": " ".join(text.split())}
            raise ValueError(f"There is no {target.related._meta.verbose_name} called “{text.strip()[:60]}”.")

        return convert

    def _references(self, column: str, target: Target) -> Convert:
        one = self._reference(column, target)
        return lambda text: [one(part) for part in parted(text)]
