"""How a list is asked, by a person or a machine: filters, search and order from allow-lists, compiled once.

A filter set names the fields of its model; the operators follow from the field. Only the parameters that are there
are looked at; one that is not on the list is an error, never ignored.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from martech.columns import Column, columns
from martech.folding import fold
from martech.keys import key, numbered
from martech.permissions import engine
from martech.statements import WHOLE, Slot, pattern

RESERVED = frozenset(
    {"q", "ordering", "retired", "limit", "offset", "cursor", "fields", "format", "count", "page", "columns", "view"}
)
LONGEST_SEARCH = 200
MOST_KEYS = 1000


def truth(text: str) -> bool:
    if text.lower() not in {"true", "false", "1", "0", "yes", "no"}:
        raise ValidationError("Say true or false.")
    return text.lower() in {"true", "1", "yes"}


def day(text: str) -> date:
    """A date, or one relative to today: `today`, `+90d`, `-2w`, `+6m` (30 days each)."""
    match = re.fullmatch(r"([+-]?)(\d{1,4})([dwm])", text.replace(" ", "+", 1) if text[:1] == " " else text)
    if text == "today":
        return timezone.localdate()
    if match:
        days = int(match[2]) * {"d": 1, "w": 7, "m": 30}[match[3]]
        return timezone.localdate() + timedelta(days=-days if match[1] == "-" else days)
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError("Give a date such as 2026-05-03, or one like +90d.")
    return found


def whole(text: str) -> int:
    if not re.fullmatch(r"-?\d{1,15}", text):
        raise ValidationError("Give a whole number.")
    return int(text)


Form = tuple[str, Any]
"""How a parameter asks, and what of it is the same for everybody: hashable."""
DAY, TEXT = models.DateField(), models.TextField()


@dataclass(frozen=True)
class Question:
    """What a list is asked, but for the values: lists of one question are read by one statement."""

    parts: tuple[tuple[str, Form], ...]
    words: int
    retired: str
    order: tuple[str, ...]


class Asked(django_filters.Filter):
    """One parameter: how its text is read, and the condition it makes."""

    def __init__(self, column: Column, operator: str = "", *, label: str = "", model: Any = None) -> None:
        super().__init__(field_name=column.name, lookup_expr=operator or "exact", label=label or column.label)
        self.column, self.operator, self.kind = column, operator, model

    def read(self, text: str, actor: Any) -> tuple["Form", list[Any]]:
        """What a parameter's text asks: its form, and the values that go into it.

        What comes from a settled list, such as codes, belongs to the form; what may be anything is a value. Raises
        ValidationError where the text makes no sense.
        """
        shape = self.column.shape
        if self.operator == "isnull" or (text == "-" and not self.column.where):
            return ("blank", text == "-" or truth(text)), []
        if shape in {"date", "instant"}:
            return ("day", None), [day(text)]
        if shape == "number":
            return ("number", None), [whole(text)]
        if shape == "bool":
            return ("is", truth(text)), []
        if shape in {"choice", "codes"}:
            return ("codes", self._codes(text)), []
        if shape == "named":
            source, colon, name = text.partition(":")
            if not (colon and source.strip() and name.strip()):
                raise ValidationError("Give the source and its id with a colon between, such as erp:V-1.")
            return ("named", None), [source.strip(), name.strip()]
        if shape in {"reference", "references"}:
            named = re.findall(r"\(([A-Z]{2,3}-\d{1,18})\)", text) or text.split(",")
            if len(named) > MOST_KEYS:
                raise ValidationError(f"Name at most {MOST_KEYS} records.")
            keys = [self._key(part, actor) for part in named]
            if shape == "references":
                hidden = engine.untold(actor, self.column.related._base_manager.filter(pk__in=keys))
                keys = [key for key in keys if key not in set(hidden.values_list("pk", flat=True))] or [0]
            return (("key", None), keys) if len(keys) == 1 else (("keys", tuple(keys)), [])
        return ("text", text[:LONGEST_SEARCH]), []

    def condition(self, form: "Form", values: Iterator[Any], today: Any) -> Q:
        """The condition of a form; `values` gives what `read` found, or slots for it; `today` the day, or its slot."""
        path, (kind, told) = self.column.name, form
        if self.column.where:
            return self.column.where(told, today)
        if kind == "blank":
            return self._blank() if told else ~self._blank()
        if kind == "day":
            part = "__date" if self.column.shape == "instant" else ""
            return Q(**{f"{path}{part}__{self.operator}": next(values)})
        if kind == "number":
            return Q(**{f"{path}__{self.operator or 'exact'}": next(values)})
        if kind == "is":
            return Q(**{path: told})
        if kind == "key":
            return self._linking("", next(values)) if self.column.shape == "references" else Q(**{path: next(values)})
        if kind == "named":
            return self._called(next(values), next(values))
        if kind == "keys" and self.column.shape == "references":
            return self._linking("__in", told)
        if kind == "keys" or (kind == "codes" and self.column.shape == "choice"):
            return Q(**{f"{path}__in": told})
        if kind == "codes":
            return reduce(or_, (Q(**{f"{path}__contains": f",{code},"}) for code in told))
        return Q(**{f"{path}__{self.operator or 'iexact'}": told})

    def slots(self, form: "Form") -> list["models.Field[Any, Any]"]:
        """The fields of the values that a form takes."""
        takes: dict[str, models.Field[Any, Any]] = {"day": DAY, "number": WHOLE, "key": WHOLE}
        return [TEXT, TEXT] if form[0] == "named" else [takes[form[0]]] if form[0] in takes else []

    def _called(self, source: Any, name: Any) -> Q:
        """The record a source calls so, or the one it was merged into since."""
        refs = apps.get_model("records.ExternalRef").objects
        keys = refs.filter(kind=self.kind._meta.label_lower, source=source, external_id=name).values("key")
        if not any(item.name == "merged_into" for item in self.kind._meta.concrete_fields):
            return Q(pk__in=keys)
        merged = self.kind._base_manager.filter(pk__in=keys).values("merged_into")
        return Q(pk__in=keys) | Q(pk__in=merged)

    def _linking(self, operator: str, told: Any) -> Q:
        """A list of references that names one of these; never a join, which would tell a record once for each."""
        item: Any = self.kind._meta.get_field(self.column.name)
        links = item.remote_field.through._base_manager.filter(**{f"{item.m2m_reverse_field_name()}{operator}": told})
        return Q(pk__in=links.values(item.m2m_field_name()))

    def _blank(self) -> Q:
        path, shape = self.column.name, self.column.shape
        if shape == "references":
            return ~self._linking("__isnull", told=False)
        if shape == "named":
            refs = apps.get_model("records.ExternalRef").objects
            return ~Q(pk__in=refs.filter(kind=self.kind._meta.label_lower).values("key"))
        whole = shape == "choice" and all(isinstance(code, int) for code in self.column.choices)
        if whole or shape not in {"text", "long", "choice", "codes", "lines"}:
            return Q(**{f"{path}__isnull": True})
        if shape == "choice" and "" not in self.column.choices:
            return Q(**{f"{path}__isnull": True}) | Q(**{path: ""})
        return Q(**{path: ""})

    def _codes(self, text: str) -> tuple[Any, ...]:
        codes = text.split(",")
        known = {str(code): code for code in self.column.choices}
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise ValidationError(f"{unknown[0]!r:.60} is not one of {', '.join(known)}.")
        return tuple(known[code] for code in codes)

    def _key(self, part: str, actor: Any) -> int:
        if part == "me":
            return int(actor.pk)
        part = part.rpartition("(")[2].rstrip(")").strip()
        prefix = getattr(self.column.related, "PREFIX", "")
        found = numbered(part, prefix) if prefix else key(part)
        if found is None:
            raise ValidationError(f"Give an id or a number such as {prefix or 'SYS'}-12.")
        return found


OPERATORS = {
    "text": ("", "icontains", "isnull"),
    "long": ("icontains", "isnull"),
    "lines": ("icontains", "isnull"),
    "choice": ("", "isnull"),
    "codes": ("", "isnull"),
    "number": ("", "gte", "lte", "isnull"),
    "bool": ("",),
    "date": ("gte", "lte", "isnull"),
    "instant": ("gte", "lte", "isnull"),
    "reference": ("", "isnull"),
    "references": ("", "isnull"),
    "named": ("",),
}


PARAMETERS = {"external_ids": "external_id"}
"""Columns that are asked for by another name."""


class Filters(django_filters.FilterSet):
    """Base of every filter set. `Meta.fields` names columns; `sort` what may be ordered by, the default first."""

    sort: tuple[str, ...] = ("name",)

    @classmethod
    def get_filters(cls) -> "OrderedDict[str, Asked]":
        made: OrderedDict[str, Asked] = OrderedDict()
        if cls._meta.model is None:
            return made
        known = columns(cls._meta.model)
        named = ("external_ids",) if "external_ids" in known else ()
        for name in (*cls._meta.fields, *named, "origin", "created_at", "changed_at"):
            for operator in ("",) if known[name].where else OPERATORS[known[name].shape]:
                asked = f"{name}__{operator}" if operator else PARAMETERS.get(name, name)
                made[asked] = Asked(known[name], operator, model=cls._meta.model)
        return made

    @classmethod
    def narrow(cls, rows: "QuerySet[Any]", asked: Mapping[str, Any], actor: Any) -> "QuerySet[Any]":
        """The rows the parameters ask for, in the order they ask for; ValidationError by parameter."""
        question, values = cls.read(asked, actor)
        return rows.filter(cls.where(question, iter(values), actor)).order_by(*question.order)

    @classmethod
    def joined(cls, asked: QueryDict) -> QueryDict:
        """The parameters as `read` takes them: several values of one that takes a list may also come one by one."""
        twice = {name: values for name, values in asked.lists() if len(values) > 1 and cls.takes_several(name)}
        if not twice:
            return asked
        made = asked.copy()
        for name, values in twice.items():
            made[name] = ",".join(values)
        return made

    @classmethod
    def takes_several(cls, name: str) -> bool:
        """Whether a parameter takes several values, with commas."""
        asks = cls.base_filters.get(name)
        if asks is None:
            return name in {"ordering", "fields"}
        return not asks.operator and asks.column.shape in {"choice", "codes", "reference", "references"}

    @classmethod
    def read(cls, asked: Mapping[str, Any], actor: Any) -> tuple[Question, list[Any]]:
        """The question the parameters ask, and its values in their order; ValidationError by parameter."""
        errors: dict[str, list[str]] = {}
        parts: list[tuple[str, Form]] = []
        given: list[Any] = []
        hidden = engine.hidden_fields(actor, cls._meta.model)
        for name in asked:
            values = asked.getlist(name) if hasattr(asked, "getlist") else [asked[name]]
            asks = cls.base_filters.get(name)
            if name in RESERVED and len(values) == 1:
                continue
            if (asks is None and name not in RESERVED) or (asks and asks.column.name in hidden):
                errors[name] = ["There is no such parameter."]
            elif len(values) > 1:
                errors[name] = ["Give this once; several values go together with commas."]
            elif asks and values[0] != "":
                try:
                    form, found = asks.read(values[0], actor)
                except ValidationError as error:
                    errors[name] = error.messages
                else:
                    parts.append((name, form))
                    given += found
        text = fold(str(asked.get("q", "")))
        if len(text) > LONGEST_SEARCH or "\0" in text:
            errors["q"] = [f"Search for at most {LONGEST_SEARCH} characters."]
        order = cls.order(str(asked.get("ordering", "")), errors, hidden)
        retired = str(asked.get("retired", "") or "false")
        if retired not in {"true", "false", "all"}:
            errors["retired"] = ["Say true, false or all."]
        if errors:
            raise ValidationError(errors)
        words = list(dict.fromkeys(text.split()[:12]))
        return Question(tuple(parts), len(words), retired, tuple(order)), [*given, *map(pattern, words)]

    @classmethod
    def where(cls, question: Question, values: Iterator[Any], actor: Any) -> Q:
        """What must hold of the rows, for an actor or the shape of one; `values` as `read` gives them, or slots."""
        masked = engine.field_conditions(actor, cls._meta.model)
        held = Q()
        for name, form in question.parts:
            asks = cls.base_filters[name]
            held &= asks.condition(form, values, engine.today(actor))
            if asks.column.name in masked:
                held &= masked[asks.column.name]
        for _ in range(question.words):
            held &= Q(lookup__holds=next(values))
        return held if question.retired == "all" else held & Q(retired_at__isnull=question.retired == "false")

    @classmethod
    def slots(cls, question: Question) -> list[Slot]:
        """A slot for each value of a question, named by its place."""
        fields = [each for name, form in question.parts for each in cls.base_filters[name].slots(form)]
        return [Slot(str(place), each) for place, each in enumerate([*fields, *[TEXT] * question.words])]

    @classmethod
    def order(cls, asked: str, errors: dict[str, list[str]], hidden: frozenset[str]) -> list[str]:
        """The names to order by, always ending in the key so that pages never overlap."""
        wanted = [name for name in asked.split(",") if name] or [cls.sort[0]]
        known = columns(cls._meta.model)
        made = []
        for name in wanted:
            bare = name.removeprefix("-")
            if bare not in (*cls.sort, "id", "number") or bare in hidden:
                errors["ordering"] = [f"Order by {', '.join(cls.sort)} or id."]
                continue
            column = known[bare]
            path = f"{bare}_name" if column.shape == "reference" else bare
            made.append(("-" if name.startswith("-") else "") + known[path].paths[0])
        return [*made, "-pk" if wanted[0].startswith("-") else "pk"]
