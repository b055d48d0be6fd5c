"""The day that an address or a form names."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone


def day_given(text: str) -> date:
    """The day a text such as 2026-05-03 means, today where it is empty; ValidationError at `on` for anything else."""
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise ValidationError({"on": "Give a day such as 2026-05-03."}) from None


def day_shown(text: str) -> date:
    """The same for a page that only shows: what cannot be read is today, and the page says which day it took."""
    try:
        return day_given(text)
    except ValidationError:
        return timezone.localdate()
