"""What the columns of JSON hold, by kind of record and field. A column that is not here may hold anything."""

from typing import Any

TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
CLOCK = {"type": "string", "description": "HH:MM; 24:00 ends a day."}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def by_name(value: dict[str, Any], example: Any = None) -> dict[str, Any]:
    """An object whose names are not settled, each with such a value."""
    made: dict[str, Any] = {"type": "object", "additionalProperties": value}
    return made if example is None else {**made, "examples": [example]}


EVERYWHERE = {"field_sources": by_name(TEXT, {"name": "erp", "country": ""})}
"""Columns of every kind of record."""

STRUCTURES: dict[str, dict[str, Any]] = {
    "accounts.token.kinds": {**TEXTS, "examples": [["inventory.vendor"]]},
    "calendars.calendar.weekly": {
        "type": "object",
        "properties": {
            day: {"type": "array", "items": {"type": "array", "items": CLOCK, "minItems": 2, "maxItems": 2}}
            for day in DAYS
        },
        "examples": [{"monday": [["09:00", "12:30"], ["13:15", "17:30"]], "friday": [["09:00", "15:00"]]}],
    },
    "calendars.calendar.own_days": {
        "type": "array",
        "items": {"type": "string", "format": "date"},
        "examples": [["2026-12-24"]],
    },
    "imports.importbatch.header": {**TEXTS, "examples": [["Vendor", "Web site"]]},
    "imports.importbatch.counts": by_name({}, {"create": 12, "update": 3, "unchanged": 40, "skipped": 0, "error": 1}),
    "imports.importbatch.applied": by_name({}, {"created": 12, "updated": 3}),
    "imports.importbatch.reading": {
        "type": "object",
        "properties": {"encoding": TEXT, "separator": TEXT, "sheet": TEXT},
        "examples": [{"separator": ";"}],
    },
    "imports.importbatch.mapping": {
        "type": "object",
        "properties": {
            "columns": by_name(TEXT),
            "key": TEXT,
            "source": TEXT,
            "mode": {"type": "string", "enum": ["both", "update", "create"]},
            "clear": {"type": "boolean"},
            "create": {"type": "boolean"},
            "dates": by_name({"type": "object"}),
            "numbers": by_name(TEXT),
            "values": by_name(by_name(TEXT)),
        },
        "examples": [{"columns": {"Vendor": "name", "Web site": "website"}, "mode": "both"}],
    },
}


def of(label: str, name: str) -> dict[str, Any]:
    """The schema of a column of JSON of a kind of record, such as ("accounts.token", "kinds")."""
    return STRUCTURES.get(f"{label}.{name}", EVERYWHERE.get(name, {}))
