"""Every kind of record: its fields, codes, filters, order, verbs and states."""

from functools import cache
from typing import Any

from django.db import models as fields
from django.urls import get_resolver

from martech import arguments
from martech.checks import records
from martech.columns import Column, columns
from martech.operations import Record
from martech.permissions import engine
from martech.permissions.table import FIELD_GROUPS, PERMISSIONS
from martech.reference.markdown import block, capital, code, codes, page, section, table
from martech.rest import serializers
from martech.rest.viewsets import RecordViewSet
from martech.verbs import verb as words_of

TYPES = {
    "named": "list of sources with their ids",
    "text": "text",
    "long": "long text",
    "lines": "list of texts",
    "codes": "list of codes",
    "choice": "code",
    "number": "whole number",
    "money": "amount, as text",
    "bool": "true or false",
    "date": "date",
    "instant": "instant (UTC)",
    "json": "JSON",
    "ring": "two shares, 0 to 1",
}


def pages() -> dict[str, str]:
    kinds = sorted(records(), key=lambda model: str(model._meta.verbose_name_plural).lower())
    made = {f"collections/{file_of(model)}.md": collection(model) for model in kinds}
    return {"fields.md": fields_page(kinds), "flows.md": flows(kinds), **made}


def routes() -> list[Any]:
    """The REST routes, reached as the site reaches them."""
    return next(part.url_patterns for part in get_resolver().url_patterns if str(part.pattern) == "api/v1/")


@cache
def viewsets() -> dict[type[Record], type[RecordViewSet]]:
    """The endpoints of every kind of record that has them, read from the routes."""
    found = {}
    for route in routes():
        view = getattr(getattr(route, "callback", None), "cls", None)
        if isinstance(view, type) and issubclass(view, RecordViewSet):
            found[view.model] = view
    return found


def file_of(model: type[Record]) -> str:
    view = viewsets().get(model)
    return view.path if view else str(model._meta.verbose_name_plural).lower().replace(" ", "-")


def fields_page(kinds: list[type[Record]]) -> str:
    rows = []
    for model in kinds:
        view = viewsets().get(model)
        plural = capital(str(model._meta.verbose_name_plural))
        address = code(f"/api/v1/{view.path}/") if view else "pages only"
        rows.append((f"[{plural}](collections/{file_of(model)}.md)", code(f"{model.PREFIX}-"), address, said(model)))
    return page(
        "Records and their fields",
        "Every kind of record has a page here. An id in an address is the key or the number: `12` or `SYS-12`. "
        "Fields end in `_on` (days) and `_at` (instants). A reference is read as an id, with the name beside it in "
        "`<field>_name`; it is written as an id or a number.",
        table(("Records", "Number", "REST", "What"), rows),
        section("What every record has", table(("Field", "Label", "Type"), map(kernel, KERNEL))),
    )


KERNEL = ("id", "number", "version", "created_at", "changed_at", "origin", "origin_detail", "retired_at")


def kernel(name: str) -> tuple[str, str, str]:
    column = columns(next(iter(viewsets())))[name]
    return code(name), column.label, TYPES[column.shape]


def said(model: type[Record]) -> str:
    return (model.__doc__ or "").split("\n", 1)[0]


def collection(model: type[Record]) -> str:
    known = [column for column in columns(model).values() if column.name not in KERNEL]
    shown = [column for column in known if not (column.name.endswith("_name") and column.name[:-5] in columns(model))]
    named = [(column, choices(column)) for column in shown if column.choices]
    view = viewsets().get(model)
    lead = f"{said(model)} Numbers begin with `{model.PREFIX}-`."
    lead += f" REST: `/api/v1/{view.path}/`." if view else " It has pages and no REST collection in this version."
    return page(
        capital(str(model._meta.verbose_name_plural)),
        lead,
        section(
            "Fields",
            "Besides [what every record has](../fields.md#what-every-record-has).",
            table(("Field", "Label", "Type", "Required", "Set by", "Note"), [field(model, column) for column in shown]),
        ),
        section("Codes", *(section(code(c.name), table(("Code", "Label"), rows), level=3) for c, rows in named)),
        section("What the database refuses", rules(model)),
        section("Filters", *filters(view)) if view else "",
        section("Verbs", *verbs(model, view)),
    )


def field(model: type[Record], column: Column) -> tuple[str, ...]:
    shape = serializers.of_record(model)().fields[column.name]
    writable = column.name in model.fields_to_set()
    by = "`add`" if column.name in model.BIRTH else "`add`, `change`"
    note = column.help
    if column.name in model.BIRTH:
        note = f"{note} Later moved by verbs only.".strip()
    if permission := group_of(model, column.name):
        note = f"{note} Seen with `{permission}` only.".strip()
    return (
        code(column.name), column.label, type_of(model, column), "yes" if writable and shape.required else "",
        by if writable else "read-only", note,
    )  # fmt: skip


def group_of(model: type[Record], name: str) -> str:
    """The permission without which a field is not seen; empty where whoever sees the record sees it."""
    groups = FIELD_GROUPS.items()
    return next((right for right, kinds in groups if name in kinds.get(model._meta.label_lower, ())), "")


def type_of(model: type[Record], column: Column) -> str:
    if column.shape in {"reference", "references"}:
        noun = str(column.related._meta.verbose_name)
        return f"reference to {noun}" if column.shape == "reference" else f"list of references to {noun}"
    item: Any = next((item for item in model._meta.concrete_fields if item.name == column.name), None)
    longest = getattr(item, "max_length", None) if column.shape in {"text", "long"} else None
    if isinstance(item, fields.URLField):
        return f"http(s) address, at most {longest}"
    return f"{TYPES[column.shape]}, at most {longest}" if longest else TYPES[column.shape]


def choices(column: Column) -> list[tuple[str, str]]:
    return [(code(value), str(label)) for value, label in column.choices.items()]


def rules(model: type[Record]) -> str:
    """What the database itself refuses, in the words of the refusal."""
    said = [str(constraint.get_violation_error_message()) for constraint in model._meta.constraints]
    said += [
        f"{item.verbose_name} is unique."
        for item in model._meta.concrete_fields
        if item.unique and not item.primary_key
    ]
    return "\n".join(f"- {capital(sentence)}" for sentence in said)


def filters(view: type[RecordViewSet]) -> list[str]:
    by_column: dict[str, list[str]] = {}
    for name, asked in view.filterset_class.base_filters.items():
        by_column.setdefault(asked.column.name, []).append(name)
    known = columns(view.model)
    rows = [
        (known[name].label, TYPES.get(known[name].shape, known[name].shape), codes(names))
        for name, names in by_column.items()
    ]
    return [
        "Several codes or ids go together with commas; `-` asks for empty. Dates may be relative: `today`, `+90d`, "
        "`-2w`. `q` searches for words; `retired` is `false`, `true` or `all`.",
        table(("Field", "Type", "Parameters"), rows),
        f"Order by (`ordering`, with `-` for the other way): {codes((*view.filterset_class.sort, 'id'))}; first by"
        f" `{view.filterset_class.sort[0]}` where nothing is said.",
    ]


def verbs(model: type[Record], view: type[RecordViewSet] | None) -> list[str]:
    rows = []
    for verb in model.OPERATIONS:
        moves = model.FLOW.moves.get(verb)
        rows.append(
            (
                code(verb), words_of(verb).label, arguments.explanation(model, verb), asks(model, verb),
                codes(moves[0]) if moves else "", code(moves[1]) if moves and moves[1] else "",
                code(" ".join(PERMISSIONS[engine.name(model, verb)].split())) or "nobody",
            )
        )  # fmt: skip
    lead = "`add` is a POST to the collection and `change` a PATCH of the record; every other verb is a POST to"
    address = f"{lead} `/api/v1/{view.path}/<id>/<verb>/`. " if view else ""
    more = further(view) if view else []
    also = f"Also: {codes(more)}." if more else ""
    return [
        f"{address}Required arguments are bold. [Permissions in words](../permissions.md).",
        table(("Verb", "Button", "What", "Asks", "From", "To", "Granted by"), rows),
        also,
    ]


def asks(model: type[Record], verb: str) -> str:
    if verb in {"add", "change"}:
        return "fields"
    told = []
    for asked in arguments.arguments(model, verb):
        kind = str(asked.related._meta.verbose_name) if asked.related else TYPES.get(asked.shape, asked.shape)
        name = f"**`{asked.name}`**" if asked.required else code(asked.name)
        told.append(f"{name} ({kind})")
    return ", ".join(told)


def further(view: type[RecordViewSet]) -> list[str]:
    """Addresses of the kind beyond list, detail and verbs."""
    usual = {"list", "detail", *view.model.OPERATIONS}
    start = f"api-{view.model._meta.model_name}-"
    return [
        "/api/v1/" + str(route.pattern).replace("<record:key>", "<id>")
        for route in routes()
        if (name := getattr(route, "name", "") or "").startswith(start) and name.removeprefix(start) not in usual
    ]


def flows(kinds: list[type[Record]]) -> str:
    moving = [model for model in kinds if model.FLOW.moves]
    return page(
        "States and moves",
        "A verb that is not listed here is possible in every state. A retired record takes `restore` and comments, "
        "and the verbs named with it; everything else waits until it is restored.",
        *(flow(model) for model in moving),
    )


def flow(model: type[Record]) -> str:
    states = {str(value): str(label) for value, label in model._meta.get_field(model.STATE).flatchoices}
    tones = {str(state): tone for state, tone in model.TONES.items()}
    moves = model.FLOW.moves
    lines = [
        f"    {state} --> {after or state}: {words_of(verb).label}"
        for verb, (before, after) in moves.items()
        for state in before
    ]
    extra = sorted(model.WHEN_RETIRED - Record.WHEN_RETIRED)
    return section(
        capital(str(model._meta.verbose_name)),
        f"State: `{model.STATE}`." + (f" When retired also: {codes(extra)}." if extra else ""),
        table(
            ("State", "Label", "Tone"), [(code(state), label, tones.get(state, "")) for state, label in states.items()]
        ),
        table(
            ("Verb", "Button", "From", "To"),
            [
                (code(verb), words_of(verb).label, codes(before), code(after) if after else "stays")
                for verb, (before, after) in moves.items()
            ],
        ),
        block("mermaid", ["stateDiagram-v2", *(f"    {s}: {label}" for s, label in states.items()), *lines]),
    )
