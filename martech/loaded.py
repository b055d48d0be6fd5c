"""Records as the database gave them, made without Django’s `__init__`, which sets sixty columns one by one."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, Self

from django.db import models
from django.db.models.base import ModelState


class Loaded(models.Model):
    """A whole row is what its record holds in one step, at a quarter of the time; nobody listens to `post_init`."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Sequence[Any]) -> Self:
        names = attributes(cls)
        if len(values) != len(names):  # some columns are left for later
            return super().from_db(db, field_names, values)
        made = cls.__new__(cls)
        state = ModelState()
        state.adding, state.db = False, db
        made.__dict__.update(zip(names, values, strict=True), _state=state)
        return made


@cache
def attributes(model: type[models.Model]) -> tuple[str, ...]:
    """The attributes of a whole row."""
    return tuple(item.attname for item in model._meta.concrete_fields)
