"""The rows of a bulk act on their way: what is asked, what is found, what becomes of it."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from martech.errors import by_field
from martech.operations import Record


@dataclass(slots=True)
class Row:
    """What one record shall be: a new one without `key`, else a change of that one.

    `fields` are named as in `add` and `change`; related records are keys. `version`: refuse another one. `ref` is what
    a source calls the record, as (source, external id).
    """

    fields: dict[str, Any]
    key: int | None = None
    version: int | None = None
    ref: tuple[str, str] | None = None


@dataclass(slots=True)
class Result:
    """What became of a row: `created`, `changed`, `unchanged` or `error` with sentences by field.

    `changes` are as the trail keeps them. `version` is the record's version read (dry) or left.
    """

    outcome: str
    key: int | None = None
    version: int = 0
    text: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


class Work:
    """One row on its way."""

    def __init__(self, row: Row, record: Record | None) -> None:
        self.row = row
        self.record: Any = record
        self.adding = row.key is None
        self.verb = "add" if self.adding else "change"
        self.before: dict[str, Any] = {}
        self.touched: set[str] = set()
        self.difference: dict[str, list[Any]] = {}
        self.changes: dict[str, list[Any]] = {}
        self.links: dict[str, tuple[set[Any], list[Any]]] = {}
        self.new_ref: tuple[str, str] | None = None
        self.errors: dict[str, list[str]] = {}
        self.outcome = "created" if self.adding else "changed"

    @property
    def going(self) -> bool:
        return self.outcome in {"created", "changed"}

    def fail(self, error: Exception | str, name: str = "__all__") -> None:
        self.outcome = "error"
        told = by_field(error) if isinstance(error, ValidationError) else {name: [str(error)]}
        for where, sentences in told.items():
            self.errors.setdefault(where, []).extend(sentences)

    def result(self) -> Result:
        record = self.record
        return Result(
            self.outcome,
            key=record.pk if record is not None and self.outcome != "error" else self.row.key,
            version=record.version if record is not None else 0,
            text=str(record) if record is not None and (record.pk or not self.errors) else "",
            changes=self.changes if self.going else {},
            errors=self.errors,
        )
