"""What was settled about the columns of a file, and what must still be asked before its cells can be read."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from martech.folding import fold
from martech.imports import dates, numbers
from martech.imports.shapes import to_bool
from martech.imports.table import Table
from martech.imports.targets import Target, needs
from martech.inert import parted, unguard

REFUSE = "!"
"""The answer "report these rows as errors"."""
ASKED = 60
"""So many unknown values of one column are asked about; the rest are errors of their rows."""
LEAVE = (("", "Leave it empty"), (REFUSE, "Report these rows as errors"))
MONTH = (("first", "The first day of the month"), ("last", "The last day of the month"))
MODES = {
    "both": "Add new records and change known ones",
    "update": "Change known ones only",
    "create": "Add new ones only",
}


def _word(value: Any) -> bool:
    return isinstance(value, str)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _listed(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _one_of(value: Any, known: Iterable[str]) -> bool:
    return _listed(value) and set(value) <= set(known)


def _words(value: Any) -> bool:
    return isinstance(value, dict) and _listed([*value.values()])


def _nested(value: Any, sound: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(isinstance(one, dict) and sound(one) for one in value.values())


@dataclass
class Mapping:
    """What a person settled: JSON as it is.

    `columns`: column -> field. `dates`: column -> `formats`, `month`, `refused` (looks). `numbers`: column -> code of a
    NumberFormat. `values`: column -> folded text -> code, empty for none, REFUSE for an error. `create`: make vendors
    that are named and not here yet. `clear`: an empty cell empties the field. `mode`: a key of MODES.
    """

    columns: dict[str, str] = field(default_factory=dict)
    key: str = ""
    source: str = ""
    clear: bool = False
    create: bool = False
    mode: str = "both"
    dates: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    @staticmethod
    def sound(kept: Any) -> bool:
        """Whether a program's mapping has the shapes named above; what its words mean is asked later."""
        if not isinstance(kept, dict):
            return False
        shapes: dict[str, Callable[[Any], bool]] = {
            "columns": _words, "key": _word, "source": _word, "mode": _word, "clear": _truth, "create": _truth,
            "dates": lambda one: _nested(one, lambda inner: _one_of(inner.get("formats", []), dates.FORMATS)
                                         and _listed(inner.get("refused", []))
                                         and inner.get("month") in (None, "first", "last")),
            "numbers": lambda one: _words(one) and _one_of([*one.values()], [each.code for each in numbers.FORMATS]),
            "values": lambda one: _nested(one, _words),
        }  # fmt: skip
        return all(name in shapes and shapes[name](value) for name, value in kept.items())

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        return cls(**{name: value for name, value in kept.items() if name in cls.__dataclass_fields__})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def problems(self, places: dict[str, Target], keys: dict[str, str]) -> list[str]:
        """What keeps this from being a mapping at all, in sentences."""
        found = []
        for name, columns in self.by_field().items():
            if len(columns) > 1:
                found.append(f"Only one column can go to “{places[name].label}”: {' and '.join(columns)} do.")
        if not self.columns:
            found.append("Choose where at least one column goes.")
        elif self.key not in keys:
            found.append("Choose how a row finds its record.")
        else:
            for name in sorted(needs(self.key) - set(self.columns.values())):
                found.append(f"To find records by “{keys[self.key]}”, a column must go to “{places[name].label}”.")
        if "external_id" in self.columns.values() and not self.source.strip():
            found.append("Name the source whose ids the file carries.")
        return found

    def by_field(self) -> dict[str, list[str]]:
        """Field -> the columns that go there."""
        found: dict[str, list[str]] = {}
        for column, name in self.columns.items():
            found.setdefault(name, []).append(column)
        return found


@dataclass(frozen=True)
class Item:
    """One thing to choose. `code` names it within its column, `chosen` is the answer so far or None."""

    code: str
    text: str
    count: int
    options: tuple[tuple[str, str], ...]
    chosen: str | None


@dataclass(frozen=True)
class Question:
    """What must be settled about a column before anything can be previewed."""

    column: str
    target: Target
    items: tuple[Item, ...]

    @property
    def open(self) -> bool:
        return any(item.chosen is None for item in self.items)


def cells(table: Table, column: str) -> Iterable[str]:
    """The column's cells without the guard of an export; not those of rows that do not fit the header."""
    place = table.header.index(column)
    bad = {line for line, _ in table.faults}
    return (unguard(row[place]) for line, row in table.rows if line not in bad)


def questions(table: Table, mapping: Mapping, places: dict[str, Target]) -> list[Question]:
    """What the cells leave open, answered or not: the mapped columns whose values cannot be read in one way alone."""
    found = []
    for column, name in mapping.columns.items():
        place = places[name]
        ask = ASK.get(place.shape if name not in {"number", "external_id"} else "")
        items = ask(column, place, Counter(cells(table, column)), mapping) if ask else ()
        if items:
            found.append(Question(column, place, tuple(items)))
    return found


def known_values(place: Target) -> dict[str, str]:
    """Folded text -> code, for a choice: its codes and labels."""
    return {fold(label): str(code) for code, label in place.choices.items()} | {
        fold(str(code)): str(code) for code in place.choices
    }


def reads_as(place: Target) -> Callable[[str], str | None]:
    """Folded text -> code where the text alone says it."""
    if place.shape == "bool":

        def answer(text: str) -> str | None:
            try:
                return {True: "yes", False: "no", None: ""}[to_bool(text)]
            except ValueError:
                return None

        return answer
    return known_values(place).get


def _values(column: str, place: Target, found: Counter[str], mapping: Mapping) -> list[Item]:
    known = reads_as(place)
    options = (
        (("yes", "Yes"), ("no", "No"))
        if place.shape == "bool"
        else tuple((str(code), label) for code, label in place.choices.items())
    )
    unknown: Counter[str] = Counter()
    said: dict[str, str] = {}
    for text, count in found.items():
        for part in parted(text) if place.shape == "codes" else [text]:
            key = fold(part)
            if key and known(key) is None:
                unknown[key] += count
                said.setdefault(key, " ".join(part.split()))
    answers = mapping.values.get(column, {})
    return [
        Item(key, said[key], count, (*options, *LEAVE), answers.get(key, answers.get("*")))
        for key, count in unknown.most_common(ASKED)
    ]


def _dates(column: str, place: Target, found: Counter[str], mapping: Mapping) -> list[Item]:
    kept = mapping.dates.get(column, {})
    items, month = [], 0
    for shape in dates.describe_dates(found.elements()):
        if len(shape.formats) > 1:
            codes = [one.code for one in shape.formats]
            chosen = next((code for code in codes if code in kept.get("formats", ())), None)
            chosen = REFUSE if chosen is None and shape.shape in kept.get("refused", ()) else chosen
            options = (*((one.code, f"{one.code}: {one.label}") for one in shape.formats), LEAVE[1])
            items.append(Item(shape.shape, ", ".join(shape.examples), shape.count, options, chosen))
        if any(one.month_only for one in shape.formats):
            month += shape.count
    if month:
        items.append(Item("month", "A month without a day", month, MONTH, kept.get("month")))
    return items


def date_spec(column: str, found: Iterable[str], mapping: Mapping) -> dict[str, Any]:
    """How the column's dates are read: what is certain, and what was chosen."""
    kept = mapping.dates.get(column, {})
    certain = dates.date_spec(found)["formats"]
    return {"formats": sorted({*certain, *kept.get("formats", ())}), "month": kept.get("month"), "blank": []}


def _numbers(column: str, place: Target, found: Counter[str], mapping: Mapping) -> list[Item]:
    formats = numbers.number_formats(found)
    texts = [text for text in found if text.strip() and text.strip() not in dates.DASHES]
    if len(formats) == 1 or not texts:
        return []
    offered = formats or numbers.FORMATS
    options = tuple((one.code, f"{one.code}: {one.label}") for one in offered)
    return [Item("format", ", ".join(texts[:3]), len(texts), options, mapping.numbers.get(column))]


def number_spec(column: str, found: Iterable[str], mapping: Mapping) -> dict[str, str]:
    """How the column's numbers are read."""
    formats = numbers.number_formats(found)
    code = formats[0].code if len(formats) == 1 else mapping.numbers.get(column, "1234")
    return next(one.spec for one in numbers.FORMATS if one.code == code)


ASK: dict[str, Callable[[str, Target, Counter[str], Mapping], list[Item]]] = {
    "choice": _values,
    "codes": _values,
    "bool": _values,
    "date": _dates,
    "number": _numbers,
}


def answer(mapping: Mapping, question: Question, code: str, chosen: str) -> None:
    """Keep what was chosen for one item of a question; an answer that was not offered is not kept."""
    item = next((one for one in question.items if one.code == code), None)
    if item is None or chosen not in {value for value, _ in item.options}:
        return
    shape = question.target.shape
    if shape == "number":
        mapping.numbers[question.column] = chosen
    elif shape == "date":
        kept = mapping.dates.setdefault(question.column, {"formats": [], "month": None, "refused": []})
        if code == "month":
            kept["month"] = chosen
            return
        offered = {value for value, _ in item.options}
        kept["formats"] = [one for one in kept["formats"] if one not in offered]
        kept["refused"] = [one for one in kept["refused"] if one != code]
        kept["refused" if chosen == REFUSE else "formats"].append(code if chosen == REFUSE else chosen)
    else:
        mapping.values.setdefault(question.column, {})[code] = chosen
