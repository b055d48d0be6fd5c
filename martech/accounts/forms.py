"""What is asked of people about their own account."""

from datetime import timedelta
from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from martech.accounts.models import Token, User
from martech.operations import Record
from martech.permissions import engine

LONGEST_PASSWORD = 256
PASSWORD_HELP = "At least 12 characters. A few unrelated words in a row are easy to keep and hard to guess."


class OwnWords:
    """Labels and help of the house on a form of allauth's, without placeholders that vanish while typing."""

    WORDS: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.WORDS.items():
            field = self.fields[name]  # type: ignore[attr-defined]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field.widget, forms.PasswordInput):
                field.max_length = LONGEST_PASSWORD
                field.widget.attrs["maxlength"] = LONGEST_PASSWORD
                field.validators.append(shorter)


def shorter(password: str) -> None:
    """Refuse what is longer than any password, before it costs a hash."""
    if len(password) > LONGEST_PASSWORD:
        raise ValidationError(f"A password has at most {LONGEST_PASSWORD} characters.")


class SignIn(OwnWords, allauth.LoginForm):
    WORDS = {"login": ("E-mail", ""), "password": ("Password", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update({"autocomplete": "username", "autofocus": True, "maxlength": 254})


class AskReset(OwnWords, allauth.ResetPasswordForm):
    WORDS = {"email": ("E-mail", "")}

    def clean_email(self) -> str:
        """Only people who may sign in get a letter; the page says the same to everybody."""
        email = str(self.cleaned_data["email"]).strip().lower()
        self.users = [user for user in User.objects.filter(email=email) if user.signs_in]
        return email


class ResetKey(allauth.UserTokenForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.reset_user is not None and not self.reset_user.signs_in:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


class SetPassword(OwnWords, allauth.ResetPasswordKeyForm):
    WORDS = {"password1": ("New password", PASSWORD_HELP), "password2": ("The same again", "")}


class ChangePassword(OwnWords, allauth.ChangePasswordForm):
    WORDS = {
        "oldpassword": ("Present password", ""),
        "password1": ("New password", PASSWORD_HELP),
        "password2": ("New password again", ""),
    }


def kinds_of_record(user: User) -> list[tuple[str, str]]:
    """The kinds of record a token of this person can be narrowed to: (label, name)."""
    kinds = [model for model in apps.get_models() if issubclass(model, Record) and model is not Token]
    seen = [model for model in kinds if engine.condition(user, engine.name(model, "view")) is not False]
    return sorted(
        ((model._meta.label_lower, str(model._meta.verbose_name_plural).capitalize()) for model in seen),
        key=lambda kind: kind[1],
    )


class NewToken(forms.Form):
    """A token for a program, and the password of whoever makes it."""

    name = forms.CharField(label="What uses it", max_length=80, help_text="For example: ERP vendor sync.")
    write = forms.TypedChoiceField(
        label="What it may do",
        choices=[("", "Read"), ("yes", "Read and change what you may change")],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    expires_on = forms.DateField(
        label="Last day it works",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="At most a year ahead.",
    )
    kinds = forms.MultipleChoiceField(
        label="Only these kinds of record",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose none and it reaches every kind that you see.",
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Asked again, because a token acts in your name.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        today = timezone.localdate()
        self.fields["kinds"].choices = kinds_of_record(user)  # type: ignore[attr-defined]
        self.fields["expires_on"].initial = today + timedelta(days=90)
        dates = {"min": today.isoformat(), "max": (today + Token.LONGEST).isoformat()}
        self.fields["expires_on"].widget.attrs.update(dates)

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day < timezone.localdate():
            raise ValidationError("This day is past; choose one from today on.")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not get_adapter().reauthenticate(self.user, cleaned["password"]):
            self.add_error("password", get_adapter().validation_error("incorrect_password"))
        return cleaned
