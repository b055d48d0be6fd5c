"""Where a column of a file can go: the fields of a kind of record, and the field a heading most likely means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from martech.columns import columns
from martech.folding import fold
from martech.operations import Record
from martech.permissions import engine

KINDS = (
    "inventory.vendor",
    "inventory.system",
    "inventory.contract",
    "inventory.integration",
    "inventory.assurance",
)
"""What can be imported."""

KEYS = {
    "number": "Our number",
    "external_id": "Their id (with the name of the source)",
    "name": "Name, ignoring case and space",
    "name_vendor": "Name and vendor",
    "domain": "Web domain",
    "none": "Nothing: every row is a new record",
}

# Headings people use, folded: field -> words. A field's own name and label come first.
SPOKEN: dict[str, tuple[str, ...]] = {
    "number": ("id", "no", "no.", "number", "record", "interlock id", "interlock number"),
    "external_id": ("external id", "external number", "their id", "source id", "erp id", "vendor id"),
    "name": (
        "title", "company", "company name", "vendor name", "supplier", "supplier name", "product", "product name",
        "system name", "application", "application name", "tool", "tool name", "software", "standard name",
    ),
    "website": ("web", "web site", "homepage", "home page", "url", "web address", "site"),
    "url": ("web", "website", "web site", "homepage", "link", "web address", "login page"),
    "description": ("notes", "comment", "comments", "remarks", "summary", "purpose", "about"),
    "vendor": ("supplier", "manufacturer", "maker", "publisher", "provider", "company"),
    "lifecycle": ("status", "state", "stage", "phase", "life cycle", "approval status"),
    "hosting": ("deployment", "deployment type", "deployment model", "hosted", "hosting type"),
    "business_owner": ("owner", "product owner", "responsible"),
    "technical_owner": ("it owner", "administrator", "admin", "tech owner"),
    "owning_function": ("department", "function", "team", "business unit", "owned by"),
    "relationship_owner": ("owner", "vendor manager", "account owner", "contact person"),
    "user_count": ("users", "number of users", "user count", "seats used"),
    "primary_capability": ("capability", "main capability"),
    "categories": ("category", "categories", "segment"),
    "aliases": ("alias", "other names", "former names", "synonyms", "aka"),
    "country": ("country code", "iso country"),
    "source": ("source system", "from system"),
    "target": ("target system", "destination", "to system"),
    "reference": ("contract number", "contract id", "agreement number", "po number", "their reference"),
    "systems": ("system", "systems covered", "applications", "tools"),
    "start_on": ("start", "start date", "valid from", "effective date", "begins"),
    "initial_months": ("initial term", "term", "term months", "initial term months", "duration"),
    "initial_until": ("end", "end date", "ends", "valid until", "expiry", "expiration date"),
    "renewal_mode": ("renewal", "auto renewal", "renewal type"),
    "renewal_months": ("renewal term", "renewal months", "extension"),
    "notice_period": ("notice", "cancellation period"),
    "notice_unit": ("unit of notice", "notice in"),
    "uplift_cap": ("uplift cap", "uplift", "price cap", "price increase cap"),
    "seats": ("licenses", "seat count", "quantity"),
    "expires_on": ("expiry", "expires", "expiration date", "valid until", "valid to", "end date"),
    "issued_on": ("issued", "issue date", "valid from", "start date"),
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One place a column can go. `shape` as in martech.columns; `clears`: an empty cell may make it `cleared`."""

    name: str
    label: str
    shape: str
    choices: Mapping[Any, str] = field(default_factory=dict, hash=False)
    related: Any = None
    clears: bool = True
    cleared: Any = ""
    help: str = ""


def model_of(kind: str) -> type[Record]:
    """The model of an importable kind."""
    return apps.get_model(kind)  # type: ignore[return-value]


def kinds(actor: Any) -> list[tuple[str, str]]:
    """The kinds this person may add, with their names in the plural."""
    found = []
    for kind in KINDS:
        model = model_of(kind)
        if engine.condition(actor, engine.name(model, "add")) is not False:
            plural = str(model._meta.verbose_name_plural)
            found.append((kind, plural[:1].upper() + plural[1:]))
    return found


def targets(model: type[Record], actor: Any) -> dict[str, Target]:
    """The places for columns of this kind, for this person: number, their id, then the fields that can be set."""
    masked = engine.hidden_fields(actor, model) | engine.field_conditions(actor, model).keys()
    made = [
        Target("number", f"Our number (such as {model.PREFIX}-12)", "number", clears=False),
        Target("external_id", "Their id, in the source", "text", clears=False),
    ]
    for column in columns(model).values():
        if column.editable and column.name not in masked and column.shape not in {"json", "instant"}:
            item: Any = model._meta.get_field(column.name)
            clears = bool(item.blank) and column.name not in model.BIRTH and column.shape != "bool"
            cleared: Any = [] if column.shape in {"lines", "codes", "references"} else None if item.null else ""
            made.append(
                Target(
                    column.name,
                    column.label,
                    column.shape,
                    column.choices,
                    column.related,
                    clears,
                    cleared,
                    column.help,
                )
            )
    return {target.name: target for target in made}


def keys(model: type[Record]) -> dict[str, str]:
    """The ways to tell which record a row means, for this kind."""
    fields = {item.name for item in model._meta.concrete_fields}
    fit = {"name": "name" in fields, "name_vendor": {"name", "vendor"} <= fields, "domain": "domain" in fields}
    return {key: label for key, label in KEYS.items() if fit.get(key, True)}


def suggested(header: Iterable[str], places: Mapping[str, Target]) -> dict[str, str]:
    """Column -> the field its heading names, each field once; columns that name none are left out."""
    named: dict[str, str] = {}
    ways = (
        lambda place: {place.name, place.name.replace("_", " ")},
        lambda place: {fold(place.label)},
        lambda place: set(SPOKEN.get(place.name, ())),
    )
    columns_left = list(header)
    for way in ways:
        for place in places.values():
            if place.name in named.values():
                continue
            words = way(place)
            column = next((one for one in columns_left if one not in named and fold(one) in words), None)
            if column is not None:
                named[column] = place.name
    return {column: named[column] for column in columns_left if column in named}


def suggested_key(columns: Mapping[str, str], model: type[Record]) -> str:
    """The surest key that the mapped columns allow; empty where none does."""
    mapped = set(columns.values())
    for key in keys(model):
        if needs(key) and needs(key) <= mapped:
            return key
    return ""


def needs(key: str) -> set[str]:
    """The fields a key reads."""
    return {"name_vendor": {"name", "vendor"}, "domain": {"website"}, "none": set()}.get(key, {key})
