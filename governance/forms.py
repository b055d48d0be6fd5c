"""Forms of governance that are more than the fields of one record. Shape only: every rule is the record's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from governance.models import Handover, HandoverItem
from martech.accounts.models import User
from martech.web.forms import RecordField


class PersonField(RecordField):
    """A person by name or number; what was found for one text is known to every field of the form."""

    def __init__(self, found: dict[str, Any], actor: Any, **kwargs: Any) -> None:
        super().__init__(User, actor, **kwargs)
        self.found = found

    def clean(self, value: Any) -> Any:
        text = str(value or "").strip()
        if text not in self.found:
            self.found[text] = super().clean(value)
        return self.found[text]


class SuccessorsForm(forms.BaseForm):
    """Everything somebody who left held, each thing with its successor to be named."""

    base_fields: dict[str, forms.Field] = {}

    def __init__(self, handover: Handover, items: list[HandoverItem], actor: Any, **kwargs: Any) -> None:
        found: dict[str, Any] = {}
        self.items = items
        self.base_fields = {
            self.name(item): PersonField(
                found,
                actor,
                label=f"Successor of number {item.pk}",
                initial=item.successor,
                required=False,
            )
            for item in items
        }
        self.base_fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=handover.version)
        super().__init__(**kwargs)

    @staticmethod
    def name(item: HandoverItem) -> str:
        return f"successor-{item.pk}"

    def field(self, item: HandoverItem) -> Any:
        """The field that stands in an item's row."""
        return self[self.name(item)]

    def successors(self) -> dict[int, Any]:
        """Key of the item -> the person named, or None."""
        return {item.pk: self.cleaned_data[self.name(item)] for item in self.items}

    def tell(self, error: ValidationError) -> None:
        """Show what the record refuses at the rows it names, by the keys of their items."""
        told = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for key, lines in told.items():
            name = f"successor-{key}"
            self.add_error(name if name in self.fields else None, ValidationError(lines).messages)
