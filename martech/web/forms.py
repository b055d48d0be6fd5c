"""Forms are for shape only: what a field looks like and how its text is read. Every rule is the record's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from martech.arguments import Argument
from martech.fields import Codes
from martech.folding import fold
from martech.keys import key, numbered
from martech.operations import Record
from martech.permissions import engine

SHORT = 60
"""A kind with at most this many unretired records is offered as a list to choose from; a longer one by typing."""


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class RecordField(forms.CharField):
    """A record by number or name, with suggestions while typing; works as plain text without script."""

    def __init__(self, model: type[Record], actor: Any, kept: Any = (), **kwargs: Any) -> None:
        self.model, self.actor, self.kept = model, actor, kept
        kwargs.pop("limit_choices_to", None)
        super().__init__(max_length=240, strip=True, **kwargs)
        self.widget.attrs.update({"data-suggest": f"/suggest/{model._meta.label_lower}/", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.model._base_manager.filter(pk=value).first()
        elif isinstance(value, str) and value.startswith(f"{self.model.PREFIX}-"):
            number = numbered(value, self.model.PREFIX)
            value = (number and choosable(self.model, self.actor).filter(pk=number).first()) or value
        return f"{value} ({value.number})" if isinstance(value, Record) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        rows = choosable(self.model, self.actor, self.kept)
        number = text.rpartition("(")[2].rstrip(")").strip() if text.endswith(")") else text
        key = numbered(number.upper(), self.model.PREFIX)
        if key is not None:
            found = rows.filter(pk=key).first()
            if found is not None:
                return found
        name = "email" if "@" in text and hasattr(self.model, "email") else "name"
        matches = [
            row for row in rows.filter(lookup__contains=fold(text))[:50] if fold(getattr(row, name)) == fold(text)
        ]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise ValidationError(
                f"Several are called “{text}”: {', '.join(row.number for row in matches[:5])}. Give the number."
            )
        raise ValidationError(f"Nothing here is called “{text}”.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            found = self.clean(data)
        except ValidationError:
            return True
        return getattr(found, "pk", None) != getattr(initial, "pk", initial)


def choosable(model: type[Record], actor: Any, kept: Any = ()) -> Any:
    """Records somebody may choose: seen and not retired, or standing there already (`kept`, keys)."""
    return engine.scope(actor, model._base_manager.filter(models.Q(retired_at=None) | models.Q(pk__in=kept)))


def reference(model: type[Record], actor: Any, kept: Any = None, **kwargs: Any) -> forms.Field:
    """A field for one related record: a list where the kind is short, suggestions where it is long."""
    rows = choosable(model, actor, [kept])
    if model._meta.label_lower in CHOSEN and rows.count() <= SHORT:
        return forms.ModelChoiceField(rows.order_by("name"), empty_label="", **kwargs)
    return RecordField(model, actor, [kept], **kwargs)


def references(model: type[Record], actor: Any, linked: Any = None, **kwargs: Any) -> forms.Field:
    """A field for several related records: check boxes where the kind is short, lines to write where it may be long."""
    kept = linked.values("pk") if linked is not None else ()
    rows = choosable(model, actor, kept)
    if model._meta.label_lower in LONG and rows[: SHORT + 1].count() > SHORT:
        return RecordsField(model, actor, [row["pk"] for row in kept], **kwargs)
    return GroupedChoices(rows.order_by("name"), **kwargs)


LONG = frozenset({"inventory.system"})
"""Kinds of which there may be thousands, where several are named."""
MOST_LINES = 200
CHOSEN = frozenset({"accounts.function", "calendars.calendar", "inventory.dataobject"})


class GroupedChoices(forms.ModelMultipleChoiceField):
    """Several related records as check boxes."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        """What an address names by number is chosen already."""
        prefix = self.queryset.model.PREFIX
        if isinstance(value, str) and value.startswith(f"{prefix}-"):
            value = [numbered(value, prefix)]
        return super().prepare_value(value)

    def clean(self, value: Any) -> Any:
        for text in value or ():
            if key(str(text)) is None:
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": text})
        return super().clean(value)


class Lines(forms.Textarea):
    """A line for each record; ticks of the same field, of a page drawn while the kind was short, are lines too."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return "\n".join(data.getlist(name)) if hasattr(data, "getlist") else data.get(name)


class RecordsField(forms.CharField):
    """Several records of a long kind by number or name, each on a line of its own."""

    widget = Lines(attrs={"rows": 3})

    def __init__(self, model: type[Record], actor: Any, kept: Any = (), **kwargs: Any) -> None:
        self.one = RecordField(model, actor, kept, required=False)
        super().__init__(max_length=50_000, strip=True, **kwargs)
        said = "Each on a line of its own, by number or name."
        self.help_text = f"{self.help_text} {said}".strip()

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return "\n".join(str(self.one.prepare_value(row)) for row in value)
        return self.one.prepare_value(value)

    def clean(self, value: Any) -> Any:
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Name at most {MOST_LINES} records.")
        return list({row.pk: row for row in map(self.one.clean, lines)}.values())


class RecordForm(forms.BaseForm):
    """The form of `add` and `change`: the fields of one kind of record that this actor may set."""

    base_fields: dict[str, forms.Field] = {}

    def __init__(
        self, model: type[Record], names: tuple[str, ...], actor: Any, record: Record | None = None, **kwargs: Any
    ):
        hidden = engine.hidden_fields(actor, model)
        self.model, self.actor, self.record = model, actor, record
        hidden |= _unseen(record, names, actor) if record else frozenset()
        self.names = tuple(name for name in names if name not in hidden and not (record and name in model.BIRTH))
        self.base_fields = {name: self._field(name) for name in self.names}
        if record is not None:
            self.base_fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=record.version)
            kwargs["initial"] = {**{name: _initial(record, name) for name in self.names}, **kwargs.get("initial", {})}
            self._say_sources(record)
        super().__init__(**kwargs)

    def _say_sources(self, record: Record) -> None:
        """Beside a field that a source set: which one, and what a change by hand means."""
        for name, source in record.field_sources.items():
            field = self.base_fields.get(name)
            if field is not None and source:
                said = f"Set by {source}. What you change here is yours: {source} no longer overwrites it."
                field.help_text = f"{field.help_text} {said}".strip()

    def _field(self, name: str) -> forms.Field:
        item: Any = self.model._meta.get_field(name)
        label = str(item.verbose_name)
        common = {"label": label[:1].upper() + label[1:], "help_text": item.help_text, "required": not item.blank}
        if item.many_to_many:
            return references(
                item.related_model, self.actor, getattr(self.record, name) if self.record else None, **common
            )
        if item.is_relation:
            return reference(item.related_model, self.actor, getattr(self.record, item.attname, None), **common)
        if isinstance(item, models.DateField):
            return forms.DateField(widget=DateInput(), **common)
        made = item.formfield()
        made.label = common["label"]
        if isinstance(item, models.TextField) and not isinstance(item, Codes):
            made.widget.attrs.setdefault("rows", 3)
        if isinstance(item, models.CharField) and item.choices:
            made.initial = item.get_default() if item.has_default() else ""
        return made

    def changed(self, against: dict[str, Any]) -> dict[str, Any]:
        """The fields whose cleaned value differs from what the person saw."""
        return {
            name: self.cleaned_data[name] for name in self.names if not same(self.cleaned_data[name], against[name])
        }

    def values(self) -> dict[str, Any]:
        """What `add` takes: everything that was filled in."""
        return {name: _plain(self.cleaned_data[name]) for name in self.names if not _blank(self.cleaned_data[name])}

    def tell(self, error: ValidationError) -> None:
        """Show a record's refusal at the fields it names."""
        tell(self, error)


def _unseen(record: Record, names: tuple[str, ...], actor: Any) -> frozenset[str]:
    """References of the record to something this actor may not see: the form says nothing of them and keeps them."""
    unseen = set()
    for item in (record._meta.get_field(name) for name in names):
        related: Any = item.related_model
        if not related or isinstance(engine.condition(actor, engine.name(related, "view")), bool):
            continue
        key = getattr(record, item.attname)  # type: ignore[union-attr]
        linked = key.all() if item.many_to_many else related._base_manager.filter(pk=key)
        if linked.exclude(pk__in=engine.scope(actor, linked).values("pk")).exists():
            unseen.add(item.name)
    return frozenset(unseen)


def tell(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a ValidationError into a bound form; what names no field of the form goes on top."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for name, lines in by_field.items():
        form.add_error(name if name in form.fields else None, ValidationError(lines).messages)


def same(one: Any, other: Any) -> bool:
    """Whether a cleaned value and a record's value are the same."""
    if hasattr(one, "model") or (isinstance(other, list) and other and isinstance(other[0], Record)):
        return {getattr(row, "pk", row) for row in one} == {getattr(row, "pk", row) for row in other}
    one, other = getattr(one, "pk", one), getattr(other, "pk", other)
    return one == other or (one in ("", None) and other in ("", None)) or (not one and other == [])


def _initial(record: Record, name: str) -> Any:
    item = record._meta.get_field(name)
    return list(getattr(record, name).all()) if item.many_to_many else getattr(record, name)


def _blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or (hasattr(value, "exists") and not value.exists())


def _plain(value: Any) -> Any:
    return list(value) if hasattr(value, "model") and not isinstance(value, Record) else value


def argument_field(argument: Argument, actor: Any) -> forms.Field:
    """The form field of one argument of an operation."""
    common: dict[str, Any] = {"label": argument.label, "required": argument.required, "help_text": argument.help}
    if argument.related is not None:
        return reference(argument.related, actor, **common)
    if argument.shape == "choice":
        choices = argument.choices if argument.required else (("", "—"), *argument.choices)
        coerce = int if argument.choices and isinstance(argument.choices[0][0], int) else str
        return forms.TypedChoiceField(choices=choices, coerce=coerce, empty_value=None, **common)
    if argument.shape == "date":
        return forms.DateField(widget=DateInput(), **common)
    if argument.shape == "instant":
        return forms.DateTimeField(widget=forms.DateTimeInput(attrs={"type": "datetime-local"}), **common)
    if argument.shape == "number":
        return forms.IntegerField(min_value=0, max_value=2**31 - 1, **common)
    if argument.shape == "bool":
        return forms.BooleanField(**{**common, "required": False})
    if argument.shape == "long":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=10_000, **common)
    return forms.CharField(max_length=500, **common)


class ActForm(forms.BaseForm):
    """The form of one operation, made from its arguments."""

    base_fields: dict[str, forms.Field] = {}

    def __init__(self, arguments: tuple[Argument, ...], actor: Any, version: int, **kwargs: Any) -> None:
        self.base_fields = {argument.name: argument_field(argument, actor) for argument in arguments}
        self.base_fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=version, required=False)
        super().__init__(**kwargs)

    def values(self) -> dict[str, Any]:
        """The arguments that were given."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version" and not _blank(value)}
