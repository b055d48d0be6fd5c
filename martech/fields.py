"""Two kinds of list in one column: codes of a choice, and lines of text."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models


class Listed(models.TextField):
    """A list in one text column; empty where nothing is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(blank=True, default=list)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["blank"], kwargs["default"]
        return name, path, args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> list[str]:
        return self.to_python(value)

    def value_to_string(self, obj: Any) -> str:
        return self.get_prep_value(self.value_from_object(obj))


class Codes(Listed):
    """Several codes of `codes` (value, label), kept as `,a,b,`, read as a list in the order of the choice."""

    def __init__(self, *args: Any, codes: Any = (), **kwargs: Any) -> None:
        self.codes = tuple(codes)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> list[str]:
        if not value:
            return []
        if isinstance(value, list | tuple | set):
            chosen = {str(code) for code in value}
            known = [str(code) for code, _ in self.codes]
            return [code for code in known if code in chosen] + sorted(chosen - set(known))
        return [code for code in (value or "").split(",") if code]

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        codes = self.to_python(value)
        return f",{','.join(codes)}," if codes else ""

    def clean(self, value: Any, model_instance: Any) -> list[str]:
        codes = self.to_python(value)
        unknown = set(codes) - {str(code) for code, _ in self.codes}
        if unknown:
            raise ValidationError(f"{', '.join(sorted(unknown))} is not one of the choices.")
        return codes

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            choices=self.codes,
            required=False,
            label=self.verbose_name,
            help_text=self.help_text,
            widget=forms.CheckboxSelectMultiple,
        )


class Lines(Listed):
    """Several short texts, one a line; read as a list without blanks and repeats."""

    MOST = 200

    def to_python(self, value: Any) -> list[str]:
        if not value:
            return []
        lines = value if isinstance(value, list | tuple) else (value or "").splitlines()
        return list(dict.fromkeys(line for line in (" ".join(str(line).split()) for line in lines) if line))

    def get_prep_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(self.to_python(value))

    def clean(self, value: Any, model_instance: Any) -> list[str]:
        lines = self.to_python(value)
        if len(lines) > self.MOST:
            raise ValidationError(f"At most {self.MOST} lines, not {len(lines)}.")
        if any(len(line) > 200 for line in lines):
            raise ValidationError("A line has at most 200 characters.")
        return lines

    def formfield(self, **kwargs: Any) -> Any:
        return LinesField(required=False, label=self.verbose_name, help_text=self.help_text or "One a line.")


class LinesField(forms.CharField):
    """A textarea with one entry a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        return list(dict.fromkeys(line for line in (" ".join(line.split()) for line in text.splitlines()) if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != self.clean(data or "")
