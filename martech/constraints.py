"""What a database will not take: refused beforehand, or told in the words of the constraint and never in its own."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError

NUL = "Leave out the NUL character."


def explained(record: Any, error: IntegrityError) -> ValidationError:
    """What the record's user is told; the field to blame is named by the record's BLAMES."""
    text = str(error)
    for constraint in record._meta.constraints:
        fields = list(getattr(constraint, "fields", ()))
        items: list[Any] = [record._meta.get_field(name) for name in fields]
        columns = ", ".join(f"{record._meta.db_table}.{item.column}" for item in items)
        if constraint.name in text or (columns and text.endswith(f"UNIQUE constraint failed: {columns}")):
            message = constraint.get_violation_error_message()
            return ValidationError({record.BLAMES.get(constraint.name, "__all__"): message})
    for item in record._meta.concrete_fields:
        if (item.unique and f"{record._meta.db_table}.{item.column}" in text) or f"({item.column})=" in text:
            return ValidationError({item.name: f"There is already one with this {item.verbose_name}."})
    return ValidationError("What was sent does not fit what is already there.")


def keepable(record: Any, untouched: list[str]) -> None:
    """No text that was touched holds a NUL: one database ends there, another refuses the statement."""
    held = {item.name: getattr(record, item.attname) for item in record._meta.concrete_fields}
    texts = {name: value if isinstance(value, list) else [value] for name, value in held.items()}
    bad = [name for name in texts.keys() - set(untouched) if any(isinstance(t, str) and "\0" in t for t in texts[name])]
    if bad:
        raise ValidationError(dict.fromkeys(bad, NUL))
