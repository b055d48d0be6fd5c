"""Who: people and service accounts, the functions they belong to, and the tokens they give to programs."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from martech.operations import NOW, Record, acting, begin, operation, record_entry
from martech.permissions.engine import Limits
from martech.permissions.table import ROLES


class Together(models.Func):
    """Every row of a subquery as one text, with commas between."""

    function = "GROUP_CONCAT"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


def role_names(person: str) -> models.Subquery:
    """The names of a person's roles as one column; `person` is the outer row's way to the person's key."""
    given = Group.objects.filter(members=models.OuterRef(person)).order_by()
    return models.Subquery(given.values(names=Together("name", models.Value(","))))


def initials(name: str) -> str:
    """The first letters of the first and the last part of a name."""
    parts = name.split()
    return "".join(part[:1] for part in (parts[:1] + parts[1:][-1:])).upper()


def half(kind: str) -> str:
    """The half of the ring a function of this kind stands for: IT and security are technology, all others business."""
    return "" if not kind else "technology" if kind in {"it", "security"} else "business"


class People(BaseUserManager["User"]):
    """The table of people."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.alias(address=Lower("email")).get(address=(username or "").strip().lower())

    def with_roles(self) -> "models.QuerySet[User]":
        """People whose `roles` cost no further query."""
        return self.annotate(role_names=role_names("pk"))

    def create_user(self, email: str, **fields: Any) -> "User":
        """For set-up only: the first administrator and the jobs' own account have nobody to act for them."""
        user = self.model(email=email.strip().lower(), **fields)
        user.lookup = user.searched()
        user.set_unusable_password()
        user.save()
        return user


class User(AbstractBaseUser, Record):
    """A person who signs in by e-mail, or a service account that only programs use."""

    PREFIX = "PER"
    SEARCH = ("name", "email", "title")
    SECRET = ("password",)
    STATE = "kind"
    KEPT = True
    BLAMES = {"user_email": "email"}

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        SERVICE = "service", "Service account"

    class Theme(models.TextChoices):
        AUTO = "auto", "As my device"
        LIGHT = "light", "Light"
        DARK = "dark", "Dark"

    email = models.EmailField("e-mail", max_length=254)
    name = models.CharField("name", max_length=120)
    title = models.CharField("job title", max_length=120, blank=True)
    kind = models.CharField("kind", max_length=8, choices=Kind, default=Kind.PERSON)
    function = models.ForeignKey(
        "accounts.Function", models.PROTECT, null=True, blank=True, related_name="people", verbose_name="function"
    )
    deputy = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="deputises_for", verbose_name="deputy"
    )
    calendar = models.ForeignKey(
        "calendars.Calendar",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="working hours",
        help_text="Empty: the organisation's.",
    )
    is_active = models.BooleanField("may sign in", default=True, editable=False)
    theme = models.CharField("theme", max_length=5, choices=Theme, default=Theme.AUTO, editable=False)
    groups = models.ManyToManyField(Group, blank=True, related_name="members", verbose_name="roles", editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = People()

    class Meta(Record.Meta):
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="user_email", violation_error_message="Somebody has this e-mail already."
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="user_name")]

    limits: Limits | None = None
    """Set by token authentication: what the token narrows the owner's rights to."""

    @cached_property
    def roles(self) -> frozenset[str]:
        """The standing roles given to this person; read with the row itself where `with_roles` brought them."""
        names = self.__dict__.get("role_names", False)
        if names is False:
            return frozenset(self.groups.values_list("name", flat=True)).intersection(ROLES)
        return frozenset((names or "").split(",")).intersection(ROLES)

    @property
    def standing(self) -> frozenset[str]:
        if not self.is_active or self.retired_at:
            return frozenset()
        return self.roles | {"member"} if self.roles else frozenset()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def display_name(self) -> str:
        return self.name or self.email

    @property
    def present(self) -> bool:
        """Can be asked today: active and not retired."""
        return self.is_active and not self.retired_at

    @property
    def signs_in(self) -> bool:
        """May open a session: a person who is present. Service accounts act by tokens alone."""
        return self.present and self.kind == self.Kind.PERSON

    @property
    def initials(self) -> str:
        return initials(self.display_name)

    @classmethod
    def fields_to_set(cls) -> frozenset[str]:
        return super().fields_to_set() - {"password", "last_login"}

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """Somebody new, without a usable password until they choose one by the reset mail."""
        person = cls()
        person.set_unusable_password()
        return begin(person, by=by, at=at, note=note, **fields)

    def clean(self) -> None:
        self.email = self.email.strip().lower()
        self.name = " ".join(self.name.split())
        if self.deputy_id and self.deputy_id == self.pk:
            raise ValidationError({"deputy": "Nobody stands in for themselves."})

    @operation
    def grant(self, *, by: "User", role: str, at: datetime = NOW, note: str = "") -> None:
        """Give a standing role; it counts from the next request."""
        if role not in ROLES:
            raise ValidationError({"role": f"{role} is no role."})
        self.groups.add(Group.objects.get(name=role))
        self._forget_roles()

    @operation
    def revoke(self, *, by: "User", role: str, at: datetime = NOW, note: str = "") -> None:
        """Take a standing role away; it counts from the next request."""
        self.groups.remove(*Group.objects.filter(name=role))
        self._forget_roles()

    @operation
    def retire(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """The person leaves: sign-in, sessions and tokens end at once."""
        self.retired_at, self.is_active = at, False
        self._end_sessions()

    @operation
    def restore(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        self.retired_at, self.is_active = None, True

    @operation
    def sign_out_everywhere(self, *, by: "User", at: datetime = NOW) -> None:
        """End every session of this person."""
        self._end_sessions()

    @operation
    def choose_theme(self, *, by: "User", theme: str) -> None:
        self.theme = theme

    def _forget_roles(self) -> None:
        for name in ("roles", "role_names"):
            self.__dict__.pop(name, None)

    def choose_password(self, *, by: "User", password: str, at: datetime = NOW) -> "User":
        """One's own new password; every session ends. No operation: it needs no role, and leaves no picture."""
        if by.pk != self.pk or not self.signs_in:
            raise PermissionDenied
        with acting(by, at) as act:
            self.set_password(password)
            self.save(update_fields=["password"])
            self._end_sessions()
            record_entry(self, act, "choose_password", {}, "")
        return self

    def _end_sessions(self) -> None:
        mine = UserSession.objects.filter(user=self)
        keys = mine.values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(keys)).delete()
        mine.delete()


class Function(Record):
    """A function of the organisation: an editable tree, each with a head, a deputy and a kind."""

    PREFIX = "FUN"
    SEARCH = ("name", "description")
    BLAMES = {"function_name": "name"}

    class Kind(models.TextChoices):
        MARKETING = "marketing", "Marketing"
        IT = "it", "IT"
        SALES = "sales", "Sales"
        FINANCE = "finance", "Finance"
        LEGAL = "legal", "Legal"
        SECURITY = "security", "Security"
        PROCUREMENT = "procurement", "Procurement"
        SERVICE = "service", "Customer service"
        OPERATIONS = "operations", "Operations"
        OTHER = "other", "Other"

    name = models.CharField("name", max_length=120)
    kind = models.CharField("kind", max_length=12, choices=Kind, default=Kind.OTHER)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="part of"
    )
    head = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="heads", verbose_name="head")
    deputy = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="deputy_head_of", verbose_name="deputy head"
    )
    description = models.TextField("what it does", blank=True)

    class Meta(Record.Meta):
        verbose_name = "function"
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                condition=models.Q(retired_at=None),
                name="function_name",
                violation_error_message="There is a function of this name already.",
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="function_name_order")]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        above, seen = self.parent, {self.pk}
        while above is not None and self.pk:
            if above.pk in seen:
                raise ValidationError({"parent": f"{above.name} is part of {self.name}."})
            seen.add(above.pk)
            above = above.parent


@dataclass(frozen=True)
class Narrowing:
    """How a token narrows its holder's rights. `kinds` empty means every kind of record."""

    write: bool
    kinds: tuple[str, ...]

    @property
    def narrowing(self) -> Self:
        return self

    def allow(self, label: str, verb: str) -> bool:
        """Whether a verb on a kind of record is let through; tokens never make tokens."""
        if label == "accounts.token" and verb != "view":
            return False
        if label == "webhooks.webhook" and verb != "view" and self.kinds:
            return False  # a webhook is told of every kind
        return (verb == "view" or self.write) and (not self.kinds or label in self.kinds)


class Token(Record):
    """A secret by which a program acts as its holder, with less right and never more.

    The secret is `ilk_` and 43 characters; only its SHA-256 is kept. `kinds` empty means every kind of record.
    """

    PREFIX = "TOK"
    LONGEST = timedelta(days=366)
    WHEN_RETIRED = Record.WHEN_RETIRED - {"restore"}

    user = models.ForeignKey(
        User, models.PROTECT, blank=True, related_name="tokens", verbose_name="acts as", help_text="Empty: yourself."
    )
    name = models.CharField("name", max_length=80, help_text="What uses it, e.g. ERP vendor sync.")
    write = models.BooleanField("may change records", default=False)
    kinds = models.JSONField("kinds of record", default=list, blank=True)
    expires_on = models.DateField("expires", blank=True, help_text="Empty: in 90 days. At most 366 days ahead.")
    prefix = models.CharField("begins with", max_length=12, editable=False)
    digest = models.CharField("digest", max_length=64, unique=True, editable=False)
    last_used_at = models.DateTimeField("last used", null=True, blank=True, editable=False)

    SECRET = ("digest",)
    secret: str = ""
    """The whole secret: on the instance that `add` returns, and nowhere else ever."""

    class Meta(Record.Meta):
        verbose_name = "API token"
        indexes = [models.Index(fields=["user", "id"], name="token_user")]

    @classmethod
    def add(cls, *, by: User, at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A new token; its `secret` is shown this once. Only one's own, or an administrator's service account."""
        user = fields.pop("user", None) or by
        user = user if isinstance(user, User) else User.objects.filter(pk=user).first() or by
        if user.pk != by.pk and not (user.kind == User.Kind.SERVICE and "administrator" in by.standing):
            raise PermissionDenied
        secret = f"ilk_{secrets.token_urlsafe(32)}"
        token = cls(prefix=secret[:8], digest=cls.digest_of(secret))
        fields.setdefault("expires_on", timezone.localdate(at or timezone.now()) + timedelta(days=90))
        begin(token, by=by, at=at, note=note, user=user, **fields)
        token.secret = secret
        return token

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    def clean(self) -> None:
        if self.expires_on and self.expires_on > timezone.localdate(self.created_at) + self.LONGEST:
            raise ValidationError({"expires_on": "A token lives at most 366 days."})
        known = {model._meta.label_lower for model in Record.__subclasses__()}
        if not isinstance(self.kinds, list) or not all(isinstance(kind, str) and kind in known for kind in self.kinds):
            raise ValidationError({"kinds": "Name kinds of record such as inventory.vendor."})

    @property
    def narrowing(self) -> Narrowing:
        return Narrowing(self.write, tuple(self.kinds))

    def allow(self, label: str, verb: str) -> bool:
        return self.narrowing.allow(label, verb)


def job_account() -> User:
    """The account that scheduled work acts as."""
    return User.objects.get(email=settings.JOB_ACCOUNT)
