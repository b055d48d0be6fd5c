"""What a source sends: each item read strictly, its references found, all in a few statements however many there are.

A bad item says what is wrong with it and stops nobody else.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.db.models.functions import Lower

from martech.columns import Column, columns
from martech.keys import numbered
from martech.operations import Record
from martech.permissions import engine

MOST = 5000
"""Items in one call."""
LONGEST_ID, LONGEST_SOURCE = 200, 60
MOST_LISTED = 200
NEW = "new"
OURS = ("external_id", "external_ids", "same_as")
"""What an item has beside the fields of its record."""
NO_FIELD, READ_ONLY, MISSING = "There is no such field.", "This is read-only.", "There is no such record."


@dataclass(slots=True)
class Item:
    """One record as a source knows it.

    `fields` are named as in `add`; `same_as` is empty, `new`, or the key of the record meant; `refs` are further names
    (source, external id) of the record.
    """

    place: int
    raw: Any
    external_id: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    same_as: str | int = ""
    refs: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def fail(self, name: str, sentence: str) -> None:
        self.errors.setdefault(name, []).append(sentence)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A related record named by what the source calls it, or a person named by e-mail: found for all items at once."""

    related: type[Model]
    external_id: str = ""
    email: str = ""


class Reader:
    """Reads the items of one source for one kind of record, as this person may set its fields."""

    def __init__(self, model: type[Record], source: str, by: Any) -> None:
        self.model, self.source, self.by = model, source, by

    def read(self, raw: Sequence[Any]) -> list[Item]:
        """The items in their order, with what is wrong with them."""
        items = [self._item(place, one) for place, one in enumerate(raw)]
        self._find(items)
        met: dict[str, int] = {}
        for item in items:
            if item.external_id and met.setdefault(item.external_id, item.place) != item.place:
                item.fail("external_id", f"Item {met[item.external_id] + 1} has this id already.")
        return items

    @cached_property
    def fields(self) -> dict[str, Column]:
        """The fields a source may set: those of `add` that are hidden from this person on no row."""
        hidden = engine.hidden_fields(self.by, self.model) | engine.field_conditions(self.by, self.model).keys()
        takes = self.model.fields_to_set() - hidden
        return {name: column for name, column in columns(self.model).items() if name in takes and name not in OURS}

    def _item(self, place: int, raw: Any) -> Item:
        item = Item(place, raw)
        if not isinstance(raw, dict):
            item.fail("non_field", "Send an object.")
            return item
        for name in OURS:
            if name in raw or name == "external_id":
                self._try(item, name, lambda name=name: self._ours(item, name, raw.get(name)))
        for name, value in raw.items():
            column = self.fields.get(name)
            if column is not None:
                self._try(item, name, lambda n=name, c=column, v=value: item.fields.update({n: self.value(c, v)}))
            elif name not in OURS:
                item.fail(name, READ_ONLY if name in columns(self.model) and self._shown(name) else NO_FIELD)
        return item

    def _shown(self, name: str) -> bool:
        return name not in engine.hidden_fields(self.by, self.model)

    @staticmethod
    def _try(item: Item, name: str, step: Callable[[], Any]) -> None:
        try:
            step()
        except ValidationError as error:
            item.fail(name, " ".join(error.messages))

    def _ours(self, item: Item, name: str, value: Any) -> None:
        if name == "external_id":
            item.external_id = external_id(value)
        elif name == "same_as" and value is not None:
            item.same_as = NEW if value == NEW else self._key(self.model, value)
        elif name == "external_ids" and value is not None:
            if not isinstance(value, list) or len(value) > MOST_LISTED:
                raise ValidationError(f"Send a list of at most {MOST_LISTED}.")
            for one in value:
                if not isinstance(one, dict) or set(one) != {"source", "external_id"}:
                    raise ValidationError('Each is {"source": ..., "external_id": ...}.')
                item.refs.append((source_name(one["source"]), external_id(one["external_id"])))

    def value(self, column: Column, value: Any) -> Any:
        """A value as `add` takes it; null is what the field is when nothing is known."""
        item: Any = self.model._meta.get_field(column.name)
        if value is None:
            if not (item.null or item.blank):
                raise ValidationError("This is needed.")
            return None if item.null else [] if column.shape in LISTS else ""
        if column.shape == "references":
            return [self._related(item.related_model, one) for one in listed(value)]
        if column.shape == "reference":
            return self._related(item.related_model, value)
        read = READERS.get(column.shape)
        if read is None:
            raise ValidationError(READ_ONLY)
        return read(value)

    def _related(self, related: type[Model], value: Any) -> Any:
        if isinstance(value, dict) and set(value) == {"external_id"}:
            return Wanted(related, external_id=external_id(value["external_id"]))
        if isinstance(value, str) and "@" in value and hasattr(related, "EMAIL_FIELD"):
            return Wanted(related, email=value.strip().lower())
        return self._key(related, value)

    def _key(self, related: type[Model], value: Any) -> int:
        prefix = getattr(related, "PREFIX", "")
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63:
            return value
        found = numbered(value, prefix) if isinstance(value, str) else None
        if found is None:
            raise ValidationError(f'Give an id, a number such as {prefix}-12, or {{"external_id": ...}}.')
        return found

    def _find(self, items: Iterable[Item]) -> None:
        """Put keys where items name records as the source does: one statement for ids, one for addresses."""
        wanted = {one for item in items for value in item.fields.values() for one in self._named(value)}
        if not wanted:
            return
        found: dict[Wanted, int] = {}
        ids: dict[type[Model], set[str]] = defaultdict(set)
        for one in wanted:
            ids[one.related].add(one.external_id)
        refs = apps.get_model("records.ExternalRef").objects.filter(
            source=self.source,
            kind__in=[related._meta.label_lower for related in ids],
            external_id__in=set().union(*ids.values()) - {""},
        )
        for kind, key, name in refs.values_list("kind", "key", "external_id"):
            found[Wanted(apps.get_model(kind), external_id=name)] = key
        for related in {one.related for one in wanted if one.email}:
            addresses = {one.email for one in wanted if one.related is related}
            rows: Any = related._base_manager.annotate(address=Lower("email")).filter(address__in=addresses)
            found.update({Wanted(related, email=address): key for key, address in rows.values_list("pk", "address")})
        self._follow(found)
        for item in items:
            for name, value in item.fields.items():
                if any(one not in found for one in self._named(value)):
                    item.fail(name, MISSING)
                elif isinstance(value, Wanted):
                    item.fields[name] = found[value]
                elif isinstance(value, list):
                    item.fields[name] = [found[one] if isinstance(one, Wanted) else one for one in value]

    @staticmethod
    def _named(value: Any) -> list[Wanted]:
        return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Wanted)]

    @staticmethod
    def _follow(found: dict[Wanted, int]) -> None:
        """Records that were merged since answer through those they were merged into."""
        for related in {one.related for one in found}:
            if any(item.name == "merged_into" for item in related._meta.concrete_fields):
                ours = {one: key for one, key in found.items() if one.related is related}
                into = survivors(related, set(ours.values()))
                found.update({one: into.get(key, key) for one, key in ours.items()})


def survivors(model: type[Model], keys: set[int]) -> dict[int, int]:
    """Of these records those that were merged: key -> the record that answers for it now."""
    if not any(item.name == "merged_into" for item in model._meta.concrete_fields):
        return {}
    into: dict[int, int] = {}
    asked = keys
    while asked:
        rows = model._base_manager.filter(pk__in=asked, merged_into__isnull=False)
        met = dict(rows.values_list("pk", "merged_into"))
        into.update(met)
        asked = set(met.values()) - into.keys()
    made = {}
    for key in keys & into.keys():
        last = key
        while last in into:
            last = into[last]
        made[key] = last
    return made


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationError("Not a valid string.")
    return value.strip()


def whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 31:
        raise ValidationError("A whole number is needed, from 0 to 2147483647.")
    return value


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError("Say true or false.")
    return value


def day(value: Any) -> date:
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise ValidationError("Give a date such as 2026-05-03.")


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_LISTED:
        raise ValidationError(f"Send a list of at most {MOST_LISTED}.")
    return value


def texts(value: Any) -> list[str]:
    return [text(one) for one in listed(value)]


def choice(value: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else text(value)


def external_id(value: Any) -> str:
    """What a source calls a record: text, or a whole number as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValidationError("This is needed.")
    if len(value.strip()) > LONGEST_ID:
        raise ValidationError(f"At most {LONGEST_ID} characters.")
    return value.strip()


def source_name(value: Any) -> str:
    """The name of a source."""
    if not isinstance(value, str) or not value.strip():
        raise ValidationError("This is needed.")
    if len(value.strip()) > LONGEST_SOURCE:
        raise ValidationError(f"At most {LONGEST_SOURCE} characters.")
    return value.strip()


LISTS = frozenset({"lines", "codes", "references"})
READERS: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "long": text,
    "choice": choice,
    "lines": texts,
    "codes": texts,
    "number": whole,
    "bool": truth,
    "date": day,
}
