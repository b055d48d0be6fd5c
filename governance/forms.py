"""Forms of governance that are more than the fields of one record. Shape only: every rule is the record's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from governance import letters
from governance.models import Handover, HandoverItem
from inventory.models import System
from martech.accounts.models import User
from martech.imports.reading import ENCODINGS, MAX_BYTES
from martech.web.forms import RecordField

TOO_LARGE = f"The file is larger than {MAX_BYTES >> 20} MB. Split it and import the parts."


def system_named(text: str, actor: Any) -> System | None:
    """The system in use that a name or number means, of those somebody sees; ValidationError where there is none."""
    found: System | None = RecordField(System, actor, required=False).clean(text.replace("\0", ""))
    return found


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


class GridFile(forms.Form):
    """A file with letters, the system it is about where it names none, and from which day they count."""

    file = forms.FileField(
        label="The file",
        help_text="CSV or XLSX: activities by people and functions, or the matrix across systems as it is exported.",
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    system = forms.CharField(
        label="System",
        required=False,
        max_length=200,
        help_text="Where the file has no column for it: name or number.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-suggest": "/suggest/inventory.system/"}),
    )
    on = forms.DateField(
        label="From", required=False, help_text="Empty: from today.", widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label="Reason", required=False, max_length=300)
    complete = forms.BooleanField(
        label="The file is complete: who is not named for an activity loses their letters for it",
        required=False,
    )
    encoding = forms.ChoiceField(
        label="Encoding",
        required=False,
        choices=[("", "Find out"), *ENCODINGS.items()],
        help_text="Where names with accents look wrong.",
    )

    def refuse(self) -> None:
        """The upload was cut off at its limit."""
        self.is_bound = True
        self.full_clean()
        self.errors.pop("file", None)
        self.add_error("file", TOO_LARGE)

    def clean_on(self) -> Any:
        day = self.cleaned_data["on"] or timezone.localdate()
        if not letters.meant(day):
            raise ValidationError("Give a day of this century.")
        return day

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file
