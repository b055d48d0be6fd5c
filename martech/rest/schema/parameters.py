"""The parameters of a list, from its filter set: real types, codes, what each means, and an example."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter

from martech.columns import Column, columns
from martech.filtering import LONGEST_SEARCH, Asked, Filters
from martech.operations import Record
from martech.rest import idempotency, pagination

DAY = r"^(today|[+-]?\d{1,4}[dwm]|[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))$"
WHOLE = 10**15 - 1


KEY = {"$ref": f"#/components/parameters/{idempotency.HEADER}"}
SHARED = {
    idempotency.HEADER: {
        "in": "header",
        "name": idempotency.HEADER,
        "description": "A new one for each thing to do. Sent again it is not done again, and answered alike for a day.",
        "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
        "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
    }
}
"""Parameters that many operations take, described once."""


def asked(name: str, schema: dict[str, Any], description: str, example: Any = None, **more: Any) -> OpenApiParameter:
    """A parameter of a query; the example is a value as a client would hold it."""
    told = schema if example is None else {**schema, "examples": [example]}
    if schema.get("type") == "array":
        more |= {"style": "form", "explode": False}
    return OpenApiParameter(name, told, description=description, **more)  # type: ignore[arg-type]


LIMIT = asked(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": pagination.MOST, "default": pagination.DEFAULT},
    "How many at most.",
    100,
)
OFFSET = asked(
    "offset",
    {"type": "integer", "minimum": 0, "maximum": pagination.FURTHEST, "default": 0},
    "How many to pass over.",
    200,
)
CURSOR = asked(
    "cursor",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"},
    "Empty to begin a walk over everything by id; then what `next` says. Without `offset` and `ordering`.",
    "aWQ6NTA",
    allow_blank=True,
)
COUNT = asked("count", {"type": "boolean", "default": True}, "`false` leaves the count out, which is quicker.", False)
PAGES = (LIMIT, OFFSET, CURSOR, COUNT)
SEARCH = asked(
    "q",
    {"type": "string", "maxLength": LONGEST_SEARCH},
    "Words that must all be found, in any order, ignoring case and accents. A number finds its record.",
    "postcard",
)
RETIRED = asked(
    "retired",
    {"type": "string", "enum": ["false", "true", "all"], "default": "false"},
    "Only what is in use (`false`), only what is retired (`true`), or both (`all`).",
    "all",
)
FORMAT = asked(
    "format",
    {"type": "string", "enum": ["json", "csv", "xlsx"], "default": "json"},
    "A page as JSON, or the whole list as a CSV or Excel file that can be imported again.",
    "csv",
)


def of_list(filters: type[Filters], model: type[Record]) -> list[OpenApiParameter]:
    """Everything a list of records can be asked."""
    named = [filtered(name, asks) for name, asks in filters.base_filters.items()]
    return [*named, SEARCH, ordering(filters), RETIRED, *PAGES, chosen(model), FORMAT]


def ordering(filters: type[Filters]) -> OpenApiParameter:
    """What the list can be ordered by."""
    names = dict.fromkeys(name.removeprefix("-") for name in (*filters.sort, "id", "number"))
    both = [sign + name for name in names for sign in ("", "-")]
    return asked(
        "ordering",
        {"type": "array", "items": {"type": "string", "enum": both}},
        f"In this order, with `-` for the other way; several with commas. By `{filters.sort[0]}` where not said.",
        [f"-{filters.sort[-1]}"],
    )


def chosen(model: type[Record]) -> OpenApiParameter:
    """The fields a list can be narrowed to."""
    return asked(
        "fields",
        {"type": "array", "items": {"type": "string", "enum": [*columns(model), "verbs"]}},
        "Only these fields, with commas; `id` is always there. `verbs` adds what you may do to each"
        + (", `external_ids` what sources call it." if "external_ids" in columns(model) else "."),
        ["number", "name"] if "name" in columns(model) else ["number"],
    )


def filtered(name: str, asks: Asked) -> OpenApiParameter:
    """One filter."""
    column, label = asks.column, asks.column.label
    if asks.operator == "isnull":
        return asked(name, {"type": "boolean"}, f"`true`: {label} is empty. `false`: it is given.", True)
    if column.shape in {"date", "instant"}:
        way = "on this day or later" if asks.operator == "gte" else "on this day or earlier"
        said = f"{label}: {way}. A date, `today`, or days, weeks or months from today: `+90d`, `-2w`, `+6m`."
        example = "today" if asks.operator == "gte" else "+90d"
        return asked(name, {"type": "string", "pattern": DAY}, said, example)
    if column.shape == "number":
        way = {"gte": "this or more", "lte": "this or less"}.get(asks.operator, "exactly this")
        bounds = {"minimum": -WHOLE, "maximum": WHOLE}
        return asked(name, {"type": "integer", **bounds}, f"{label}: {way}.", 100)
    if column.shape == "bool":
        return asked(name, {"type": "boolean"}, f"{label}: yes or no.", True)
    if column.shape in {"choice", "codes"}:
        return coded(name, column)
    if column.shape in {"reference", "references"}:
        return referring(name, column)
    if column.shape == "named":
        said = "The record that a source calls so: the name of the source, a colon, and its id there."
        return asked(name, {"type": "string", "pattern": "^[^:]*[^: ][^:]*:.*[^ ].*$"}, said, "erp:V-1")
    if asks.operator == "icontains":
        return asked(name, {"type": "string"}, f"{label} contains this, ignoring case.", part(column))
    return asked(name, {"type": "string"}, f"{label} is this, ignoring case; `-` finds what has none.", part(column))


def coded(name: str, column: Column) -> OpenApiParameter:
    codes = [code for code in column.choices if str(code)]
    kind = "integer" if all(isinstance(code, int) for code in codes) else "string"
    meanings = ", ".join(f"`{code}` ({column.choices[code]})" for code in codes)
    said = f"{column.label}: one of these codes, or any of several with commas. {meanings}."
    return asked(name, {"type": "array", "items": {"type": kind, "enum": codes}}, said, codes[:2])


def referring(name: str, column: Column) -> OpenApiParameter:
    prefix = getattr(column.related, "PREFIX", "")
    me = "|me" if prefix == "PER" else ""
    said = f"{column.label}: any of these records, by id or number, with commas."
    said += " `me` is the person who asks." if me else ""
    items = {"type": "string", "pattern": f"^(({prefix}-)?[0-9]{{1,18}}{me})$"}
    return asked(name, {"type": "array", "items": items}, said, [f"{prefix}-12", "14"])


def part(column: Column) -> str:
    """A few letters that such a text may hold."""
    return {"origin": "page", "country": "IE", "residency": "EU"}.get(column.name, "post")
