"""Columns of a webhook that are lists, and how a form asks for them without a script."""

from typing import Any

from django import forms

from martech.fields import Lines
from martech.webhooks import events

SPARE = 2
"""Empty rows offered beside those that are filled."""


class EventsWidget(forms.CheckboxSelectMultiple):
    """Check boxes in words, folded by kind of record; open where something is chosen."""

    template_name = "webhooks/widgets/events.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["groups"] = [
            {"heading": heading, "options": options, "chosen": sum(one["selected"] for one in options)}
            for heading, options, _ in context["widget"]["optgroups"]
        ]
        return context


class EventsField(forms.MultipleChoiceField):
    """Patterns of events; what REST has put in beyond the list is offered as well, so that saving keeps it."""

    widget = EventsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=events.patterns, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        listed = {pattern for _, told in events.patterns() for pattern, _ in told}
        if more := [pattern for pattern in value or () if pattern in events.known() and pattern not in listed]:
            first, *rest = events.patterns()
            self.choices = [(first[0], [*first[1], *((each, events.known()[each]) for each in more)]), *rest]
        return value

    def valid_value(self, value: str) -> bool:
        return value in events.known()


class PairsWidget(forms.Widget):
    """Rows of a field to choose and a value beside it, kept as lines `kind.field=value`."""

    template_name = "webhooks/widgets/pairs.html"
    use_fieldset = True

    def __init__(self, choices: Any, words: tuple[str, str], number: bool = False) -> None:
        super().__init__()
        self.choices, self.words, self.number = choices, words, number

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [events.split(line) for line in value or ()]
        return {
            **context,
            "rows": [*rows, *[("", "")] * SPARE],
            "choices": self.choices(),
            "words": self.words,
            "number": self.number,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        if hasattr(data, "getlist"):
            chosen, values = data.getlist(f"{name}_field"), data.getlist(f"{name}_value")
        else:
            chosen, values = data.get(f"{name}_field", []), data.get(f"{name}_value", [])
        values = [*values, *[""] * (len(chosen) - len(values))]
        return [
            f"{one}={value.strip()}" if value.strip() else one
            for one, value in zip(chosen, values, strict=False)
            if one
        ]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}_field" not in data


class PairsField(forms.Field):
    """The lines of such rows; whether each makes sense, the record says."""

    def clean(self, value: Any) -> list[str]:
        return list(value or ())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.clean(data)


class Patterns(Lines):
    """Patterns of events."""

    def formfield(self, **kwargs: Any) -> Any:
        return EventsField(required=False, label=self.verbose_name, help_text=self.help_text)


class Conditions(Lines):
    """Fields that change, each with what it has to become, or without."""

    def formfield(self, **kwargs: Any) -> Any:
        widget = PairsWidget(events.fields, ("Field", "becomes, or empty: any change"))
        return PairsField(required=False, label=self.verbose_name, help_text=self.help_text, widget=widget)


class Days(Lines):
    """Dates of records, each with the days before it."""

    def formfield(self, **kwargs: Any) -> Any:
        widget = PairsWidget(events.days, ("Date", "days before"), number=True)
        return PairsField(required=False, label=self.verbose_name, help_text=self.help_text, widget=widget)
